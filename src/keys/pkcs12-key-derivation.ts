import { concat } from '../bytes/bytes.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import type { Workbench } from './scheme.ts';

/** What the derived bytes are for; the number is the diversifier of RFC 7292 B.3. */
export type Pkcs12Purpose = 'key' | 'iv' | 'mac';

const diversifiers: Readonly<Record<Pkcs12Purpose, number>> = { key: 1, iv: 2, mac: 3 };

/** Bytes of a digest (u) and of its input block (v). */
const sizes: Readonly<Record<HashAlgorithm, { readonly digest: number; readonly block: number }>> = {
  md5: { digest: 16, block: 64 },
  sha1: { digest: 20, block: 64 },
  sha224: { digest: 28, block: 64 },
  sha256: { digest: 32, block: 64 },
  sha384: { digest: 48, block: 128 },
  sha512: { digest: 64, block: 128 },
};

export function digestLength(digest: HashAlgorithm): number {
  return sizes[digest].digest;
}

export interface Pkcs12Derivation {
  readonly digest: HashAlgorithm;
  readonly salt: Uint8Array;
  readonly rounds: number;
}

/**
 * The key derivation of RFC 7292 B.2. `password` is what `bmpPassphrases` gives. Throws `KeyError` (`too-costly`, `damaged`) or
 * `Cancelled`. The caller wipes the result.
 */
export async function derivePkcs12(
  { digest, salt, rounds }: Pkcs12Derivation,
  password: Uint8Array,
  purpose: Pkcs12Purpose,
  length: number,
  { crypto, cancel, cost }: Workbench,
): Promise<Uint8Array> {
  const { digest: u, block: v } = sizes[digest];
  const diversifier = new Uint8Array(v).fill(diversifiers[purpose]);
  let state = concat([repeated(salt, v), repeated(password, v)]);
  const derived = new Uint8Array(Math.ceil(length / u) * u);
  try {
    for (let at = 0; at < length; at += u) {
      cost.spendRounds(rounds);
      const input = concat([diversifier, state]);
      const a = await crypto.iterateHash(digest, input, rounds, cancel);
      derived.set(a, at);
      const next = advanced(state, repeated(a, v));
      for (const used of [input, a, state]) used.fill(0);
      state = next;
    }
    return derived.slice(0, length);
  } finally {
    state.fill(0);
    derived.fill(0);
  }
}

/** Copies of `bytes` up to a multiple of `block` bytes, the last one cut short (B.2, steps 2, 3 and 6 B). */
function repeated(bytes: Uint8Array, block: number): Uint8Array {
  const length = Math.ceil(bytes.length / block) * block;
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
}

/** Every block I_j of the state becomes (I_j + B + 1) mod 2^v (B.2, step 6 C). */
function advanced(state: Uint8Array, b: Uint8Array): Uint8Array {
  const next = new Uint8Array(state.length);
  for (let start = 0; start < state.length; start += b.length) {
    let carry = 1;
    for (let i = b.length - 1; i >= 0; i--) {
      carry += (state[start + i] ?? 0) + (b[i] ?? 0);
      next[start + i] = carry;
      carry >>= 8;
    }
  }
  return next;
}
