import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import type { Connection } from '../platform/network.ts';
import { Headers } from './headers.ts';

/** What a body is made of. */
export type Content =
  | Uint8Array
  /** Piece by piece; `length` where it is known before, which must then be right. */
  | { readonly pieces: AsyncIterable<Uint8Array>; readonly length?: number };

/** How a body of this content is delimited, as fields of its header (RFC 9112 6). */
export function framingFields(content: Content, version: '1.0' | '1.1'): (readonly [name: string, value: string])[] {
  const { length } = content;
  if (length !== undefined) return [['Content-Length', String(length)]];
  return version === '1.1' ? [['Transfer-Encoding', 'chunked']] : [];
}

/** Bytes of a body that go in one piece with its header. */
const copied = 16_384;

/** Writes a header, and the body with it where that is short. Rejects as the connection does. */
export async function writeMessage(
  connection: Pick<Connection, 'write'>,
  firstLine: string,
  headers: Headers,
  content: Content,
): Promise<void> {
  let header = `${firstLine}\r\n`;
  for (const [name, value] of headers) header += `${name}: ${value}\r\n`;
  const head = latin1(`${header}\r\n`);
  if (content instanceof Uint8Array) {
    if (content.length > copied) {
      await connection.write(head);
      await connection.write(content);
    } else await connection.write(content.length === 0 ? head : concat([head, content]));
    return;
  }
  await connection.write(head);
  const chunked = headers.has('Transfer-Encoding');
  let left = content.length;
  for await (const piece of content.pieces) {
    if (piece.length === 0) continue;
    if (left !== undefined) left -= piece.length;
    if (left !== undefined && left < 0) throw new RangeError('a body is longer than it was said to be');
    await connection.write(chunked ? concat([utf8(`${piece.length.toString(16)}\r\n`), piece, utf8('\r\n')]) : piece);
  }
  if (left !== undefined && left > 0) throw new RangeError('a body is shorter than it was said to be');
  if (chunked) await connection.write(utf8('0\r\n\r\n'));
}

/** Throws for what is beyond it: cut to a byte, a character could end a line. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw new RangeError('a header has a character that no header can have');
    return code;
  });
}

/** The fields that say how a message is delimited and where a connection ends, which are for those that write messages to say. */
const reserved: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'host', 'transfer-encoding']);

/** The fields that a caller gives. Throws for those that are not the caller's. */
export function ownFields(headers: Headers): Headers {
  for (const [name] of headers) if (reserved.has(name.toLowerCase())) throw new RangeError(`the field ${name} is not for a caller to give`);
  return new Headers(headers);
}

/** Gives up on content that is not sent. */
export async function forget(content: Content): Promise<void> {
  if (!(content instanceof Uint8Array)) await content.pieces[Symbol.asyncIterator]().return?.();
}
