import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { integer, nullValue, octetString, oid, sequence } from '../der/writer.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import { CostLimit } from './cost.ts';
import { KeyError } from './errors.ts';
import { deriveKey, type KeyDerivation, readCount, readKeyDerivation, readPrf } from './key-derivation.ts';
import { bmpPassphrase, bmpPassphrases, utf8Passphrase } from './passphrase.ts';
import type { Encryptor } from './pbes2.ts';
import { derivePkcs12, digestLength } from './pkcs12-key-derivation.ts';
import type { Workbench } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

/** How the integrity of a PKCS#12 file is kept: by the derivation of RFC 7292 4, or PBMAC1 (RFC 9579). */
export type Mac = { readonly digest: HashAlgorithm; readonly expected: Uint8Array } & (
  | { readonly type: 'pkcs12'; readonly salt: Uint8Array; readonly rounds: number }
  | { readonly type: 'pbmac1'; readonly derivation: KeyDerivation }
);

const digests: ReadonlyMap<string, HashAlgorithm> = new Map([
  [oids.md5, 'md5'],
  [oids.sha1, 'sha1'],
  [oids.sha224, 'sha224'],
  [oids.sha256, 'sha256'],
  [oids.sha384, 'sha384'],
  [oids.sha512, 'sha512'],
]);

// MacData ::= SEQUENCE {
//   mac        DigestInfo,                 -- SEQUENCE { AlgorithmIdentifier, digest OCTET STRING }
//   macSalt    OCTET STRING,
//   iterations INTEGER DEFAULT 1 }                                                   RFC 7292 4
export function readMac(r: DerReader): Mac {
  return r.sequence((r) => {
    const { algorithm, expected } = r.field('mac').sequence((r) => ({
      algorithm: r.field('digestAlgorithm').sequence(readMacAlgorithm),
      expected: r.field('digest').octetString(),
    }));
    const salt = r.field('macSalt').octetString();
    const rounds = r.field('iterations').optional(tags.integer, readCount) ?? 1;
    // RFC 9579 4: PBMAC1 has its salt and rounds in its own parameters.
    return typeof algorithm === 'string'
      ? { type: 'pkcs12', digest: algorithm, expected, salt, rounds }
      : { type: 'pbmac1', ...algorithm, expected };
  });
}

function readMacAlgorithm(r: DerReader): HashAlgorithm | { readonly digest: HashAlgorithm; readonly derivation: KeyDerivation } {
  const algorithm = r.field('algorithm').oid();
  if (algorithm === oids.pbmac1) return r.field('PBMAC1-params').sequence(readPbmac1);
  r.optional(tags.null, (r) => r.null());
  const digest = digests.get(algorithm);
  if (digest === undefined) throw new KeyError('unsupported', `a MAC by ${algorithm}; expected SHA-1 to SHA-512 or PBMAC1`);
  return digest;
}

// PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }     RFC 8018 A.5
function readPbmac1(r: DerReader): { readonly digest: HashAlgorithm; readonly derivation: KeyDerivation } {
  const derivation = readKeyDerivation(r.field('keyDerivationFunc'));
  if (derivation.keyLength === undefined) throw new KeyError('damaged', 'PBMAC1 keyLength: missing (RFC 9579 5)');
  return { derivation, digest: r.field('messageAuthScheme').sequence(readPrf) };
}

/** Whether the MAC of `content` is that of the passphrase. Rejects with `KeyError` or `Cancelled`. */
export async function verifyMac(mac: Mac, content: Uint8Array, passphrase: string, bench: Workbench): Promise<boolean> {
  const passwords = mac.type === 'pkcs12' ? bmpPassphrases(passphrase) : [utf8Passphrase(passphrase)];
  for (const password of passwords) {
    const key = await withSecretAsync(password, () => macKey(mac, password, bench));
    const found = await withSecretAsync(key, async () => bench.crypto.hmac(mac.digest, key, content));
    if (bench.crypto.equal(found, mac.expected)) return true;
  }
  return false;
}

function macKey(mac: Mac, password: Uint8Array, bench: Workbench): Promise<Uint8Array> {
  if (mac.type === 'pkcs12') return derivePkcs12(mac, password, 'mac', digestLength(mac.digest), bench);
  return deriveKey(mac.derivation, password, mac.derivation.keyLength ?? digestLength(mac.digest), bench);
}

/** MacData with HMAC-SHA-256 under a key by PKCS#12's own derivation, which is what everyone reads. */
export async function encodeMac(
  content: Uint8Array,
  passphrase: string,
  { crypto, random, rounds }: Encryptor,
  cancel: Cancel,
): Promise<Uint8Array> {
  const salt = random.bytes(16);
  const bench = { crypto, cancel, cost: new CostLimit() };
  const key = await withSecretAsync(bmpPassphrase(passphrase), (password) =>
    derivePkcs12({ digest: 'sha256', salt, rounds }, password, 'mac', 32, bench),
  );
  const mac = await withSecretAsync(key, async () => crypto.hmac('sha256', key, content));
  return sequence(sequence(sequence(oid(oids.sha256), nullValue), octetString(mac)), octetString(salt), integer(rounds));
}
