import { createPrivateKey } from 'node:crypto';
import { describe, expect } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { NativeKeyGenerator } from '../../../src/platform/node/keygen/native.ts';
import { goRsaFindings } from '../../judges/go.ts';
import { openssl } from '../../judges/openssl.ts';
import { testWith } from '../../judges/run.ts';
import { addonIsTried, builtAddon } from './native-addon.ts';

/** How many keys of each size: 10,000 in the nightly run, a few in every run. */
const counts: readonly (readonly [bits: number, count: number])[] =
  process.env['MANY_KEYS'] === undefined
    ? [1024, 1152, 1536, 1920, 2048, 3072, 4096].map((bits) => [bits, 3])
    : [
        [1024, 4700],
        [1152, 300],
        [1536, 1500],
        [1920, 300],
        [2048, 2500],
        [3072, 400],
        [4096, 280],
        [8192, 20],
      ];

/** Keys that are judged at once. */
const batch = 50;

const judged = testWith('openssl', 'go-judge');

async function made(bits: number): Promise<Uint8Array> {
  return (await new NativeKeyGenerator(builtAddon()).generate({ type: 'rsa', bits }, neverCancelled)).privateKey;
}

describe.runIf(addonIsTried)('keys of the native generator', () => {
  judged.each(counts)('of %d bits pass OpenSSL and Go: %d of them', { timeout: 3_600_000 }, async (bits, count) => {
    for (let judgedBefore = 0; judgedBefore < count; judgedBefore += batch) {
      const keys: Uint8Array[] = [];
      while (keys.length < Math.min(batch, count - judgedBefore)) keys.push(await made(bits));
      for (const key of keys) expect(openssl(['rsa', '-inform', 'DER', '-check', '-noout'], key).text).toContain('RSA key ok');
      expect(goRsaFindings(keys)).toEqual(keys.map(() => []));
    }
  });

  judged('are found out by Go when a number is changed', async () => {
    const good = Buffer.from(await made(1024));
    const { p = '' } = createPrivateKey({ key: good, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
    /** The lowest bit turned over of the number that ends with these bytes. */
    const changed = (number: Buffer): Uint8Array => {
      const copy = Buffer.from(good);
      const end = copy.indexOf(number) + number.length - 1;
      copy.writeUInt8(copy.readUInt8(end) ^ 1, end);
      return copy;
    };
    const pem = openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-pkeyopt', 'rsa_keygen_pubexp:3']).text;
    const otherExponent = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
    const [none, prime, coefficient, exponent] = goRsaFindings([
      good,
      changed(Buffer.from(p, 'base64url')),
      changed(good.subarray(-16)),
      otherExponent,
    ]);
    expect(none).toEqual([]);
    expect(prime).toEqual(expect.arrayContaining(['n is not p q', 'p is composite', 'd is not the inverse of e']));
    expect(coefficient).toEqual(['qInv is not the inverse of q']);
    expect(exponent).toContain('the exponent is 3');
  });
});
