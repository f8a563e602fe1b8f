import { checkPrimeSync, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import rsa from 'node-forge/lib/rsa.js';
import { KeyGenerationError } from '../../keygen.ts';
import type { TransferableKey } from './forge-job.ts';

/** Milliseconds between two reports of progress. */
const slice = 25;

/**
 * An RSA key by node-forge's search for primes, on the calling thread. node-forge has fewer rounds of Miller-Rabin than FIPS 186-5 asks
 * for, with bases from Math.random, so OpenSSL judges the primes once more. What is left of the key in JavaScript's strings and
 * numbers can't be wiped: it goes with the thread that ran this. Throws `KeyGenerationError` when the key fails its own check.
 */
export function generateForgeRsa(bits: number, expectedSeconds: number, progress: (share: number) => void): TransferableKey {
  const begun = performance.now();
  for (;;) {
    const state = rsa.createKeyPairGenerationState(bits, 65_537, { prng: { getBytesSync: startBytes } });
    while (!rsa.stepKeyPairGenerationState(state, slice)) {
      // A search has no memory: whatever was done, each prime that is missing is expected to take its whole time.
      const seconds = (performance.now() - begun) / 1000;
      const left = (expectedSeconds / 2) * (state.p === null ? 2 : 1);
      progress(seconds / (seconds + left));
    }
    if (state.keys !== null && isSound(state.keys.privateKey, bits)) return encode(state.keys.privateKey);
  }
}

type RsaPrivateKey = NonNullable<ReturnType<typeof rsa.createKeyPairGenerationState>['keys']>['privateKey'];

/**
 * Random bytes for the start of a search. node-forge reads one byte more than a prime has and drops it. The two top bits of the prime
 * are set, so that it is greater than sqrt(2) * 2^(k - 1) (FIPS 186-5 A.1.3) and the modulus has its full length.
 */
function startBytes(length: number): string {
  const bytes = randomBytes(length);
  bytes[1] = (bytes[1] ?? 0) | 0xc0;
  const text = bytes.toString('latin1');
  bytes.fill(0);
  return text;
}

/** FIPS 186-5 A.1.1 and A.1.3: both are prime, |p - q| > 2^(nlen / 2 - 100), d > 2^(nlen / 2). */
function isSound({ p, q, d }: RsaPrivateKey, bits: number): boolean {
  const [first, second, exponent] = [p, q, d].map((part) => BigInt(`0x${part.toString(16)}`));
  if (first === undefined || second === undefined || exponent === undefined) return false;
  const half = BigInt(bits / 2);
  const distance = first > second ? first - second : second - first;
  return distance > 1n << (half - 100n) && exponent > 1n << half && checkPrimeSync(first) && checkPrimeSync(second);
}

function encode({ n, e, d, p, q, dP, dQ, qInv }: RsaPrivateKey): TransferableKey {
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: base64url(n),
      e: base64url(e),
      d: base64url(d),
      p: base64url(p),
      q: base64url(q),
      dp: base64url(dP),
      dq: base64url(dQ),
      qi: base64url(qInv),
    },
  });
  const publicKey = createPublicKey(privateKey);
  if (!isConsistent(privateKey, publicKey))
    throw new KeyGenerationError('inconsistent', 'the new key pair does not fit together; it was thrown away');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = { privateKey: new Uint8Array(der), publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
  der.fill(0);
  return key;
}

/** Pairwise consistency (SP 800-56B 6.4.1.1). */
function isConsistent(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const message = randomBytes(32);
  return verify('sha256', message, publicKey, sign('sha256', message, privateKey));
}

function base64url(integer: RsaPrivateKey['n']): string {
  const hex = integer.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const text = bytes.toString('base64url');
  bytes.fill(0);
  return text;
}
