import { fromHex } from '../src/bytes/hex.ts';

/** The bytes that hexadecimal digits stand for; white space is ignored. */
export function bytes(hex: string): Uint8Array {
  const found = fromHex(hex.replaceAll(/\s/g, ''));
  if (found === undefined) throw new Error(`not hexadecimal: ${hex}`);
  return found;
}

/** A copy with one bit turned over; bits are counted from the first byte's lowest. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}
