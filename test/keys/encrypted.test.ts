import { describe, expect, it } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { oids } from '../../src/der/oids.ts';
import { integer, nullValue, octetString, oid, sequence } from '../../src/der/writer.ts';
import { decryptPrivateKey, encryptPrivateKey } from '../../src/keys/encrypted.ts';
import { toPkcs8 } from '../../src/keys/private-key.ts';
import { Cancelled, CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import type { Crypto } from '../../src/platform/crypto.ts';
import { flipped } from '../bytes.ts';
import { certtool } from '../judges/gnutls.ts';
import { goKeys } from '../judges/go.ts';
import { openssl } from '../judges/openssl.ts';
import { pycaKeys, pycaMake } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { errorLike } from '../mutations.ts';
import { crypto, encryptor } from './host.ts';
import { allKeyPairs, ecKeyPair, ed25519KeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const ed25519 = ed25519KeyPair();

/** Latin, Latvian, Chinese and one outside the Basic Multilingual Plane. */
const passphrases = ['secret', 'pa55 wörd', 'ķēķis', '密码', 'key 🔑', 'x'.repeat(200)];

const encrypt = (pkcs8: Uint8Array, passphrase: string): Promise<Uint8Array> =>
  encryptPrivateKey(pkcs8, passphrase, encryptor, neverCancelled);
const decrypt = (der: Uint8Array, passphrase: string): Promise<Uint8Array> => decryptPrivateKey(der, passphrase, crypto, neverCancelled);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** EncryptedPrivateKeyInfo with PBES2 of our writing but for its parameters. */
function pbes2(derivation: Uint8Array, cipher = sequence(oid(oids.aes256Cbc), octetString(new Uint8Array(16)))): Uint8Array {
  return sequence(sequence(oid(oids.pbes2), sequence(derivation, cipher)), octetString(new Uint8Array(64)));
}

function pbkdf2(rounds: number | Uint8Array, ...more: Uint8Array[]): Uint8Array {
  return sequence(oid(oids.pbkdf2), sequence(octetString(new Uint8Array(16)), integer(rounds), ...more));
}

const nameOfNone = (): string => 'no error';
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

describe('an encrypted private key', () => {
  it.each(pairs)('of $name is what was encrypted', async ({ pkcs8 }) => {
    expect(await decrypt(await encrypt(pkcs8, 'secret'), 'secret')).toEqual(pkcs8);
  });

  it.each(passphrases)('opens with the passphrase "%s"', async (passphrase) => {
    expect(await decrypt(await encrypt(ed25519.pkcs8, passphrase), passphrase)).toEqual(ed25519.pkcs8);
  });

  it('is another one every time', async () => {
    expect(await encrypt(ed25519.pkcs8, 'secret')).not.toEqual(await encrypt(ed25519.pkcs8, 'secret'));
  });

  testWith('openssl')('is AES-256 under PBKDF2-HMAC-SHA-256 with the rounds asked for', async () => {
    const der = await encryptPrivateKey(ed25519.pkcs8, 'secret', { ...encryptor, rounds: 1234 }, neverCancelled);
    const { text } = openssl(['asn1parse', '-inform', 'DER'], der);
    expect(text).toMatch(/PBES2.*PBKDF2.*:04D2\n.*hmacWithSHA256.*aes-256-cbc/s);
  });

  it('does not open with another passphrase', async () => {
    const der = await encrypt(ed25519.pkcs8, 'secret');
    for (const wrong of ['', 'Secret', 'secret ']) {
      await expect(decrypt(der, wrong)).rejects.toThrow(errorLike('KeyError', 'wrong-passphrase', 'the passphrase does not decrypt'));
    }
  });

  it('does not begin when it is cancelled', async () => {
    const cancel = new CancelSource();
    cancel.cancel();
    await expect(encryptPrivateKey(ed25519.pkcs8, 'secret', encryptor, cancel)).rejects.toBeInstanceOf(Cancelled);
    await expect(decryptPrivateKey(await encrypt(ed25519.pkcs8, 'secret'), 'secret', crypto, cancel)).rejects.toBeInstanceOf(Cancelled);
  });

  it('is damaged with less than whole blocks, whatever the passphrase', async () => {
    const algorithm = (await encrypt(ed25519.pkcs8, 'secret')).subarray(3, -66);
    for (const length of [0, 1, 63]) {
      const der = sequence(algorithm, octetString(new Uint8Array(length)));
      await expect(decrypt(der, 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'expected whole blocks of 16 bytes'));
    }
  });

  it('is not supported when the key in it is not', async () => {
    const dsa = sequence(integer(0), sequence(oid(oids.dsa)), octetString(new Uint8Array(8)));
    await expect(decrypt(await encrypt(dsa, 'secret'), 'secret')).rejects.toThrow(errorLike('KeyError', 'unsupported', 'a DSA key'));
  });

  it('is damaged when the passphrase opens a SEQUENCE that is no key', async () => {
    await expect(decrypt(await encrypt(sequence(integer(0)), 'secret'), 'secret')).rejects.toThrow(
      errorLike('KeyError', 'damaged', 'private key'),
    );
  });

  it('is refused as a KeyError whatever bit is turned over and wherever it ends', async () => {
    const der = await encrypt(ed25519.pkcs8, 'secret');
    const bad = [
      ...Array.from({ length: der.length * 8 }, (_, bit) => flipped(der, bit)),
      ...Array.from({ length: der.length }, (_, length) => der.subarray(0, length)),
      concat([der, Uint8Array.of(0)]),
    ];
    const answers = await Promise.all(bad.map((bytes) => decrypt(bytes, 'secret').then(nameOfNone, nameOf)));
    expect(new Set(answers)).toEqual(new Set(['no error', 'KeyError']));
    // A bit of the IV or of a whole block may change bytes of the seed and leave everything else well.
    expect(answers.filter((answer) => answer === 'KeyError').length).toBeGreaterThan(bad.length * 0.6);
  });

  it('leaves nothing secret in the memory it used', async () => {
    const der = await encrypt(ed25519.pkcs8, 'secret');
    const secrets: Uint8Array[] = [];
    const note = (bytes: Uint8Array): Uint8Array => {
      secrets.push(bytes);
      return bytes;
    };
    const watched: Crypto = Object.assign(Object.create(crypto), {
      pbkdf2: async (...[digest, password, ...rest]: Parameters<Crypto['pbkdf2']>) =>
        note(await crypto.pbkdf2(digest, note(password), ...rest)),
      decryptCbc: (...args: Parameters<Crypto['decryptCbc']>) => note(crypto.decryptCbc(...args)),
    });
    await decryptPrivateKey(der, 'secret', watched, neverCancelled);
    expect(secrets.map(({ length }) => length)).toEqual([6, 32, 48]);
    expect(secrets.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
});

describe('the work that an encrypted key asks for', () => {
  const tooCostly = (message: string): object => errorLike('KeyError', 'too-costly', message);

  it('is refused above 5,000,000 rounds', async () => {
    await expect(decrypt(pbes2(pbkdf2(5_000_001)), 'secret')).rejects.toThrow(tooCostly('5000001 rounds'));
    await expect(decrypt(pbes2(pbkdf2(new Uint8Array(20).fill(0x7f))), 'secret')).rejects.toThrow(tooCostly('Infinity rounds'));
  });

  it('is refused for scrypt of more than 32 MiB, or many passes over it', async () => {
    const scrypt = (cost: number, blockSize: number, parallel: number): Uint8Array =>
      sequence(oid(oids.scrypt), sequence(octetString(new Uint8Array(16)), integer(cost), integer(blockSize), integer(parallel)));
    await expect(decrypt(pbes2(scrypt(65_536, 8, 1)), 'secret')).rejects.toThrow(tooCostly('67109888 bytes of memory'));
    await expect(decrypt(pbes2(scrypt(16, 8, 17)), 'secret')).rejects.toThrow(tooCostly('17 passes'));
    await expect(decrypt(pbes2(scrypt(15, 8, 1)), 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'scrypt'));
  });

  it('is damaged with no rounds, or fewer', async () => {
    await expect(decrypt(pbes2(pbkdf2(0)), 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'at least 1 round'));
    await expect(decrypt(pbes2(pbkdf2(-1)), 'secret')).rejects.toThrow(errorLike('KeyError', 'damaged', 'a positive number'));
  });

  it('is damaged with a key length that is not the cipher’s', async () => {
    await expect(decrypt(pbes2(pbkdf2(1, integer(16))), 'secret')).rejects.toThrow(
      errorLike('KeyError', 'damaged', 'keyLength: expected 32, found 16'),
    );
  });

  const unknown = sequence(oid('1.2.3.4'), nullValue);

  it.each([
    ['derivation', pbes2(unknown), 'the key derivation 1.2.3.4'],
    ['pseudo-random function', pbes2(pbkdf2(1, unknown)), 'the pseudo-random function 1.2.3.4'],
    ['cipher', pbes2(pbkdf2(1), unknown), 'the cipher 1.2.3.4'],
    ['scheme', sequence(unknown, octetString(new Uint8Array(16))), 'the encryption 1.2.3.4'],
  ])('is not supported with an unknown %s', async (_, der, message) => {
    await expect(decrypt(der, 'secret')).rejects.toThrow(errorLike('KeyError', 'unsupported', message));
  });
});

describe('encrypted keys between us and others', () => {
  testWith('openssl', 'certtool')('OpenSSL and GnuTLS open ours, with every passphrase', async () => {
    for (const passphrase of passphrases) {
      const der = await encrypt(ed25519.pkcs8, passphrase);
      const path = fileOf(der, '.der');
      expect(openssl(['pkcs8', '-inform', 'DER', '-in', path, '-outform', 'DER', '-passin', `pass:${passphrase}`]).bytes).toEqual(
        ed25519.pkcs8,
      );
      const shown = certtool(['--pubkey-info', '--load-privkey', path, '--pkcs8', '--inder', '--password', passphrase]).text;
      expect(shown).toContain('EdDSA (Ed25519)');
    }
  });

  testWith('openssl', 'pyca')('OpenSSL and pyca open ours, of every kind', async () => {
    const files = await Promise.all(pairs.map(async ({ pkcs8 }) => ({ key: await encrypt(pkcs8, 'ķēķis'), passphrase: 'ķēķis' })));
    for (const { key } of files) openssl(['pkey', '-inform', 'DER', '-check', '-noout', '-passin', 'pass:ķēķis'], key);
    expect(pycaKeys(files)).toMatchObject(pairs.map(({ spki }) => ({ publicKeyInfo: base64(spki) })));
  });

  testWith('go-judge')('Go reads what we decrypt', async () => {
    const opened = await Promise.all(pairs.map(async ({ pkcs8 }) => decrypt(await encrypt(pkcs8, 'secret'), 'secret')));
    expect(goKeys(opened)).toMatchObject(pairs.map(({ spki }) => ({ publicKeyInfo: base64(spki) })));
  });

  const p256 = ecKeyPair('prime256v1');

  const judged = testWith('openssl');
  judged.each([
    '-v2 aes-256-cbc',
    '-v2 aes-192-cbc -v2prf hmacWithSHA1',
    '-v2 aes-128-cbc -v2prf hmacWithSHA224',
    '-v2 aes-256-cbc -v2prf hmacWithSHA384',
    '-v2 aes-256-cbc -v2prf hmacWithSHA512',
    '-v2 des3 -v2prf hmacWithSHA1',
    '-v2 des-cbc',
    '-v2 rc2-cbc',
    '-v2 rc2-64-cbc',
    '-v1 PBE-MD5-DES',
    '-v1 PBE-SHA1-DES',
    '-v1 PBE-MD5-RC2-64',
    '-v1 PBE-SHA1-RC2-64',
    '-v1 PBE-SHA1-3DES',
    '-v1 PBE-SHA1-2DES',
    '-v1 PBE-SHA1-RC2-128',
    '-v1 PBE-SHA1-RC2-40',
    '-v1 PBE-SHA1-RC4-128',
    '-v1 PBE-SHA1-RC4-40',
    '-scrypt',
  ])('we open OpenSSL’s with %s', async (options) => {
    for (const passphrase of ['secret', 'ķēķis 🔑', '']) {
      const args = ['-topk8', '-outform', 'DER', '-iter', '100', '-passout', `pass:${passphrase}`, ...options.split(' ')];
      const der = openssl(['pkcs8', ...args, '-provider', 'legacy', '-provider', 'default'], p256.pem).bytes;
      expect(await decrypt(der, passphrase)).toEqual(p256.pkcs8);
      await expect(decrypt(der, 'another')).rejects.toThrow(errorLike('KeyError', 'wrong-passphrase', ''));
    }
  });

  // GnuTLS hashes the passphrase 600,000 times, which the older schemes can't do at speed: of these just the quickest.
  testWith('certtool').each(['aes-256', '3des', 'arcfour'])('we open GnuTLS’ with %s', async (cipher) => {
    const args = ['--to-p8', '--outder', '--load-privkey', fileOf(p256.pem, '.pem'), '--pkcs-cipher', cipher, '--password', 'ķēķis'];
    expect(await decrypt(certtool(args).bytes, 'ķēķis')).toEqual(p256.pkcs8);
  });

  testWith('pyca')('we open pyca’s', async () => {
    for (const made of pycaMake(['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'], 'ķēķis')) {
      expect(await decrypt(made.pkcs8Encrypted, 'ķēķis')).toEqual(toPkcs8(made.pkcs8));
    }
  });
});
