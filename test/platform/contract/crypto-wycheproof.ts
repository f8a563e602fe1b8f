import { describe, expect } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import type { Crypto, HashAlgorithm, SignatureScheme } from '../../../src/platform/crypto.ts';
import { bytes } from '../../bytes.ts';
import { testWith } from '../../judges/run.ts';
import { wycheproof } from '../../judges/wycheproof.ts';

interface SignatureGroup {
  readonly publicKeyDer: string;
  readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string; readonly result: string }[];
}

interface DerivationGroup {
  readonly tests: readonly {
    readonly tcId: number;
    readonly password: string;
    readonly salt: string;
    readonly iterationCount: number;
    readonly dkLen: number;
    readonly dk: string;
  }[];
}

const signatures: readonly (readonly [string, SignatureScheme])[] = [
  ['rsa_signature_2048_sha224', { type: 'rsa-pkcs1', digest: 'sha224' }],
  ['rsa_signature_2048_sha256', { type: 'rsa-pkcs1', digest: 'sha256' }],
  ['rsa_signature_3072_sha384', { type: 'rsa-pkcs1', digest: 'sha384' }],
  ['rsa_signature_4096_sha512', { type: 'rsa-pkcs1', digest: 'sha512' }],
  ['rsa_signature_8192_sha256', { type: 'rsa-pkcs1', digest: 'sha256' }],
  ['rsa_pss_2048_sha256_mgf1_0', { type: 'rsa-pss', digest: 'sha256', saltLength: 0 }],
  ['rsa_pss_2048_sha256_mgf1_32', { type: 'rsa-pss', digest: 'sha256', saltLength: 32 }],
  ['rsa_pss_2048_sha384_mgf1_48', { type: 'rsa-pss', digest: 'sha384', saltLength: 48 }],
  ['rsa_pss_4096_sha512_mgf1_64', { type: 'rsa-pss', digest: 'sha512', saltLength: 64 }],
  ['ecdsa_secp256r1_sha256', { type: 'ecdsa', digest: 'sha256' }],
  ['ecdsa_secp256r1_sha512', { type: 'ecdsa', digest: 'sha512' }],
  ['ecdsa_secp384r1_sha384', { type: 'ecdsa', digest: 'sha384' }],
  ['ecdsa_secp521r1_sha512', { type: 'ecdsa', digest: 'sha512' }],
  ['ed25519', { type: 'ed25519' }],
];

const derivations: readonly HashAlgorithm[] = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

/** Wycheproof's files, whole. "Acceptable" ones are old signatures without the NULL of their digest's parameters: either answer will do. */
export function wycheproofContract(make: () => Crypto): void {
  const judged = testWith('wycheproof');

  describe('Wycheproof', () => {
    judged.each(signatures)('%s', async (name, scheme) => {
      const crypto = make();
      const { testGroups } = wycheproof<SignatureGroup>(`${name}_test.json`);
      const tests = testGroups.flatMap(({ publicKeyDer, tests }) => tests.map((test) => ({ ...test, publicKey: bytes(publicKeyDer) })));
      const decided = tests.filter(({ result }) => result !== 'acceptable');
      const answers = await Promise.all(
        decided.map(({ publicKey, sig, msg }) =>
          crypto.verify(publicKey, scheme, bytes(sig), bytes(msg)).then((good) => (good ? 'valid' : 'invalid')),
        ),
      );
      const wrong = decided.filter(({ result }, i) => answers[i] !== result);
      expect(wrong.map(({ tcId }) => tcId)).toEqual([]);
      expect(answers.length).toBeGreaterThan(80);
    });

    judged.each(derivations)('PBKDF2 with %s', async (digest) => {
      const crypto = make();
      const tests = wycheproof<DerivationGroup>(`pbkdf2_hmac${digest}_test.json`).testGroups.flatMap((group) => group.tests);
      // The file has a few of millions of rounds, which every host would get right or none.
      const quick = tests.filter(({ iterationCount }) => iterationCount <= 10_000);
      const derive = ({ password, salt, iterationCount, dkLen }: (typeof quick)[number]): Promise<Uint8Array> =>
        crypto.pbkdf2(digest, bytes(password), bytes(salt), iterationCount, dkLen, neverCancelled);
      expect(await Promise.all(quick.map((test) => derive(test)))).toEqual(quick.map(({ dk }) => bytes(dk)));
      expect(quick.length).toBeGreaterThan(40);
    });
  });
}
