import { constants, createVerify, type KeyObject, type SigningOptions, sign, verify } from 'node:crypto';
import type { SignatureScheme, Verifier } from '../../crypto.ts';
import { CryptoError } from '../../crypto.ts';
import { keyTypeOf, privateKeyFrom, publicKeyFrom } from './key-object.ts';

type SigningKey = SigningOptions & { readonly key: KeyObject };

export async function signData(privateKey: Uint8Array, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array> {
  const key = signingKey(privateKeyFrom(privateKey), scheme);
  return new Promise((resolve, reject) => {
    sign(digestOf(scheme), bytes, key, (error, signature) => {
      if (error === null) resolve(new Uint8Array(signature));
      else reject(new CryptoError('failed', `the host could not sign (${scheme.type}): the key may be too short for the digest`));
    });
  });
}

export async function verifyData(
  publicKey: Uint8Array,
  scheme: SignatureScheme,
  signature: Uint8Array,
  bytes: Uint8Array,
): Promise<boolean> {
  const key = signingKey(publicKeyFrom(publicKey), scheme);
  return new Promise((resolve) => {
    verify(digestOf(scheme), bytes, key, signature, (error, good) => resolve(error === null && good));
  });
}

export function newVerifier(scheme: SignatureScheme): Verifier {
  if (scheme.type === 'ed25519') throw new CryptoError('unsupported', 'ed25519 is verified over all of the data at once');
  const verifying = createVerify(scheme.digest);
  return {
    update: (data) => void verifying.update(data),
    async verify(publicKey, signature) {
      const key = signingKey(publicKeyFrom(publicKey), scheme);
      try {
        return verifying.verify(key, signature);
      } catch {
        return false;
      }
    },
  };
}

/** Which type of key each scheme signs with. */
const keyTypes = { 'rsa-pkcs1': 'rsa', 'rsa-pss': 'rsa', ecdsa: 'ec', ed25519: 'ed25519' } as const;

function signingKey(key: KeyObject, scheme: SignatureScheme): SigningKey {
  const type = keyTypeOf(key);
  if (type !== keyTypes[scheme.type]) throw new CryptoError('unsupported', `${scheme.type} does not go with a key of type ${type}`);
  if (scheme.type === 'rsa-pss') return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  return { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: 'der' };
}

function digestOf(scheme: SignatureScheme): string | null {
  return scheme.type === 'ed25519' ? null : scheme.digest;
}
