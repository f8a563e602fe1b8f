import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { GeneratedKey, KeyGenerationProgress, KeyGenerator, KeySpec } from '../../../src/platform/keygen.ts';

const quick: readonly (readonly [string, KeySpec, Readonly<Record<string, unknown>>])[] = [
  ['RSA-1024', { type: 'rsa', bits: 1024 }, { modulusLength: 1024, publicExponent: 65_537n }],
  ['RSA-1536', { type: 'rsa', bits: 1536 }, { modulusLength: 1536, publicExponent: 65_537n }],
  ['prime256v1', { type: 'ec', curve: 'prime256v1' }, { namedCurve: 'prime256v1' }],
  ['secp384r1', { type: 'ec', curve: 'secp384r1' }, { namedCurve: 'secp384r1' }],
  ['secp521r1', { type: 'ec', curve: 'secp521r1' }, { namedCurve: 'secp521r1' }],
  ['Ed25519', { type: 'ed25519' }, {}],
];

const cancelled = { name: 'Cancelled', code: 'cancelled' };

/**
 * What every generator of keys must do. Node's crypto, called directly, reads and uses the keys. An RSA key of `slowBits` takes long enough
 * to see the event loop run and progress be told.
 */
export function keyGeneratorContract(slowBits: number, make: () => KeyGenerator): void {
  const slow: KeySpec = { type: 'rsa', bits: slowBits };

  describe.each(quick)('a key of %s', (_, spec, details) => {
    it('is read by another implementation as what was asked for, and signs what its public key verifies', async () => {
      const key = await make().generate(spec, neverCancelled);
      const { privateKey, publicKey } = keyObjects(key);
      expect(privateKey.asymmetricKeyType).toBe(spec.type);
      expect(privateKey.asymmetricKeyDetails).toMatchObject(details);
      // Read and written again it is the same DER.
      expect(new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }))).toEqual(key.privateKey);
      expect(new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }))).toEqual(key.publicKey);
      const message = Buffer.from('to be signed');
      const digest = spec.type === 'ed25519' ? null : 'sha256';
      expect(verify(digest, message, publicKey, sign(digest, message, privateKey))).toBe(true);
    });

    it('is not begun when cancelled before', async () => {
      const source = new CancelSource();
      source.cancel();
      const progress: KeyGenerationProgress[] = [];
      await expect(make().generate(spec, source, (share) => progress.push(share))).rejects.toMatchObject(cancelled);
      expect(progress).toEqual([]);
    });

    it('tells progress that rises to 1, which comes once and at the end', async () => {
      const shares = (await progressOf(make(), spec)).map(Number);
      expect(shares).toEqual([...new Set(shares)].toSorted((a, b) => a - b));
      expect(shares.at(-1)).toBe(1);
    });

    it('is not handed over when cancelled by who hears of its end', async () => {
      const source = new CancelSource();
      const job = make().generate(spec, source, (reached) => {
        if (reached === 1) source.cancel();
      });
      await expect(job).rejects.toMatchObject(cancelled);
    });

    it('has an expected time', async () => {
      const seconds = await make().expectedSeconds(spec);
      expect(seconds).toBeGreaterThan(0);
      expect(Number.isFinite(seconds)).toBe(true);
    });
  });

  describe('an RSA key', () => {
    it('has sound primes and exponents (FIPS 186-5 A.1)', async () => {
      const key = await make().generate({ type: 'rsa', bits: 1024 }, neverCancelled);
      const { n, e, d, p, q, dp, dq, qi } = rsaNumbers(keyObjects(key).privateKey);
      expect(p * q).toBe(n);
      for (const prime of [p, q]) expect(prime >> 510n).toBe(3n);
      expect(p > q ? p - q : q - p).toBeGreaterThan(1n << 412n);
      expect(d).toBeGreaterThan(1n << 512n);
      for (const [prime, exponent] of [
        [p, dp],
        [q, dq],
      ] as const) {
        expect((d * e) % (prime - 1n)).toBe(1n);
        expect(exponent).toBe(d % (prime - 1n));
      }
      expect((qi * q) % p).toBe(1n);
    });

    it('is expected to take longer when it is longer', async () => {
      const generator = make();
      const short = await generator.expectedSeconds({ type: 'rsa', bits: 1024 });
      expect(await generator.expectedSeconds({ type: 'rsa', bits: 8192 })).toBeGreaterThan(10 * short);
    });

    it('tells its progress as a share that never falls', async () => {
      const generator = make();
      let progress: readonly KeyGenerationProgress[] = [];
      // A lucky search ends before it has much to tell.
      while (progress.length < 3) progress = await progressOf(generator, slow);
      // There is entropy on a machine that runs tests.
      const shares = progress.map(Number);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
    });

    it('is made while the event loop does other things', async () => {
      let turns = 0;
      const interval = setInterval(() => {
        turns++;
      }, 1);
      // A key that luck makes at once leaves no time for turns, and another one does not.
      for (let keys = 0; keys < 10; keys++) {
        await make().generate(slow, neverCancelled);
        if (turns > 1) break;
      }
      clearInterval(interval);
      expect(turns).toBeGreaterThan(1);
    });

    it('is given up when cancelled on the way, and nothing is told any more', async () => {
      const source = new CancelSource();
      let told = 0;
      const job = make().generate({ type: 'rsa', bits: 4096 }, source, () => {
        told++;
        source.cancel();
      });
      await expect(job).rejects.toMatchObject(cancelled);
      const until = told;
      await setTimeout(100);
      expect(told).toBe(until);
    });

    it('is given up alone: other jobs of the generator go on', async () => {
      const generator = make();
      const source = new CancelSource();
      const long = generator.generate({ type: 'rsa', bits: 4096 }, source);
      const others = [1024, 1024].map((bits) => generator.generate({ type: 'rsa', bits }, neverCancelled));
      source.cancel();
      source.cancel();
      await expect(long).rejects.toMatchObject(cancelled);
      expect(new Set((await Promise.all(others)).map(({ publicKey }) => publicKey.join())).size).toBe(2);
    });

    it.each([0, 7, 512, 1000, 1023, 1025, 1088, 8193, 8320, 2048.5, -1024, 2 ** 32 + 2048, Number.NaN, Number.POSITIVE_INFINITY])(
      'of %d bits is refused',
      async (bits) => {
        const size = {
          name: 'KeyGenerationError',
          code: 'size',
          message: `an RSA key has 1024 to 8192 bits, a multiple of 128; ${bits} is not`,
        };
        const generator = make();
        await expect(generator.generate({ type: 'rsa', bits }, neverCancelled)).rejects.toMatchObject(size);
        await expect(generator.expectedSeconds({ type: 'rsa', bits })).rejects.toMatchObject(size);
      },
    );

    it('has the exponent that is offered', async () => {
      const key = await make().generate({ type: 'rsa', bits: 1024, exponent: 65_537 }, neverCancelled);
      expect(rsaNumbers(keyObjects(key).privateKey).e).toBe(65_537n);
    });

    it.each([0, 1, 2, 3, 17, 65_536, 65_538, -65_537, 1.5, Number.NaN])('with the exponent %d is refused', async (exponent) => {
      await expect(make().generate({ type: 'rsa', bits: 1024, exponent }, neverCancelled)).rejects.toMatchObject({
        name: 'KeyGenerationError',
        code: 'exponent',
        message: `the public exponent of an RSA key is 65537; ${exponent} is not offered`,
      });
    });

    it('is made by as many threads as the machine has', async () => {
      const key = await make().generate({ type: 'rsa', bits: 1024, threads: availableParallelism() }, neverCancelled);
      expect(keyObjects(key).privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 1024 });
    });

    it.each([0, -1, 1.5, availableParallelism() + 1, 1e9, Number.NaN])('is not made by %d threads', async (threads) => {
      await expect(make().generate({ type: 'rsa', bits: 1024, threads }, neverCancelled)).rejects.toMatchObject({
        name: 'KeyGenerationError',
        code: 'threads',
        message: `a search has 1 to ${availableParallelism()} threads on this machine; ${threads} is not`,
      });
    });
  });
}

async function progressOf(generator: KeyGenerator, spec: KeySpec): Promise<readonly KeyGenerationProgress[]> {
  const progress: KeyGenerationProgress[] = [];
  await generator.generate(spec, neverCancelled, (reached) => progress.push(reached));
  return progress;
}

function keyObjects(key: GeneratedKey): { privateKey: KeyObject; publicKey: KeyObject } {
  return {
    privateKey: createPrivateKey({ key: Buffer.from(key.privateKey), format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' }),
  };
}

type RsaNumbers = Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', bigint>>;

function rsaNumbers(privateKey: KeyObject): RsaNumbers {
  const jwk = privateKey.export({ format: 'jwk' });
  const number = (text: string | undefined): bigint => BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);
  return {
    n: number(jwk.n),
    e: number(jwk.e),
    d: number(jwk.d),
    p: number(jwk.p),
    q: number(jwk.q),
    dp: number(jwk.dp),
    dq: number(jwk.dq),
    qi: number(jwk.qi),
  };
}
