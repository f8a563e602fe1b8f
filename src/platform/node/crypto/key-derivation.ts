import { hash, pbkdf2, scrypt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Cancel } from '../../cancel.ts';
import { Cancelled } from '../../cancel.ts';
import type { HashAlgorithm } from '../../crypto.ts';
import { CryptoError } from '../../crypto.ts';

/**
 * PBKDF2 in Node's thread pool. OpenSSL can't be stopped in the middle: when cancelled the promise rejects at once, the thread
 * finishes its rounds alone, and what it made is wiped unseen.
 */
export function derivePbkdf2(
  digest: HashAlgorithm,
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
  cancel: Cancel,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    cancel.check();
    const forget = cancel.onCancel(() => reject(new Cancelled()));
    pbkdf2(password, salt, rounds, length, digest, (error, key) => {
      forget();
      settle(error, key, resolve, reject);
    });
  });
}

/** Rounds between two looks at the event loop: one or two milliseconds. */
const slice = 1000;

/** On the event loop's own thread, in slices: a file of the usual 2,048 rounds takes two of them. */
export async function iterateHash(algorithm: HashAlgorithm, data: Uint8Array, rounds: number, cancel: Cancel): Promise<Uint8Array> {
  cancel.check();
  let digest = hash(algorithm, data, 'buffer');
  for (let round = 1; round < rounds; round++) {
    if (round % slice === 0) {
      await setImmediate();
      cancel.check();
    }
    const next = hash(algorithm, digest, 'buffer');
    digest.fill(0);
    digest = next;
  }
  return new Uint8Array(digest);
}

export function deriveScrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: number,
  blockSize: number,
  parallel: number,
  length: number,
): Promise<Uint8Array> {
  // OpenSSL counts its own blocks too: 128 * r * (N + p) and a little more.
  const maxmem = 128 * blockSize * (cost + parallel + 2);
  return new Promise((resolve, reject) => {
    try {
      scrypt(password, salt, length, { N: cost, r: blockSize, p: parallel, maxmem }, (error, key) => settle(error, key, resolve, reject));
    } catch {
      reject(new CryptoError('unsupported', `scrypt with cost ${cost}, block size ${blockSize}, parallelism ${parallel}`));
    }
  });
}

function settle(error: Error | null, key: Buffer, resolve: (key: Uint8Array) => void, reject: (error: CryptoError) => void): void {
  if (error !== null) {
    reject(new CryptoError('failed', 'the host could not derive a key'));
    return;
  }
  resolve(new Uint8Array(key));
  key.fill(0);
}
