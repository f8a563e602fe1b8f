import { CryptoError } from '../../crypto.ts';

/** RC4, for reading old PKCS#12 files: neither OpenSSL 3 without its legacy provider nor node-forge has it. */
export function rc4(key: Uint8Array, input: Uint8Array): Uint8Array {
  if (key.length !== 5 && key.length !== 16) throw new CryptoError('bad-key', 'a key of RC4 has 5 or 16 bytes');
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const at = (i: number): number => state[i & 255] ?? 0;
  const swap = (i: number, j: number): void => {
    const held = at(i);
    state[i] = at(j);
    state[j] = held;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  const output = input.map((byte) => {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    swap(i, j);
    return byte ^ at(at(i) + at(j));
  });
  state.fill(0);
  return output;
}
