import { expect, it, vi } from 'vitest';
import { utf8 } from '../../src/bytes/utf8.ts';
import { type Bundle, readBundle } from '../../src/certificates/bundle.ts';
import { oids } from '../../src/der/oids.ts';
import { integer, nullValue, octetString, oid, sequence } from '../../src/der/writer.ts';
import type * as Pem from '../../src/pem/pem.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { errorLike } from '../mutations.ts';
import { newKey } from '../x509/keys.ts';
import { pemOf } from './router.ts';

/** What was decoded of PEM, to see what is left of it. */
const decoded: Pem.PemBlock[] = [];

vi.mock('../../src/pem/pem.ts', async (importOriginal) => {
  const original = await importOriginal<typeof Pem>();
  return {
    ...original,
    decodePem: (text: string) => {
      const blocks = original.decodePem(text);
      decoded.push(...blocks);
      return blocks;
    },
  };
});

/** Derives keys, all of them wrong, in no time. */
class QuickCrypto extends NodeCrypto {
  override pbkdf2(_digest: unknown, _password: unknown, _salt: unknown, _rounds: unknown, length: number): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(length));
  }
}

function read(text: string): Promise<Bundle> {
  return readBundle(utf8(text), { fileName: 'a.pem', passphrase: 'secret', crypto: new QuickCrypto(), cancel: neverCancelled });
}

/** An encrypted key that asks for so many rounds of PBKDF2. */
function costlyKey(rounds: number): string {
  const prf = sequence(oid(oids.hmacWithSHA512), nullValue);
  const derivation = sequence(oid(oids.pbkdf2), sequence(octetString(new Uint8Array(8)), integer(rounds), prf));
  const cipher = sequence(oid(oids.aes256Cbc), octetString(new Uint8Array(16)));
  const algorithm = sequence(oid(oids.pbes2), sequence(derivation, cipher));
  return pemOf('ENCRYPTED PRIVATE KEY', sequence(algorithm, octetString(new Uint8Array(32))));
}

it('the keys of a PEM file may cost 20,000,000 rounds together', async () => {
  expect(await read(costlyKey(5_000_000).repeat(4))).toMatchObject({ decryptionFailures: 4 });
  await expect(read(costlyKey(5_000_000).repeat(5))).rejects.toThrow(
    errorLike('CertificateError', 'bad-file', 'a.pem: the file asks for more than 20000000 rounds'),
  );
});

it('nothing is left of a private key that was read from PEM, but what the caller wipes', async () => {
  decoded.length = 0;
  const { privateKeys } = await read(pemOf('PRIVATE KEY', newKey('ed25519').privateKey));
  expect(privateKeys).toHaveLength(1);
  expect(decoded.map(({ der }) => der.every((octet) => octet === 0))).toEqual([true]);
});
