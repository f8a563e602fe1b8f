import { describe, expect } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { DerReader } from '../../src/der/reader.ts';
import { integer, nullValue, octetString, oid, sequence } from '../../src/der/writer.ts';
import { CostLimit } from '../../src/keys/cost.ts';
import { readEncryptionScheme } from '../../src/keys/password-encryption.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { bytes } from '../bytes.ts';
import { testWith } from '../judges/run.ts';
import { wycheproof } from '../judges/wycheproof.ts';
import { crypto } from './host.ts';

interface PbeGroup {
  readonly tests: readonly {
    readonly password: string;
    readonly salt: string;
    readonly iterationCount: number;
    readonly iv: string;
    readonly msg: string;
    readonly ct: string;
  }[];
}

const prfs = [
  ['sha1', oids.hmacWithSHA1],
  ['sha224', oids.hmacWithSHA224],
  ['sha256', oids.hmacWithSHA256],
  ['sha384', oids.hmacWithSHA384],
  ['sha512', oids.hmacWithSHA512],
] as const;

const ciphers = [
  ['128', oids.aes128Cbc],
  ['192', oids.aes192Cbc],
  ['256', oids.aes256Cbc],
] as const;

const files = prfs.flatMap(([digest, prf]) => ciphers.map(([bits, cipher]) => ({ name: `pbes2_hmac${digest}_aes_${bits}`, prf, cipher })));

describe('PBES2 as Wycheproof has it', () => {
  testWith('wycheproof').each(files)('$name', async ({ name, prf, cipher }) => {
    const tests = wycheproof<PbeGroup>(`${name}_test.json`).testGroups.flatMap((group) => group.tests);
    const quick = tests.filter(({ iterationCount }) => iterationCount <= 4096);
    const decrypted = quick.map(({ password, salt, iterationCount, iv, ct }) => {
      const derivation = sequence(octetString(bytes(salt)), integer(iterationCount), sequence(oid(prf), nullValue));
      const encryption = sequence(oid(cipher), octetString(bytes(iv)));
      const algorithm = sequence(oid(oids.pbes2), sequence(sequence(oid(oids.pbkdf2), derivation), encryption));
      const scheme = readEncryptionScheme(DerReader.of(algorithm));
      return scheme.decrypt(bytes(ct), bytes(password), { crypto, cancel: neverCancelled, cost: new CostLimit() });
    });
    expect(await Promise.all(decrypted)).toEqual(quick.map(({ msg }) => bytes(msg)));
    expect(quick.length).toBeGreaterThan(40);
  });
});
