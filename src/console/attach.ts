import type { Connection } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { byteFrames, encodeFrame, type Frame, FrameDecoder, ProtocolError, protocolVersion } from './protocol.ts';

/**
 * The terminal's end of a console: a pump of bytes between `terminal` and the daemon. Resolves with the session's exit status.
 * Throws `ProtocolError` (`closed`) when the daemon goes away without one.
 */
export async function attach(connection: Connection, terminal: Terminal): Promise<number> {
  let ended = false;
  // Order on the wire is the order of the calls; a failed write shows as the end of what is read.
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (!ended) await connection.write(bytes).catch(() => undefined);
  };
  const { columns, rows, interactive, type } = terminal;
  await send(encodeFrame({ type: 'hello', version: protocolVersion, columns, rows, interactive, terminal: type }));
  const ignoreResize = terminal.onResize(() => void send(encodeFrame({ type: 'resize', columns: terminal.columns, rows: terminal.rows })));
  const ignoreInterrupt = terminal.onInterrupt(() => void send(encodeFrame({ type: 'interrupt' })));
  try {
    void sendTyped(terminal, send);
    return await showOutput(connection, terminal);
  } finally {
    ended = true;
    ignoreResize();
    ignoreInterrupt();
    connection.close();
  }
}

async function sendTyped(terminal: Terminal, send: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  for (;;) {
    const bytes = await terminal.read();
    if (bytes === undefined) break;
    await send(byteFrames('input', bytes));
  }
  await send(encodeFrame({ type: 'input', bytes: new Uint8Array(0) }));
}

async function showOutput(connection: Connection, terminal: Terminal): Promise<number> {
  const decoder = new FrameDecoder();
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) throw new ProtocolError('closed', 'the daemon has ended');
    for (const frame of decoder.push(bytes)) {
      const status = await show(frame, terminal);
      if (status !== undefined) return status;
    }
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
