import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { isPrivateKeyLabel, openPrivateKey, openPrivateKeyBlock } from '../../src/keys/key-file.ts';
import { decodePkcs12, type Pkcs12 } from '../../src/keys/pkcs12.ts';
import { decodePrivateKey, matches, publicKeyOf } from '../../src/keys/private-key.ts';
import { decodePem } from '../../src/pem/pem.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { decodeCertificate } from '../../src/x509/certificate.ts';
import { pycaVectors } from '../judges/pyca.ts';
import { testWith } from '../judges/run.ts';
import { crypto } from './host.ts';

const judged = testWith('pyca');

let folder: string | undefined;

/** Asked for once: it takes a Python to tell. */
function vectors(): string {
  folder ??= pycaVectors();
  return folder;
}

/** The files of cryptography-vectors by folder, with the passphrases that pyca's tests give them, and what becomes of them here. */
const keyFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'asymmetric/PKCS8': {
    'bad-encryption-oid.pem': 'unsupported',
    'bad-oid-dsa-key.pem': 'unsupported',
    'ec-consistent-curve.pem': 'ec',
    'ec-inconsistent-curve.pem': 'damaged',
    'ec-inconsistent-curve2.pem': 'damaged',
    'ec-invalid-private-scalar.pem': 'damaged',
    'ec-invalid-version.pem': 'damaged',
    'ec_oid_not_in_reg_private_2.pkcs8.pem': 'unsupported',
    'ec_private_key.pem': 'ec',
    'ec_private_key_encrypted.pem 123456': 'ec',
    'ecc_private_with_rfc5915_ext.pem': 'ec',
    'ed25519-scrypt.pem hunter42': 'ed25519',
    'enc-ec-sha1-128-rc4.pem password': 'ec',
    'enc-rsa-3des.pem password': 'rsa',
    'enc-rsa-pkcs8-pbkdf2-0iter.pem': 'damaged',
    'enc-rsa-pkcs8.pem foobar': 'rsa',
    'enc-rsa-pkcs8.pem foobaz': 'wrong-passphrase',
    'enc-unknown-algorithm.pem password': 'unsupported',
    'enc-unknown-kdf.pem password': 'unsupported',
    'enc-unknown-pbkdf2-prf.pem password': 'unsupported',
    'enc2-rsa-pkcs8.pem baz': 'rsa',
    'nodompar_private.pkcs8.pem': 'unsupported',
    'pkcs12_s2k_pem-X_9607.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9671.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9925.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9926.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9927.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9928.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9929.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9930.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9931.pem 123456': 'rsa',
    'pkcs12_s2k_pem-X_9932.pem 123456': 'rsa',
    'private.pem': 'unsupported',
    'rsa-40bitrc2.pem baz': 'rsa',
    'rsa-aes-192-cbc.pem PolarSSLTest': 'rsa',
    'rsa-pbe-3des-long-salt.pem password': 'rsa',
    'rsa-pbewithmd5anddescbc.pem hunter2': 'rsa',
    'rsa-rc2-cbc-effective-key-length.pem password': 'unsupported',
    'rsa-rc2-cbc.pem Red Hat Enterprise Linux 7.4': 'rsa',
    'rsa_pkcs8_pbes2_pbkdf2_2048_3des_sha224.pem PolarSSLTest': 'rsa',
    'rsa_pkcs8_pbes2_pbkdf2_2048_3des_sha384.pem PolarSSLTest': 'rsa',
    'rsa_pkcs8_pbes2_pbkdf2_2048_3des_sha512.pem PolarSSLTest': 'rsa',
    'rsa_pss_2048.pem': 'unsupported',
    'unenc-dsa-pkcs8.pem': 'unsupported',
    'unenc-rsa-pkcs8.pem': 'rsa',
    'unknown-oid.der': 'unsupported',
    'withdompar_private.pkcs8.pem': 'unsupported',
    'wrong-pem-delimiter-rsa.pem': 'rsa',
  },
  'asymmetric/Traditional_OpenSSL_Serialization': {
    'dsa.1024.pem': 'unsupported',
    'key1-malformed-dek-info.pem 123456': 'damaged',
    'key1-malformed-iv.pem 123456': 'damaged',
    'key1-no-dek-info.pem 123456': 'damaged',
    'key1-short-iv.pem 123456': 'damaged',
    'key1.pem': 'passphrase-needed',
    'key1.pem 123456': 'rsa',
    'key1.pem a123456': 'wrong-passphrase',
    'key2.pem a123456': 'rsa',
    'rsa-wrong-version.pem': 'damaged',
    'testrsa-encrypted.pem password': 'rsa',
    'testrsa.pem': 'rsa',
  },
  'asymmetric/PEM_Serialization': {
    'dsa_private_key.pem 123456': 'unsupported',
    'ec_private_key.pem': 'ec',
    'ec_private_key_encrypted.pem 123456': 'ec',
    'rsa-bad-1025-q-is-2.pem': 'damaged',
    'rsa_private_key.pem 123456': 'rsa',
  },
  'asymmetric/DER_Serialization': {
    'dsa.1024.der': 'unsupported',
    'ec_private_key.der': 'ec',
    'ec_private_key_encrypted.der 123456': 'ec',
    'enc-rsa-pkcs8.der foobar': 'rsa',
    'enc2-rsa-pkcs8.der baz': 'rsa',
    'testrsa.der': 'rsa',
    'unenc-dsa-pkcs8.der': 'unsupported',
    'unenc-rsa-pkcs8.der': 'rsa',
  },
  'asymmetric/EC': {
    'ec-missing-curve.pem': 'unsupported',
    'ec_private_key_non_zero_unused_bits.der': 'damaged',
    'explicit_parameters_private_key.pem': 'unsupported',
    'high-bit-set.pem': 'ec',
    'secp128r1_private_key.pem': 'unsupported',
    'secp256r1-explicit-seed.pem': 'unsupported',
    'truncated-private-key.der': 'ec',
  },
  'asymmetric/Ed25519': {
    'ed25519-pkcs8-enc.der password': 'ed25519',
    'ed25519-pkcs8-enc.pem password': 'ed25519',
    'ed25519-pkcs8.der': 'ed25519',
    'ed25519-pkcs8.pem': 'ed25519',
  },
};

