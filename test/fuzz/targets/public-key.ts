import { fromUtf8Lossy } from '../../../src/bytes/utf8.ts';
import { parsePublicKey } from '../../../src/users/public-key-line.ts';
import { decoded, expectSame } from '../refusal.ts';

/** A line of authorized_keys of a key that was read is one line of plain text, and holds the same key. */
export function fuzz(data: Uint8Array): void {
  const read = decoded(() => parsePublicKey(fromUtf8Lossy(data)));
  if (read === undefined) return;
  if (!/^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}$/.test(read.key)) throw new Error(`the line ${JSON.stringify(read.key)}`);
  expectSame('the key of its own line', parsePublicKey(read.key).encoded, read.encoded);
}
