import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CryptoError } from '../../crypto.ts';

export type KeyType = 'rsa' | 'ec' | 'ed25519';

export function privateKeyFrom(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length), format: 'der', type: 'pkcs8' });
  } catch {
    throw new CryptoError('bad-key', 'the private key is not a PKCS#8 key that can be used');
  }
}

export function publicKeyFrom(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki.buffer, spki.byteOffset, spki.length), format: 'der', type: 'spki' });
  } catch {
    throw new CryptoError('bad-key', 'the public key is not a SubjectPublicKeyInfo that can be used');
  }
}

const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Refuses, with `unsupported`, what another host need not know: other curves, RSASSA-PSS keys, DSA, X25519 … */
export function keyTypeOf(key: KeyObject): KeyType {
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'ed25519') return type;
  if (type !== 'ec') throw new CryptoError('unsupported', `a key of type ${type} can't be used`);
  const curve = key.asymmetricKeyDetails?.namedCurve ?? 'an unnamed curve';
  if (!curves.has(curve)) throw new CryptoError('unsupported', `an EC key on ${curve} can't be used`);
  return type;
}
