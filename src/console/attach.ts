import { utf8 } from '../bytes/utf8.ts';
import { type Cancel, Cancelled, CancelSource } from '../platform/cancel.ts';
import type { Connection } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { byteFrames, encodeFrame, type Frame, FrameDecoder, ProtocolError, type Purpose, protocolVersion } from './protocol.ts';
import { pasteMarksOf } from './style.ts';

/** How a terminal is attached to a daemon. */
export interface Attachment {
  readonly purpose: Purpose;
  /** The address of whoever uses the terminal by SSH; "" for somebody at this machine. */
  readonly from: string;
  /** Cancelled when this program is to end. */
  readonly leaving: Cancel;
  /** Waits until a daemon answers again. Throws `Cancelled`. */
  again(cancel: Cancel): Promise<Connection>;
}

/**
 * The terminal's end of a console: a pump of bytes between `terminal` and the daemon. Resolves with the session's exit status. A person
 * whose daemon goes away is told, and gets a new console when it is back, unless they leave by Ctrl-C or Ctrl-D; what is no terminal, or
 * `leaving`, ends it by a `ProtocolError` (`closed`).
 */
export async function attach(connection: Connection, terminal: Terminal, how: Attachment): Promise<number> {
  const keyboard = new Keyboard(terminal);
  for (let daemon = connection; ; ) {
    const status = await talk(daemon, terminal, keyboard, how);
    if (status !== undefined) return status;
    if (!terminal.interactive || how.leaving.cancelled) throw gone();
    await terminal.write(
      utf8(`${pasteMarksOf(terminal.type).off}\r\nThe daemon has ended. Waiting for it to come back; Ctrl-C leaves.\r\n`),
    );
    try {
      daemon = await keyboard.unlessGivenUp(how.leaving, (cancel) => how.again(cancel));
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      throw gone();
    }
    await terminal.write(utf8('The daemon is back.\r\n'));
  }
}

function gone(): ProtocolError {
  return new ProtocolError('closed', 'the daemon has ended');
}

/** Undefined if the daemon went away without a status. */
async function talk(
  connection: Connection,
  terminal: Terminal,
  keyboard: Keyboard,
  { purpose, from }: Attachment,
): Promise<number | undefined> {
  let ended = false;
  // Order on the wire is the order of the calls; a failed write shows as the end of what is read.
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (!ended) await connection.write(bytes).catch(() => undefined);
  };
  const { columns, rows, type } = terminal;
  void send(encodeFrame({ type: 'hello', version: protocolVersion, columns, rows, purpose, terminal: type, from }));
  const ignoreResize = terminal.onResize(() => void send(encodeFrame({ type: 'resize', columns: terminal.columns, rows: terminal.rows })));
  const ignoreInterrupt = terminal.onInterrupt(() => void send(encodeFrame({ type: 'interrupt' })));
  try {
    keyboard.goTo((bytes) => send(bytes === undefined ? endOfInput : byteFrames('input', bytes)));
    return await showOutput(connection, terminal);
  } finally {
    ended = true;
    ignoreResize();
    ignoreInterrupt();
    connection.close();
  }
}

const endOfInput = encodeFrame({ type: 'input', bytes: new Uint8Array(0) });

async function showOutput(connection: Connection, terminal: Terminal): Promise<number | undefined> {
  const decoder = new FrameDecoder();
  for (;;) {
    const bytes = await nextBytes(connection);
    if (bytes === undefined) return undefined;
    for (const frame of decoder.push(bytes)) {
      const status = await show(frame, terminal);
      if (status !== undefined) return status;
    }
  }
}

/** A connection that breaks is one that ended. */
async function nextBytes(connection: Connection): Promise<Uint8Array | undefined> {
  try {
    return await connection.read();
  } catch {
    return undefined;
  }
}

async function show(frame: Frame, terminal: Terminal): Promise<number | undefined> {
  switch (frame.type) {
    case 'output':
      await terminal.write(frame.bytes);
      return undefined;
    case 'error':
      await terminal.writeError(frame.bytes);
      return undefined;
    case 'exit':
      return frame.status;
    default:
      throw new ProtocolError('unexpected', `a daemon sends no ${frame.type} frame`);
  }
}

type Receiver = (bytes: Uint8Array | undefined) => Promise<void>;

/** Ctrl-C and Ctrl-D. */
const farewells = [0x03, 0x04];

/** What is typed at a terminal, which goes to one daemon after another. */
class Keyboard {
  readonly #terminal: Terminal;
  #receiver: Receiver | undefined;
  #ended = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** What is typed from now on goes to `receiver`, and so does the end of it, as undefined. */
  goTo(receiver: Receiver): void {
    const begun = this.#receiver !== undefined;
    this.#receiver = receiver;
    if (!begun) void this.#pump();
    else if (this.#ended) void receiver(undefined);
  }

  /** Waits for `work`, which is cancelled by `leaving` and by a person who leaves; what else they type is dropped. */
  async unlessGivenUp<Result>(leaving: Cancel, work: (cancel: Cancel) => Promise<Result>): Promise<Result> {
    const givenUp = new CancelSource();
    const ignore = leaving.onCancel(() => givenUp.cancel());
    this.goTo((bytes) => {
      if (bytes === undefined || farewells.some((key) => bytes.includes(key))) givenUp.cancel();
      return Promise.resolve();
    });
    try {
      return await work(givenUp);
    } finally {
      ignore();
    }
  }

  async #pump(): Promise<void> {
    while (!this.#ended) {
      const bytes = await this.#terminal.read();
      this.#ended = bytes === undefined;
      await this.#receiver?.(bytes);
    }
  }
}
