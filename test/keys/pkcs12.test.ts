import { createHmac, pbkdf2Sync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { oids } from '../../src/der/oids.ts';
import { explicit, integer, nullValue, octetString, oid, sequence } from '../../src/der/writer.ts';
import { CostLimit } from '../../src/keys/cost.ts';
import { decodePkcs12, encodePkcs12, type Pkcs12 } from '../../src/keys/pkcs12.ts';
import { encodeCertBag, encodeShroudedKeyBag } from '../../src/keys/pkcs12-bag.ts';
import { encodePlainPart } from '../../src/keys/pkcs12-content.ts';
import { derivePkcs12 } from '../../src/keys/pkcs12-key-derivation.ts';
import { Cancelled, CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import type { HashAlgorithm } from '../../src/platform/crypto.ts';
import { flipped } from '../bytes.ts';
import { errorLike } from '../mutations.ts';
import { crypto, encryptor } from './host.ts';
import { allKeyPairs, ecKeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const { pkcs8 } = ecKeyPair('prime256v1');

/** A PKCS#12 file does not look into its certificates. */
const certificate = sequence(utf8('the certificate'));
const issuer = sequence(utf8('its issuer'));
const root = sequence(utf8('the root'));
const contents = { privateKey: pkcs8, certificate, chain: [issuer, root], friendlyName: 'Client' };

const encode = (written: Parameters<typeof encodePkcs12>[0], passphrase: string): Promise<Uint8Array> =>
  encodePkcs12(written, passphrase, encryptor, neverCancelled);
const decode = (file: Uint8Array, passphrase: string): Promise<Pkcs12> => decodePkcs12(file, passphrase, crypto, neverCancelled);

const wrongPassphrase = errorLike('KeyError', 'wrong-passphrase', 'the passphrase is not that of the PKCS#12 file');
const altered = errorLike('KeyError', 'damaged', 'it was altered, its MAC does not fit');

describe('a PKCS#12 file', () => {
  it('holds the certificate with its key, tied together, and the chain', async () => {
    const localKeyId = crypto.hash('sha1', certificate);
    expect(await decode(await encode(contents, 'secret'), 'secret')).toEqual({
      certificates: [{ der: certificate, friendlyName: 'Client', localKeyId }, { der: issuer }, { der: root }],
      privateKeys: [{ pkcs8, friendlyName: 'Client', localKeyId }],
      skipped: [],
    });
  });

  it.each(pairs)('holds a key of $name', async ({ pkcs8 }) => {
    const { privateKeys } = await decode(await encode({ ...contents, privateKey: pkcs8 }, 'secret'), 'secret');
    expect(privateKeys).toMatchObject([{ pkcs8 }]);
  });

  it.each(['secret', 'pa55 wörd', 'ķēķis', '密码', 'key 🔑', 'x'.repeat(200)])('opens with the passphrase "%s"', async (passphrase) => {
    const file = await encode({ ...contents, friendlyName: passphrase }, passphrase);
    expect(await decode(file, passphrase)).toMatchObject({ privateKeys: [{ pkcs8, friendlyName: passphrase }] });
  });

  it('has no key without a passphrase, and its certificates are there to see', async () => {
    const { privateKey, ...withoutKey } = contents;
    expect(privateKey).toBe(pkcs8);
    const file = await encode(withoutKey, '');
    expect(Buffer.from(file).includes(Buffer.from(certificate))).toBe(true);
    expect(await decode(file, '')).toEqual({
      certificates: [{ der: certificate, friendlyName: 'Client' }, { der: issuer }, { der: root }],
      privateKeys: [],
      skipped: [],
    });
    await expect(encode(contents, '')).rejects.toThrow(errorLike('KeyError', 'passphrase-needed', 'only with a passphrase'));
  });

  it('is another one every time', async () => {
    expect(await encode(contents, 'secret')).not.toEqual(await encode(contents, 'secret'));
  });

  it('is not begun when cancelled, neither way', async () => {
    const cancel = new CancelSource();
    const file = await encode(contents, 'secret');
    cancel.cancel();
    await expect(encodePkcs12(contents, 'secret', encryptor, cancel)).rejects.toBeInstanceOf(Cancelled);
    await expect(decodePkcs12(file, 'secret', crypto, cancel)).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('a PKCS#12 file that does not open', () => {
  let file: Uint8Array;
  beforeAll(async () => {
    file = await encode(contents, 'secret');
  });

  it.each(['', 'Secret', 'secret ', 'ſecret'])('has another passphrase than "%s"', async (wrong) => {
    await expect(decode(file, wrong)).rejects.toThrow(wrongPassphrase);
  });

  it('was altered when its MAC does not fit though the passphrase opens what is in it', async () => {
    const salt = file.length * 8 - 8 * 10;
    await expect(decode(flipped(file, salt), 'secret')).rejects.toThrow(altered);
    await expect(decode(flipped(file, salt), 'wrong')).rejects.toThrow(wrongPassphrase);
    await expect(decode(flipped(file, 8 * 300), 'secret')).rejects.toThrow(altered);
  });

  it('is not called altered for a key that would not open with any passphrase', async () => {
    const foreign = sequence(sequence(oid('1.2.3.4')), octetString(new Uint8Array(16)));
    const sha1 = sequence(sequence(oid(oids.sha1), nullValue), octetString(new Uint8Array(20)));
    const mac = sequence(sha1, octetString(new Uint8Array(8)), integer(1));
    const shrouded = fileOf([encodeShroudedKeyBag(foreign, {})], () => [mac]);
    await expect(decode(shrouded, 'secret')).rejects.toThrow(wrongPassphrase);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a text', utf8('-----BEGIN PKCS12-----')],
    ['a key', pkcs8],
    ['more than any needs', new Uint8Array(1_048_577)],
  ])('is damaged if it is %s', async (_, bytes) => {
    await expect(decode(bytes, 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', ''));
  });

  it('is damaged when it is longer than it says', async () => {
    await expect(decode(concat([file, Uint8Array.of(0)]), 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'left over'));
  });

  it('is a KeyError or the same contents, whatever bit is turned over and wherever it ends', async () => {
    const right = await decode(file, 'secret');
    const bad = [
      ...Array.from({ length: file.length }, (_, byte) => flipped(file, byte * 8 + (byte % 8))),
      ...Array.from({ length: file.length }, (_, length) => file.subarray(0, length)),
    ];
    const answers = await Promise.all(bad.map((bytes) => decode(bytes, 'secret').catch(nameOf)));
    for (const answer of new Set(answers)) expect(['KeyError', right]).toContainEqual(answer);
    expect(answers.filter((answer) => answer === 'KeyError').length).toBeGreaterThan(bad.length - 20);
  });

  it('is not supported when a public key keeps it', async () => {
    const signed = sequence(integer(3), sequence(oid(oids.pkcs7SignedData), explicit(0, sequence())));
    await expect(decode(signed, '')).rejects.toThrow(errorLike('KeyError', 'unsupported', 'kept by a public key'));
    await expect(decode(sequence(integer(4), encodePlainPart(sequence())), '')).rejects.toThrow(
      errorLike('KeyError', 'damaged', 'version: expected 3, found 4'),
    );
  });
});

/** A PKCS#12 file of bags in the clear, with what a `mac` makes of them. */
function fileOf(bags: readonly Uint8Array[], mac: (authenticatedSafe: Uint8Array) => Uint8Array[] = () => []): Uint8Array {
  const authenticatedSafe = sequence(encodePlainPart(sequence(...bags)));
  return sequence(integer(3), encodePlainPart(authenticatedSafe), ...mac(authenticatedSafe));
}

const bag = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), explicit(0, value));

describe('what a PKCS#12 file holds beside certificates and keys', () => {
  it('is named and passed over', async () => {
    const dsa = sequence(integer(0), sequence(oid(oids.dsa)), octetString(new Uint8Array(8)));
    const file = fileOf([
      encodeCertBag(certificate, {}),
      bag(oids.crlBag, sequence(integer(1))),
      bag(oids.secretBag, sequence(integer(1))),
      bag(oids.certBag, sequence(oid('1.2.840.113549.1.9.22.2'), explicit(0, octetString(certificate)))),
      bag(oids.keyBag, dsa),
      bag('1.2.3.4', nullValue),
    ]);
    expect(await decode(file, '')).toEqual({
      certificates: [{ der: certificate }],
      privateKeys: [],
      skipped: ['a CRL', 'a secret that is no private key', 'a certificate that is not X.509', 'a DSA key', 'a bag of type 1.2.3.4'],
    });
  });

  it('is looked for in bags of bags, down to a limit', async () => {
    const nested = (depth: number): Uint8Array =>
      Array.from({ length: depth }).reduce<Uint8Array>((inner) => bag(oids.safeContentsBag, sequence(inner)), bag(oids.keyBag, pkcs8));
    expect(await decode(fileOf([nested(3)]), '')).toMatchObject({ privateKeys: [{ pkcs8 }] });
    await expect(decode(fileOf([nested(40)]), '')).rejects.toThrow(errorLike('KeyError', 'damaged', 'levels'));
  });
});

describe('the MAC of a PKCS#12 file', () => {
  const bags = [encodeCertBag(certificate, {})];
  const digest = (algorithm: Uint8Array, value: Uint8Array): Uint8Array => sequence(algorithm, octetString(value));

  it('may be that of another digest, but none unknown', async () => {
    const unknown = digest(sequence(oid('1.2.3.4'), nullValue), new Uint8Array(20));
    const file = fileOf(bags, () => [sequence(unknown, octetString(new Uint8Array(8)), integer(1))]);
    await expect(decode(file, '')).rejects.toThrow(errorLike('KeyError', 'unsupported', 'a MAC by 1.2.3.4'));
  });

  it('is not worked out for more than 5,000,000 rounds', async () => {
    const sha1 = digest(sequence(oid(oids.sha1), nullValue), new Uint8Array(20));
    const file = fileOf(bags, () => [sequence(sha1, octetString(new Uint8Array(8)), integer(5_000_001))]);
    await expect(decode(file, '')).rejects.toThrow(errorLike('KeyError', 'too-costly', '5000001 rounds'));
  });

  it('stops when cancelled, before its rounds are done', async () => {
    const sha1 = digest(sequence(oid(oids.sha1), nullValue), new Uint8Array(20));
    const file = fileOf(bags, () => [sequence(sha1, octetString(new Uint8Array(8)), integer(5_000_000))]);
    const cancel = new CancelSource();
    setTimeout(() => cancel.cancel(), 5);
    await expect(decodePkcs12(file, '', crypto, cancel)).rejects.toBeInstanceOf(Cancelled);
  });

  describe('by PBMAC1 (RFC 9579)', () => {
    const salt = utf8('salt and pepper');
    const prf = (name: string): Uint8Array => sequence(oid(name), nullValue);

    /** Made by the letter of the RFC with the host's own functions. */
    function pbmac1(
      hash: HashAlgorithm,
      scheme: string,
      keyLength: number | undefined,
      passphrase: Uint8Array,
    ): (safe: Uint8Array) => Uint8Array[] {
      return (safe) => {
        const key = pbkdf2Sync(passphrase, salt, 100, keyLength ?? 32, 'sha256');
        const length = keyLength === undefined ? [] : [integer(keyLength)];
        const derivation = sequence(oid(oids.pbkdf2), sequence(octetString(salt), integer(100), ...length, prf(oids.hmacWithSHA256)));
        const algorithm = sequence(oid(oids.pbmac1), sequence(derivation, prf(scheme)));
        const value = createHmac(hash, key).update(safe).digest();
        return [sequence(digest(algorithm, value), octetString(utf8('not used')), integer(1))];
      };
    }

    it.each([
      ['sha256', oids.hmacWithSHA256, 32],
      ['sha512', oids.hmacWithSHA512, 64],
      ['sha256', oids.hmacWithSHA256, 20],
    ] as const)('with %s fits the passphrase in UTF-8 and no other', async (hash, scheme, keyLength) => {
      const file = fileOf(bags, pbmac1(hash, scheme, keyLength, utf8('ķēķis')));
      expect(await decode(file, 'ķēķis')).toMatchObject({ certificates: [{ der: certificate }] });
      await expect(decode(file, 'kekis')).rejects.toThrow(wrongPassphrase);
    });

    it('is damaged without the length of its key', async () => {
      const file = fileOf(bags, pbmac1('sha256', oids.hmacWithSHA256, undefined, utf8('secret')));
      await expect(decode(file, 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'PBMAC1 keyLength: missing'));
    });
  });
});

describe('an empty passphrase', () => {
  /** PKCS#12's derivation gives different keys for two zero bytes and for none. */
  it.each([
    ['two zero bytes', Uint8Array.of(0, 0)],
    ['no bytes at all', new Uint8Array()],
  ])('may have been taken for %s', async (_, password) => {
    const salt = utf8('12345678');
    const bench = { crypto, cancel: neverCancelled, cost: new CostLimit() };
    const key = await derivePkcs12({ digest: 'sha1', salt, rounds: 3 }, password, 'mac', 20, bench);
    const file = fileOf([encodeCertBag(certificate, {})], (safe) => [
      sequence(sequence(sequence(oid(oids.sha1), nullValue), octetString(crypto.hmac('sha1', key, safe))), octetString(salt), integer(3)),
    ]);
    expect(await decode(file, '')).toMatchObject({ certificates: [{ der: certificate }] });
    await expect(decode(file, 'x')).rejects.toThrow(wrongPassphrase);
  });
});

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));
