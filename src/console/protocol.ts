import type { Holding } from '../bytes/budget.ts';
import { concat } from '../bytes/bytes.ts';
import { fromUtf8Lossy, utf8 } from '../bytes/utf8.ts';

/**
 * The console protocol, between a terminal's end (`signet console`, `login`, `run`) and the daemon. Both directions are frames:
 *
 *     type u8, length u32 big-endian, payload of at most 64 KiB
 *
 * The first frame of the terminal's end is `hello`; the last of the daemon's is `exit`, unless the daemon itself ends. An `input` frame
 * without bytes is the end of input. `output` is for standard output, `error` for standard error (a script's errors, a refusal).
 */
export const protocolVersion = 3;

/** The most bytes that a frame's payload may have. */
export const longestPayload = 65_536;

/** TERM is cut to so many bytes. */
const longestTerminalName = 255;

/** An address is cut to so many bytes. */
const longestAddress = 64;

/**
 * What the other end is for: a script that comes from a pipe, a person's console, a console for whoever gives a name and a password, the
 * accounts that users have on the machine, the router's files by SFTP. New ones are put at the end, and get a new version of the protocol.
 */
export const purposes = ['script', 'console', 'login', 'accounts', 'files'] as const;

export type Purpose = (typeof purposes)[number];

/** What is at the other end: its purpose, a terminal's size in characters (0 where unknown) and TERM. */
export interface Hello {
  readonly version: number;
  readonly columns: number;
  readonly rows: number;
  readonly purpose: Purpose;
  readonly terminal: string;
  /** The address that it says to be used from, by SSH; "" where it is used at this machine. */
  readonly from: string;
}

export type Frame =
  | ({ readonly type: 'hello' } & Hello)
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'interrupt' }
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | { readonly type: 'error'; readonly bytes: Uint8Array }
  | { readonly type: 'exit'; readonly status: number };

const codes = { hello: 1, input: 2, resize: 3, interrupt: 4, output: 16, error: 17, exit: 18 } as const;

export type ProtocolErrorCode = 'too-long' | 'unknown-type' | 'malformed' | 'version' | 'unexpected' | 'closed';

/** The other end does not keep to the protocol, or is gone (`closed`). */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** The frames that carry `bytes`, each within the limit. */
export function byteFrames(type: 'input' | 'output' | 'error', bytes: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += longestPayload) {
    frames.push(encodeFrame({ type, bytes: bytes.subarray(at, at + longestPayload) }));
  }
  return concat(frames);
}

export function encodeFrame(frame: Frame): Uint8Array {
  const payload = encodePayload(frame);
  if (payload.length > longestPayload) throw new ProtocolError('too-long', `a frame holds at most ${longestPayload} bytes`);
  const bytes = new Uint8Array(5 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, codes[frame.type]);
  view.setUint32(1, payload.length);
  bytes.set(payload, 5);
  return bytes;
}

function encodePayload(frame: Frame): Uint8Array {
  switch (frame.type) {
    case 'hello':
      return encodeHello(frame);
    case 'resize':
      return concat([u16(frame.columns), u16(frame.rows)]);
    case 'interrupt':
      return new Uint8Array(0);
    case 'exit':
      return Uint8Array.of(frame.status);
    default:
      return frame.bytes;
  }
}

function encodeHello({ version, columns, rows, purpose, terminal, from }: Hello): Uint8Array {
  const name = utf8(terminal).subarray(0, longestTerminalName);
  const head = [Uint8Array.of(version), u16(columns), u16(rows), Uint8Array.of(purposes.indexOf(purpose), name.length)];
  return concat([...head, name, utf8(from).subarray(0, longestAddress)]);
}

function decodeHello(payload: Uint8Array): Frame {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  // An unknown version is told to whoever answers: what follows the version may have another shape.
  if (payload.length > 0 && view.getUint8(0) !== protocolVersion)
    return { type: 'hello', version: view.getUint8(0), columns: 0, rows: 0, purpose: 'script', terminal: '', from: '' };
  if (payload.length < 7) throw malformed('hello');
  const purpose = purposes[view.getUint8(5)];
  const end = 7 + view.getUint8(6);
  if (purpose === undefined || payload.length < end || payload.length > end + longestAddress) throw malformed('hello');
  return {
    type: 'hello',
    version: view.getUint8(0),
    columns: view.getUint16(1),
    rows: view.getUint16(3),
    purpose,
    terminal: fromUtf8Lossy(payload.subarray(7, end)),
    from: fromUtf8Lossy(payload.subarray(end)),
  };
}

/** A size beyond what two bytes hold is no size a terminal has. */
function u16(value: number): Uint8Array {
  const size = Math.min(Math.max(Math.trunc(value), 0), 0xffff);
  return Uint8Array.of(size >> 8, size & 0xff);
}

function decodePayload(code: number, payload: Uint8Array): Frame {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (code) {
    case codes.hello:
      return decodeHello(payload);
    case codes.input:
      return { type: 'input', bytes: payload };
    case codes.resize:
      if (payload.length !== 4) throw malformed('resize');
      return { type: 'resize', columns: view.getUint16(0), rows: view.getUint16(2) };
    case codes.interrupt:
      if (payload.length > 0) throw malformed('interrupt');
      return { type: 'interrupt' };
    case codes.output:
      return { type: 'output', bytes: payload };
    case codes.error:
      return { type: 'error', bytes: payload };
    case codes.exit:
      if (payload.length !== 1) throw malformed('exit');
      return { type: 'exit', status: view.getUint8(0) };
    default:
      throw new ProtocolError('unknown-type', `frame type ${code} is not known`);
  }
}

function malformed(type: Frame['type']): ProtocolError {
  return new ProtocolError('malformed', `malformed ${type} frame`);
}

/** Puts frames together from bytes as they arrive. */
export class FrameDecoder {
  readonly #kept: Holding | undefined;
  #pending: Uint8Array = new Uint8Array(0);

  /** @param kept where the bytes are counted that wait here */
  constructor(kept?: Holding) {
    this.#kept = kept;
  }

  /** The frames that `bytes` complete. Throws `ProtocolError`; nothing after that is of use. */
  push(bytes: Uint8Array): Frame[] {
    return [...this.frames(bytes)];
  }

  /** The same, each made when it is asked for: there may be thousands. All are to be taken. Throws `BudgetError`, too. */
  *frames(bytes: Uint8Array): Generator<Frame, void> {
    const whole = this.#pending.length === 0 ? bytes : concat([this.#pending, bytes]);
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    this.#kept?.resize(whole.length);
    let at = 0;
    while (whole.length - at >= 5) {
      const length = view.getUint32(at + 1);
      if (length > longestPayload) throw new ProtocolError('too-long', `a frame holds at most ${longestPayload} bytes`);
      if (whole.length - at - 5 < length) break;
      const end = at + 5 + length;
      yield decodePayload(view.getUint8(at), whole.slice(at + 5, end));
      at = end;
    }
    this.#pending = whole.slice(at);
    this.#kept?.resize(this.#pending.length);
  }

  /** Keeps nothing any more. */
  forget(): void {
    this.#pending = new Uint8Array(0);
    this.#kept?.resize(0);
  }
}
