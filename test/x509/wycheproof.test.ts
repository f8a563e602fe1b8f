import { describe, expect } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { CryptoError } from '../../src/platform/crypto.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { describePublicKey } from '../../src/x509/public-key.ts';
import { bytes } from '../bytes.ts';
import { testWith } from '../judges/run.ts';
import { wycheproof } from '../judges/wycheproof.ts';
import { unlessRefused } from '../mutations.ts';
import { crypto } from './samples.ts';

interface Group {
  readonly tests: readonly {
    readonly comment: string;
    readonly public: string;
    readonly result: string;
    readonly flags: readonly string[];
  }[];
}

const judged = testWith('wycheproof');

/** The public keys (SubjectPublicKeyInfo) of Wycheproof's ECDH tests, which hold hundreds that are spoiled. */
function keysOf(file: string): { comment: string; flags: readonly string[]; result: string; spki: Uint8Array }[] {
  return wycheproof<Group>(file)
    .testGroups.flatMap((group) => group.tests)
    .map(({ comment, flags, result, public: spki }) => ({ comment, flags, result, spki: bytes(spki) }));
}

/** The curve that a key is described to be on, if it is read at all. */
function curvesOf(keys: readonly { readonly spki: Uint8Array }[]): (string | undefined)[] {
  return keys.flatMap(({ spki }) => unlessRefused([DerError, X509Error], () => describePublicKey(spki).curve));
}

describe.each([
  ['prime256v1', 'ecdh_secp256r1_test.json'],
  ['secp384r1', 'ecdh_secp384r1_test.json'],
  ['secp521r1', 'ecdh_secp521r1_test.json'],
])('public keys on %s', (curve, file) => {
  judged('good ones are on that curve', () => {
    const keys = keysOf(file).filter(({ result }) => result === 'valid');
    expect(keys.length).toBeGreaterThan(300);
    expect(curvesOf(keys)).toEqual(keys.map(() => curve));
  });

  judged('with explicit curve parameters they are on no curve known here', () => {
    const keys = keysOf(file).filter(({ flags }) => flags.includes('UnnamedCurve'));
    expect(keys.length).toBeGreaterThan(10);
    expect(new Set(curvesOf(keys))).toEqual(new Set([undefined]));
  });

  judged('spoiled ones are refused or are no longer on that curve, but for one that is DER of a point off it', async () => {
    const keys = keysOf(file).filter(({ flags }) => flags.includes('InvalidAsn'));
    const [offCurve, ...others] = keys.filter((key) => curvesOf([key]).includes(curve));
    expect(keys.length).toBeGreaterThan(200);
    expect([offCurve?.comment, others]).toEqual(['modifying last byte of bit string', []]);
    const verifying = crypto.verify(offCurve?.spki ?? bytes(''), { type: 'ecdsa', digest: 'sha256' }, bytes('00'), bytes('00'));
    await expect(verifying).rejects.toThrow(CryptoError);
  });
});