async function openFile(path: string, passphrase: string): Promise<Uint8Array> {
  const file = new Uint8Array(readFileSync(path));
  if (path.endsWith('.der')) return openPrivateKey(file, passphrase, crypto, neverCancelled);
  const block = decodePem(Buffer.from(file).toString('latin1')).find(({ label }) => isPrivateKeyLabel(label));
  if (block === undefined) throw new Error(`${path}: no private key`);
  return openPrivateKeyBlock(block, passphrase, crypto, neverCancelled);
}

/** The type of a key that opens and whose parts belong together, else the code of the error. */
async function outcomeOf(path: string, passphrase: string): Promise<string> {
  try {
    const pkcs8 = await openFile(path, passphrase);
    publicKeyOf(pkcs8, crypto);
    return decodePrivateKey(pkcs8).type;
  } catch (error) {
    if (error instanceof Error && error.name === 'KeyError' && 'code' in error) return String(error.code);
    throw error;
  }
}

describe('the keys of cryptography-vectors', () => {
  judged.each(Object.keys(keyFiles))('in %s', async (folder) => {
    const expected = Object.entries(keyFiles[folder] ?? {});
    const outcomes = expected.map(async ([key]) => {
      const space = `${key} `.indexOf(' ');
      return [key, await outcomeOf(join(vectors(), folder, key.slice(0, space)), key.slice(space + 1))];
    });
    expect(await Promise.all(outcomes)).toEqual(expected);
  });
});

