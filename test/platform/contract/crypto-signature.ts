import { constants, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { concat } from '../../../src/bytes/bytes.ts';
import { hex } from '../../../src/bytes/hex.ts';
import { utf8 } from '../../../src/bytes/utf8.ts';
import type { Crypto, SignatureScheme } from '../../../src/platform/crypto.ts';
import { bytes, flipped } from '../../bytes.ts';

interface KeyPair {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly pkcs8: Uint8Array;
  readonly spki: Uint8Array;
}

function keyPair(name: string, pair: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  const pkcs8 = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { name, ...pair, pkcs8, spki: new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })) };
}

const message = utf8('to be signed');

/** How Node signs by the same scheme. */
function nodeKey(key: KeyObject, scheme: SignatureScheme): Parameters<typeof sign>[2] & { key: KeyObject } {
  if (scheme.type === 'rsa-pss') return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  return { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: 'der' };
}

function nodeDigest(scheme: SignatureScheme): string | null {
  return scheme.type === 'ed25519' ? null : scheme.digest;
}

export function signatureContract(make: () => Crypto): void {
  const rsa = keyPair('rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const p256 = keyPair('prime256v1', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const p384 = keyPair('secp384r1', generateKeyPairSync('ec', { namedCurve: 'P-384' }));
  const p521 = keyPair('secp521r1', generateKeyPairSync('ec', { namedCurve: 'P-521' }));
  const ed25519 = keyPair('ed25519', generateKeyPairSync('ed25519'));
  const keys = [rsa, p256, p384, p521, ed25519];

  const uses: readonly (readonly [KeyPair, SignatureScheme])[] = [
    ...(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const).map((digest) => [rsa, { type: 'rsa-pkcs1', digest }] as const),
    ...(['sha1', 'sha256', 'sha512'] as const).map((digest) => [rsa, { type: 'rsa-pss', digest, saltLength: 32 }] as const),
    ...[p256, p384, p521].flatMap((key) =>
      (['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const).map((digest) => [key, { type: 'ecdsa', digest }] as const),
    ),
    [ed25519, { type: 'ed25519' }],
  ];

  describe.each(uses.map(([key, scheme]) => ({ name: key.name, digest: nodeDigest(scheme), type: scheme.type, key, scheme })))(
    'signatures by $type with $name and $digest',
    ({ key, scheme }) => {
      it('are believed by others, and theirs are believed here', async () => {
        const crypto = make();
        const ours = await crypto.sign(key.pkcs8, scheme, message);
        expect(verify(nodeDigest(scheme), message, nodeKey(key.publicKey, scheme), ours)).toBe(true);
        const theirs = sign(nodeDigest(scheme), message, nodeKey(key.privateKey, scheme));
        expect(await crypto.verify(key.spki, scheme, new Uint8Array(theirs), message)).toBe(true);
      });
    },
  );

  describe.each(
    uses.flatMap(([key, scheme]) =>
      scheme.type === 'ed25519' ? [] : [{ name: key.name, digest: scheme.digest, type: scheme.type, key, scheme }],
    ),
  )('signatures by $type with $name and $digest over what comes piece by piece', ({ key, scheme }) => {
    const over = async (crypto: Crypto, pieces: readonly Uint8Array[], signature: Uint8Array): Promise<boolean> => {
      const verifier = crypto.verifier(scheme);
      for (const piece of pieces) verifier.update(piece);
      return verifier.verify(key.spki, signature);
    };

    it('are what they are over the whole', async () => {
      const crypto = make();
      const signature = await crypto.sign(key.pkcs8, scheme, message);
      const pieces = [message.subarray(0, 1), new Uint8Array(), message.subarray(1, 4), message.subarray(4)];
      expect(await over(crypto, pieces, signature)).toBe(true);
      expect(await over(crypto, pieces.slice(0, -1), signature)).toBe(false);
      expect(await over(crypto, pieces, flipped(signature, signature.length * 8 - 8))).toBe(false);
      expect(await over(crypto, pieces, new Uint8Array())).toBe(false);
    });
  });

  describe('signatures', () => {
    let crypto: Crypto;
    beforeAll(() => {
      crypto = make();
    });

    it.each(keys)('by $name are false for another message, another key, and when cut, lengthened or altered', async (key) => {
      const scheme = schemeFor(key);
      const signature = await crypto.sign(key.pkcs8, scheme, message);
      const wrong = [
        signature.subarray(1),
        signature.subarray(0, -1),
        concat([signature, new Uint8Array(1)]),
        flipped(signature, signature.length * 8 - 8),
        new Uint8Array(),
        new Uint8Array(signature.length),
      ];
      expect(await crypto.verify(key.spki, scheme, signature, message)).toBe(true);
      for (const bad of wrong) expect(await crypto.verify(key.spki, scheme, bad, message)).toBe(false);
      expect(await crypto.verify(key.spki, scheme, signature, utf8('to be designed'))).toBe(false);
      const other = keyPair('other', sameKind(key));
      expect(await crypto.verify(other.spki, scheme, signature, message)).toBe(false);
    });

    it('by Ed25519 are those of RFC 8032 7.1, test 2', async () => {
      const privateKey = bytes('302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
      expect(hex(await crypto.sign(privateKey, { type: 'ed25519' }, bytes('72')))).toBe(
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      );
    });

    it('are refused where key and scheme do not go together', async () => {
      const unsupported = { name: 'CryptoError', code: 'unsupported' };
      const ecdsa = { type: 'ecdsa', digest: 'sha256' } as const;
      await expect(crypto.sign(rsa.pkcs8, ecdsa, message)).rejects.toMatchObject(unsupported);
      await expect(crypto.sign(p256.pkcs8, { type: 'rsa-pkcs1', digest: 'sha256' }, message)).rejects.toMatchObject(unsupported);
      await expect(crypto.verify(ed25519.spki, ecdsa, new Uint8Array(64), message)).rejects.toMatchObject(unsupported);
      await expect(crypto.verify(p256.spki, { type: 'ed25519' }, new Uint8Array(64), message)).rejects.toMatchObject(unsupported);
      await expect(crypto.verifier(ecdsa).verify(rsa.spki, new Uint8Array(64))).rejects.toMatchObject(unsupported);
      expect(() => crypto.verifier({ type: 'ed25519' })).toThrow(expect.objectContaining(unsupported));
    });

    it('are refused with keys of other kinds', async () => {
      const unsupported = { name: 'CryptoError', code: 'unsupported' };
      const ecdsa = { type: 'ecdsa', digest: 'sha256' } as const;
      const pss = { type: 'rsa-pss', digest: 'sha256', saltLength: 32 } as const;
      const secp256k1 = keyPair('secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
      const rsaPss = keyPair('rsa-pss', generateKeyPairSync('rsa-pss', { modulusLength: 1024 }));
      await expect(crypto.sign(secp256k1.pkcs8, ecdsa, message)).rejects.toMatchObject(unsupported);
      await expect(crypto.verify(secp256k1.spki, ecdsa, new Uint8Array(70), message)).rejects.toMatchObject(unsupported);
      await expect(crypto.sign(rsaPss.pkcs8, pss, message)).rejects.toMatchObject(unsupported);
      expect(() => crypto.publicKeyOf(secp256k1.pkcs8)).toThrow(expect.objectContaining(unsupported));
    });

    it.each([
      ['nothing', new Uint8Array()],
      ['a text', utf8('no key')],
      ['half a public key', p256.spki.subarray(0, 40)],
      ['a private key without its first byte', rsa.pkcs8.subarray(1)],
    ])('are refused with %s for a key', async (_, garbage) => {
      const badKey = { name: 'CryptoError', code: 'bad-key' };
      const scheme = { type: 'ecdsa', digest: 'sha256' } as const;
      await expect(crypto.sign(garbage, scheme, message)).rejects.toMatchObject(badKey);
      await expect(crypto.verify(garbage, scheme, new Uint8Array(64), message)).rejects.toMatchObject(badKey);
      expect(() => crypto.publicKeyOf(garbage)).toThrow(expect.objectContaining(badKey));
    });
  });

  describe('the public key of a private key', () => {
    it.each(keys)('of $name is the one it was made with', ({ pkcs8, spki }) => {
      expect(make().publicKeyOf(pkcs8)).toEqual(spki);
    });

    it.each([p256, p384, p521])('of $name is computed, whatever point the file claims', (key) => {
      const other = keyPair('other', sameKind(key));
      const claimed = key.pkcs8.slice();
      claimed.set(other.spki.subarray(-pointLength(key)), claimed.length - pointLength(key));
      expect(make().publicKeyOf(claimed)).toEqual(key.spki);
    });

    it('of Ed25519 is computed, whatever the file claims (RFC 5958)', () => {
      const [key, other] = [ed25519, keyPair('other', generateKeyPairSync('ed25519'))];
      const claimed = concat([
        bytes('3051020101300506032b657004220420'),
        key.pkcs8.subarray(-32),
        bytes('812100'),
        other.spki.subarray(-32),
      ]);
      expect(make().publicKeyOf(claimed)).toEqual(key.spki);
    });
  });
}

function schemeFor(key: KeyPair): SignatureScheme {
  if (key.name === 'ed25519') return { type: 'ed25519' };
  return { type: key.name === 'rsa' ? 'rsa-pkcs1' : 'ecdsa', digest: 'sha256' };
}

function sameKind(key: KeyPair): { privateKey: KeyObject; publicKey: KeyObject } {
  if (key.name === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return key.name === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: key.name });
}

/** Bytes of an uncompressed point, with which both PKCS#8 and SubjectPublicKeyInfo end. */
function pointLength(key: KeyPair): number {
  return { prime256v1: 65, secp384r1: 97, secp521r1: 133 }[key.name] ?? 0;
}
