import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/bytes/utf8.ts';
import { integer, sequence } from '../../src/der/writer.ts';
import { encryptPrivateKey } from '../../src/keys/encrypted.ts';
import { isPrivateKeyLabel, openPrivateKey, openPrivateKeyBlock } from '../../src/keys/key-file.ts';
import { toPkcs8 } from '../../src/keys/private-key.ts';
import { decodePem, encodePem } from '../../src/pem/pem.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { certtoolKey } from '../judges/gnutls.ts';
import { openssl } from '../judges/openssl.ts';
import { pycaMake } from '../judges/pyca.ts';
import { testWith } from '../judges/run.ts';
import { errorLike } from '../mutations.ts';
import { crypto, encryptor } from './host.ts';
import { allKeyPairs, ecKeyPair, rsaKeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const rsa = rsaKeyPair(1024);
const p256 = ecKeyPair('prime256v1');

/** The private key of the last block of a text, as a file has it. */
function open(pem: string, passphrase = ''): Promise<Uint8Array> {
  const block = decodePem(pem).findLast(({ label }) => isPrivateKeyLabel(label));
  return openPrivateKeyBlock(block ?? { label: 'none', der: new Uint8Array() }, passphrase, crypto, neverCancelled);
}

const failing = (code: string, message: string): object => errorLike('KeyError', code, message);

describe('a private key in PEM', () => {
  it.each(pairs)('of $name opens in the clear', async ({ pem, pkcs8 }) => {
    expect(await open(pem)).toEqual(pkcs8);
  });

  it.each(pairs)('of $name opens in its older form', async ({ traditional, pkcs8 }) => {
    for (const label of ['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY']) {
      expect(await open(encodePem(label, traditional))).toEqual(pkcs8);
    }
  });

  it('opens with its passphrase only, and says whether one is needed', async () => {
    const pem = encodePem('ENCRYPTED PRIVATE KEY', await encryptPrivateKey(p256.pkcs8, 'secret', encryptor, neverCancelled));
    expect(await open(pem, 'secret')).toEqual(p256.pkcs8);
    await expect(open(pem)).rejects.toThrow(failing('passphrase-needed', 'a passphrase is needed'));
    await expect(open(pem, 'wrong')).rejects.toThrow(failing('wrong-passphrase', 'does not decrypt'));
  });

  it('opens with an empty passphrase if that is what it has', async () => {
    const der = await encryptPrivateKey(p256.pkcs8, '', encryptor, neverCancelled);
    expect(await open(encodePem('ENCRYPTED PRIVATE KEY', der))).toEqual(p256.pkcs8);
  });

  it('needs no passphrase in the clear, and takes one', async () => {
    expect(await open(p256.pem, 'secret')).toEqual(p256.pkcs8);
  });

  it.each([
    ['of OpenSSH', 'OPENSSH PRIVATE KEY', 'in the format of OpenSSH'],
    ['DSA', 'DSA PRIVATE KEY', 'a DSA key'],
  ])('that is %s is not supported', async (_, label, message) => {
    await expect(open(encodePem(label, utf8('anything')))).rejects.toThrow(failing('unsupported', message));
  });

  it.each([
    ['PRIVATE KEY', true],
    ['ENCRYPTED PRIVATE KEY', true],
    ['RSA PRIVATE KEY', true],
    ['OPENSSH PRIVATE KEY', true],
    ['PUBLIC KEY', false],
    ['CERTIFICATE', false],
    ['EC PARAMETERS', false],
    ['PRIVATE KEY SHARE', false],
  ])('is what has the label %s: %s', (label, expected) => {
    expect(isPrivateKeyLabel(label)).toBe(expected);
  });
});

describe('a private key in DER', () => {
  const openDer = (der: Uint8Array, passphrase = ''): Promise<Uint8Array> => openPrivateKey(der, passphrase, crypto, neverCancelled);

  it('opens in any of its forms', async () => {
    for (const { pkcs8, traditional } of pairs) {
      expect(await openDer(pkcs8)).toEqual(pkcs8);
      expect(await openDer(traditional)).toEqual(pkcs8);
      expect(await openDer(await encryptPrivateKey(pkcs8, 'secret', encryptor, neverCancelled), 'secret')).toEqual(pkcs8);
    }
  });

  it('is damaged if it is something else', async () => {
    await expect(openDer(utf8('no key'))).rejects.toThrow(failing('damaged', 'expected SEQUENCE'));
    await expect(openDer(sequence())).rejects.toThrow(failing('damaged', ''));
    await expect(openDer(new Uint8Array(70_000))).rejects.toThrow(failing('damaged', 'at most 65536 bytes'));
  });

  it('is not supported in OpenSSL’s old form of DSA', async () => {
    await expect(openDer(sequence(...[0, 1, 2, 3, 4, 5].map((part) => integer(part))))).rejects.toThrow(
      failing('unsupported', 'a DSA key'),
    );
  });
});

describe('a private key under the old PEM headers', () => {
  const judged = testWith('openssl');

  judged.each(['aes128', 'aes192', 'aes256', 'des3', 'des'])('opens when OpenSSL wrote it with -%s', async (cipher) => {
    for (const { pem, pkcs8, name } of [rsa, p256]) {
      const command = name === 'RSA-1024' ? 'rsa' : 'ec';
      const legacy = ['-provider', 'legacy', '-provider', 'default'];
      for (const passphrase of ['secret', 'ķēķis 🔑']) {
        const { text } = openssl(
          [command, ...(command === 'rsa' ? ['-traditional'] : []), `-${cipher}`, '-passout', `pass:${passphrase}`, ...legacy],
          pem,
        );
        expect(text).toContain('Proc-Type: 4,ENCRYPTED');
        expect(await open(text, passphrase)).toEqual(pkcs8);
        await expect(open(text, 'another')).rejects.toThrow(failing('wrong-passphrase', 'does not decrypt'));
        await expect(open(text)).rejects.toThrow(failing('passphrase-needed', ''));
      }
    }
  });

  testWith('pyca')('opens when pyca wrote it', async () => {
    for (const { traditionalEncryptedPem, pkcs8 } of pycaMake(['RSA-2048', 'P-256', 'P-384', 'P-521'], 'ķēķis')) {
      expect(await open(Buffer.from(traditionalEncryptedPem ?? []).toString(), 'ķēķis')).toEqual(toPkcs8(pkcs8));
    }
  });

  const block = (dekInfo: string | undefined, der: Uint8Array): Promise<Uint8Array> => {
    const headers = new Map([['Proc-Type', '4,ENCRYPTED'], ...(dekInfo === undefined ? [] : [['DEK-Info', dekInfo] as const])]);
    return openPrivateKeyBlock({ label: 'RSA PRIVATE KEY', der, headers }, 'secret', crypto, neverCancelled);
  };

  it.each([
    ['no DEK-Info', undefined, 'damaged', 'expected a header DEK-Info'],
    ['no IV', 'AES-128-CBC', 'damaged', 'expected an IV of 16 bytes'],
    ['an IV that is too short', 'AES-128-CBC,00', 'damaged', 'expected an IV of 16 bytes'],
    ['an IV that is no number', `AES-128-CBC,${'z'.repeat(32)}`, 'damaged', 'expected an IV of 16 bytes'],
    ['half a block', `DES-CBC,${'0'.repeat(16)}`, 'damaged', 'expected whole blocks of 8 bytes, found 12 bytes'],
    ['an unknown cipher', 'CAMELLIA-256-CBC,00', 'unsupported', 'the cipher "CAMELLIA-256-CBC"'],
    ['a cipher with control characters', '\u001b[2J,00', 'unsupported', String.raw`the cipher "\u001b[2J"`],
  ])('does not open with %s', async (_, dekInfo, code, message) => {
    await expect(block(dekInfo, new Uint8Array(12))).rejects.toThrow(failing(code, message));
  });
});

describe('keys that others make', () => {
  testWith('certtool').each([
    ['rsa', '--bits=2048'],
    ['ecdsa', '--curve=secp256r1'],
    ['ecdsa', '--curve=secp384r1'],
    ['ecdsa', '--curve=secp521r1'],
    ['ed25519', '--no-text'],
  ])('GnuTLS’ %s %s opens, and OpenSSL sees the same key in ours', async (type, option) => {
    const pem = certtoolKey(type, option);
    const publicKey = openssl(['pkey', '-pubout', '-outform', 'DER'], pem).bytes;
    expect(openssl(['pkey', '-inform', 'DER', '-pubout', '-outform', 'DER'], await open(pem)).bytes).toEqual(publicKey);
  });
});
