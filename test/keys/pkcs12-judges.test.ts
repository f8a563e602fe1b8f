import { beforeAll, describe, expect } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { decodePkcs12, encodePkcs12, type Pkcs12 } from '../../src/keys/pkcs12.ts';
import { toPkcs8 } from '../../src/keys/private-key.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { certtool, certtoolReadPkcs12, certtoolWritePkcs12 } from '../judges/gnutls.ts';
import { keytoolCopy, keytoolList, keytoolWrite } from '../judges/java.ts';
import { nssImport, nssRewrite } from '../judges/nss.ts';
import { openssl, opensslReadPkcs12, opensslWritePkcs12 } from '../judges/openssl.ts';
import { pycaMake, pycaPkcs12 } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { errorLike } from '../mutations.ts';
import { issued, type MadeCertificate, selfSigned } from './certificates.ts';
import { crypto, encryptor } from './host.ts';
import { allKeyPairs, ecKeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const caKey = ecKeyPair('secp384r1');
const key = ecKeyPair('prime256v1');

/** What people really type, and what they may. */
const passphrases = ['secret', 'pa55 wörd', 'ķēķis 🔑'];

let ca: MadeCertificate;
let leaf: MadeCertificate;
let files: Map<string, Uint8Array>;
let withoutKey: Uint8Array;

const encode = (contents: Parameters<typeof encodePkcs12>[0], passphrase: string): Promise<Uint8Array> =>
  encodePkcs12(contents, passphrase, encryptor, neverCancelled);
const decode = (file: Uint8Array, passphrase: string): Promise<Pkcs12> => decodePkcs12(file, passphrase, crypto, neverCancelled);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

beforeAll(async () => {
  ca = selfSigned(caKey, 'Root');
  leaf = issued(key, 'Client', ca, caKey);
  const contents = { privateKey: key.pkcs8, certificate: leaf.der, chain: [ca.der], friendlyName: 'Ozols' };
  files = new Map(await Promise.all(passphrases.map(async (one) => [one, await encode(contents, one)] as const)));
  withoutKey = await encode({ certificate: leaf.der, chain: [ca.der], friendlyName: 'Ozols' }, '');
});

const fileWith = (passphrase: string): Uint8Array => files.get(passphrase) ?? new Uint8Array();

describe('our PKCS#12 files', () => {
  testWith('openssl').each(passphrases)('are opened by OpenSSL with "%s"', (passphrase) => {
    const shown = opensslReadPkcs12(fileWith(passphrase), passphrase);
    expect(shown.match(/-----BEGIN [A-Z ]+-----/g)).toEqual([
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN PRIVATE KEY-----',
    ]);
    expect(shown.match(/friendlyName: Ozols/g)).toHaveLength(2);
    expect(shown).toContain(key.pem);
    expect(shown).toContain(leaf.pem);
    expect(() => opensslReadPkcs12(fileWith(passphrase), 'wrong')).toThrow('Mac verify error');
  });

  testWith('openssl')('are AES-256 and SHA-256 throughout, as OpenSSL sees it', () => {
    const { errors } = openssl(['pkcs12', '-info', '-noout', '-in', fileOf(fileWith('secret'), '.p12'), '-passin', 'pass:secret']);
    expect(errors.split('\n').map((line) => line.trim())).toEqual([
      'MAC: sha256, Iteration 10',
      'MAC length: 32, salt length: 16',
      'PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 10, PRF hmacWithSHA256',
      'Certificate bag',
      'Certificate bag',
      'PKCS7 Data',
      'Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 10, PRF hmacWithSHA256',
      '',
    ]);
  });

  testWith('certtool').each(passphrases)('are opened by GnuTLS with "%s"', (passphrase) => {
    const shown = certtoolReadPkcs12(fileWith(passphrase), passphrase);
    expect(shown.match(/Friendly name: Ozols/g)).toHaveLength(2);
    expect(shown).toContain(leaf.pem);
    expect(() => certtoolReadPkcs12(fileWith(passphrase), 'wrong')).toThrow('');
  });

  testWith('pk12util').each(passphrases)('are opened by NSS with "%s"', (passphrase) => {
    expect(nssImport(fileWith(passphrase), passphrase)).toMatch(/^Ozols +u,u,u$/m);
  });

  // Java encrypts keys under passphrases in ASCII only ("Password is not ASCII").
  testWith('keytool')('are opened by Java, chain and key', async () => {
    const listed = keytoolList(fileWith('secret'), 'secret');
    expect(listed).toMatch(/Alias name: ozols.+PrivateKeyEntry.+Certificate chain length: 2/s);
    const copied = await decode(keytoolCopy(fileWith('secret'), 'secret'), 'secret');
    expect(copied.privateKeys.map(({ pkcs8 }) => toPkcs8(pkcs8))).toEqual([key.pkcs8]);
    expect(copied.certificates.map(({ der }) => der)).toEqual([leaf.der, ca.der]);
  });

  testWith('pyca')('are opened by pyca, with every kind of key', async () => {
    const made = await Promise.all(pairs.map(async (pair) => ({ pair, certificate: selfSigned(pair, pair.name) })));
    const questions = await Promise.all(
      made.map(async ({ pair, certificate }) => ({
        file: await encode({ privateKey: pair.pkcs8, certificate: certificate.der, chain: [ca.der], friendlyName: 'ķēķis' }, 'ķēķis'),
        passphrase: 'ķēķis',
      })),
    );
    expect(pycaPkcs12(questions)).toEqual(
      made.map(({ pair, certificate }) => ({
        key: expect.objectContaining({ publicKeyInfo: base64(pair.spki) }),
        certificate: { der: base64(certificate.der), name: 'ķēķis' },
        others: [{ der: base64(ca.der), name: null }],
      })),
    );
  });

  testWith(
    'openssl',
    'certtool',
    'pk12util',
    'keytool',
    'pyca',
  )('are opened by all of them without a key and a passphrase', () => {
    expect(opensslReadPkcs12(withoutKey, '')).toContain(leaf.pem);
    expect(certtool(['--p12-info', '--inder', '--empty-password', '--infile', fileOf(withoutKey, '.p12')]).text).toContain(leaf.pem);
    expect(nssImport(withoutKey, '')).toMatch(/^Ozols +,, /m);
    expect(keytoolList(withoutKey, '').match(/trustedCertEntry/g)).toHaveLength(2);
    expect(pycaPkcs12([{ file: withoutKey, passphrase: '' }])).toMatchObject([{ key: null, others: [{ name: 'Ozols' }, { name: null }] }]);
  });
});

describe('their PKCS#12 files', () => {
  const judged = testWith('openssl');
  judged.each([
    '',
    '-legacy',
    '-legacy -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-2DES',
    '-legacy -certpbe PBE-SHA1-RC4-40 -keypbe PBE-SHA1-RC2-128',
    '-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES',
    '-certpbe AES-128-CBC -keypbe DES-EDE3-CBC',
    '-certpbe NONE -keypbe NONE',
    '-certpbe NONE -nomac',
    '-nomaciter -noiter',
    '-macalg md5',
    '-macalg sha384',
    '-macalg sha512',
  ])('of OpenSSL with %s are opened', async (options) => {
    const more = ['-certfile', fileOf(ca.pem, '.pem'), '-name', 'Ķēķis', '-caname', 'Sakne', ...options.split(' ').filter(Boolean)];
    for (const passphrase of [...passphrases, '']) {
      const file = opensslWritePkcs12(key.pem, leaf.pem, passphrase, more);
      const localKeyId = crypto.hash('sha1', leaf.der);
      expect(await decode(file, passphrase)).toEqual({
        certificates: [
          { der: leaf.der, friendlyName: 'Ķēķis', localKeyId },
          { der: ca.der, friendlyName: 'Sakne' },
        ],
        privateKeys: [{ pkcs8: key.pkcs8, friendlyName: 'Ķēķis', localKeyId }],
        skipped: [],
      });
    }
  });

  judged.each(['', '-legacy', '-nomac'])('of OpenSSL with %s do not open with another passphrase', async (options) => {
    const file = opensslWritePkcs12(key.pem, leaf.pem, 'secret', options.split(' ').filter(Boolean));
    for (const wrong of ['', 'Secret', 'ķēķis']) {
      await expect(decode(file, wrong)).rejects.toThrow(errorLike('KeyError', 'wrong-passphrase', ''));
    }
  });

  judged('of OpenSSL with many certificates and no key are opened', async () => {
    const args = ['pkcs12', '-export', '-nokeys', '-in', fileOf(leaf.pem + ca.pem.repeat(20), '.pem'), '-passout', 'pass:secret'];
    const { certificates, privateKeys } = await decode(openssl(args).bytes, 'secret');
    expect(certificates.map(({ der }) => hex(der))).toEqual([leaf, ...Array.from({ length: 20 }, () => ca)].map(({ der }) => hex(der)));
    expect(privateKeys).toEqual([]);
  });

  // GnuTLS and NSS hash a passphrase 600,000 times for the MAC, which takes a second each.
  testWith('certtool', 'openssl')('of GnuTLS are opened', async () => {
    const file = certtoolWritePkcs12(key.pem, leaf.pem + ca.pem, 'ķēķis', 'Ozols');
    const { certificates, privateKeys } = await decode(file, 'ķēķis');
    expect(certificates.map(({ der }) => der)).toEqual([leaf.der, ca.der]);
    expect(privateKeys).toMatchObject([{ pkcs8: key.pkcs8, friendlyName: 'Ozols' }]);
  });

  testWith('pk12util', 'openssl')('of NSS, which are BER, are opened', async () => {
    const file = nssRewrite(fileWith('ķēķis 🔑'), 'ķēķis 🔑', 'Ozols');
    expect(hex(file)).toMatch(/^3080020103/);
    const { certificates, privateKeys } = await decode(file, 'ķēķis 🔑');
    const own = certificates.find(({ friendlyName }) => friendlyName === 'Ozols');
    expect(own?.der).toEqual(leaf.der);
    expect(certificates.map(({ der }) => hex(der)).sort()).toEqual([hex(leaf.der), hex(ca.der)].sort());
    expect(privateKeys).toMatchObject([{ pkcs8: key.pkcs8, friendlyName: 'Ozols', localKeyId: own?.localKeyId }]);
  });

  testWith('keytool').each([
    ['P-256', '-keyalg EC -groupname secp256r1'],
    ['P-384, in the old form', '-keyalg EC -groupname secp384r1 -J-Dkeystore.pkcs12.legacy'],
  ])('of Java with %s are opened', async (_, options) => {
    const { certificates, privateKeys } = await decode(keytoolWrite('ozols', 'secret', options.split(' ')), 'secret');
    expect(certificates).toMatchObject([{ friendlyName: 'ozols' }]);
    expect(privateKeys).toMatchObject([{ friendlyName: 'ozols', localKeyId: certificates[0]?.localKeyId }]);
  });

  testWith('pyca')('of pyca are opened', async () => {
    for (const made of pycaMake(['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'], 'ķēķis')) {
      for (const [form, passphrase] of [
        ['pkcs12 none', ''],
        ['pkcs12 best', 'ķēķis'],
        ['pkcs12 aes-256', 'ķēķis'],
        ['pkcs12 3des', 'ķēķis'],
      ] as const) {
        const { certificates, privateKeys } = await decode(made[form], passphrase);
        expect(certificates).toMatchObject([{ der: made.certificate, friendlyName: 'pyca' }]);
        expect(privateKeys).toMatchObject([{ pkcs8: toPkcs8(made.pkcs8), friendlyName: 'pyca' }]);
      }
    }
  });
});
