import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import type { CbcCipher } from '../platform/crypto.ts';
import { KeyError } from './errors.ts';
import { readCount } from './key-derivation.ts';
import { bmpPassphrases } from './passphrase.ts';
import { derivePkcs12 } from './pkcs12-key-derivation.ts';
import { decryptBlocks, type EncryptionScheme } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

interface Pkcs12Encryption {
  readonly cipher: CbcCipher | 'rc4';
  readonly keyLength: number;
}

const schemes: ReadonlyMap<string, Pkcs12Encryption> = new Map([
  [oids.pbeWithSHAAnd128BitRC4, { cipher: 'rc4', keyLength: 16 }],
  [oids.pbeWithSHAAnd40BitRC4, { cipher: 'rc4', keyLength: 5 }],
  [oids.pbeWithSHAAnd3KeyTripleDESCBC, { cipher: '3des-cbc', keyLength: 24 }],
  [oids.pbeWithSHAAnd2KeyTripleDESCBC, { cipher: '2des-cbc', keyLength: 16 }],
  [oids.pbeWithSHAAnd128BitRC2CBC, { cipher: 'rc2-128-cbc', keyLength: 16 }],
  [oids.pbeWithSHAAnd40BitRC2CBC, { cipher: 'rc2-40-cbc', keyLength: 5 }],
]);

export function isPkcs12Encryption(algorithm: string): boolean {
  return schemes.has(algorithm);
}

// pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }                       RFC 7292 C
/** PKCS#12's own encryption with SHA-1, only for reading. */
export function readPkcs12Encryption(algorithm: string, r: DerReader): EncryptionScheme {
  const scheme = schemes.get(algorithm);
  if (scheme === undefined) throw new KeyError('unsupported', `the encryption ${algorithm}`);
  const { cipher, keyLength } = scheme;
  const derivation = r.sequence((r) => ({
    digest: 'sha1' as const,
    salt: r.field('salt').octetString(),
    rounds: readCount(r.field('iterations')),
  }));
  return {
    passphrases: bmpPassphrases,
    decrypt: async (ciphertext, password, bench) =>
      withSecretAsync(await derivePkcs12(derivation, password, 'key', keyLength, bench), async (key) => {
        if (cipher === 'rc4') return bench.crypto.rc4(key, ciphertext);
        const iv = await derivePkcs12(derivation, password, 'iv', 8, bench);
        return decryptBlocks(bench.crypto, cipher, key, iv, ciphertext);
      }),
  };
}
