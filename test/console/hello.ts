import { encodeFrame, type Purpose, protocolVersion } from '../../src/console/protocol.ts';

/** What a console says first; for tests that speak the protocol themselves. */
export function hello(purpose: Purpose, version = protocolVersion): Uint8Array {
  return encodeFrame({ type: 'hello', version, columns: 80, rows: 24, purpose, terminal: '', from: '' });
}