/** Names of the key (undefined: no key) and of the certificates. */
function namesIn({ privateKeys, certificates }: Pkcs12): (string | undefined)[][] {
  return [privateKeys, certificates].map((found) => found.map(({ friendlyName }) => friendlyName));
}

describe('the PKCS#12 files of cryptography-vectors', () => {
  const none = undefined;

  const files: readonly (readonly [string, string, (string | undefined)[], (string | undefined)[]])[] = [
    ['cert-aes256cbc-no-key', 'cryptography', [], [none]],
    ['cert-key-aes256cbc', 'cryptography', [none], [none]],
    ['cert-none-key-none', 'cryptography', [none], [none]],
    ['cert-rc2-key-3des', 'cryptography', [none], [none]],
    ['no-cert-key-aes256cbc', 'cryptography', [none], []],
    ['no-password', '', ['6BC162DA'], ['cryptography CA']],
    ['java-truststore', '', [], ['cert1', none]],
    ['name-1-no-pwd', '', ['name'], ['name', none, none]],
    ['name-2-3-pwd', 'password', [none], [none, 'name2', 'name3']],
    ['name-all-pwd', 'password', ['name'], ['name', 'name2', 'name3']],
    ['name-unicode-no-pwd', '', ['☺'], ['☺', 'ä', 'ç']],
    ['name-unicode-pwd', 'password', ['☺'], ['☺', 'ä', 'ç']],
    ['no-cert-name-unicode-pwd', 'password', [], ['☹', 'ï']],
    ['no-cert-no-name-no-pwd', '', [], [none, none]],
  ];

  judged.each(files)('%s', async (name, passphrase, keys, certificates) => {
    const file = new Uint8Array(readFileSync(join(vectors(), 'pkcs12', `${name}.p12`)));
    expect(namesIn(await decodePkcs12(file, passphrase, crypto, neverCancelled))).toEqual([keys, certificates]);
  });

  judged.each([
    ['name-all-no-pwd', ''],
    ['name-all-pwd', 'password'],
    ['cert-rc2-key-3des', 'cryptography'],
    ['no-password', ''],
  ])('%s holds the key that fits its certificate', async (name, passphrase) => {
    const file = new Uint8Array(readFileSync(join(vectors(), 'pkcs12', `${name}.p12`)));
    const { privateKeys, certificates } = await decodePkcs12(file, passphrase, crypto, neverCancelled);
    const fits = certificates.map(({ der }) => privateKeys.map(({ pkcs8 }) => matches(pkcs8, decodeCertificate(der).publicKey, crypto)));
    expect(fits[0]).toEqual([true]);
  });

  // One in sixteen of the 403: each takes thousands of rounds of the old derivation, and RC2.
  judged('of NIST’s PKITS, made by old software, open', async () => {
    const folder = join(vectors(), 'x509/PKITS_data/pkcs12');
    const names = readdirSync(folder).filter((name, i) => name.endsWith('.p12') && !name.includes('DSA') && i % 16 === 0);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const file = new Uint8Array(readFileSync(join(folder, name)));
      const { privateKeys, certificates } = await decodePkcs12(file, 'password', crypto, neverCancelled);
      expect(privateKeys, name).toHaveLength(1);
      const fits = certificates.map(({ der }) =>
        privateKeys.every(({ pkcs8 }) => matches(pkcs8, decodeCertificate(der).publicKey, crypto)),
      );
      expect(fits, name).toContain(true);
    }
  });

  judged('of NIST’s PKITS with DSA keys give their certificates', async () => {
    const file = new Uint8Array(readFileSync(join(vectors(), 'x509/PKITS_data/pkcs12/DSACACert.p12')));
    expect(await decodePkcs12(file, 'password', crypto, neverCancelled)).toMatchObject({
      certificates: [{}],
      privateKeys: [],
      skipped: ['a DSA key'],
    });
  });
});
