import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface KeyPair {
  readonly name: string;
  readonly pkcs8: Uint8Array;
  /** PKCS#1 or SEC 1; Ed25519, which has no such form, has PKCS#8 here. */
  readonly traditional: Uint8Array;
  readonly spki: Uint8Array;
  /** PKCS#8. */
  readonly pem: string;
}

function pairOf(name: string, { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  return {
    name,
    pkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    traditional: new Uint8Array(privateKey.export({ format: 'der', type: olderFormOf(privateKey) })),
    spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function olderFormOf(key: KeyObject): 'pkcs1' | 'sec1' | 'pkcs8' {
  if (key.asymmetricKeyType === 'rsa') return 'pkcs1';
  return key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs8';
}

/** A new RSA key of OpenSSL's. */
export function rsaKeyPair(bits = 2048): KeyPair {
  return pairOf(`RSA-${bits}`, generateKeyPairSync('rsa', { modulusLength: bits }));
}

export function ecKeyPair(curve: string): KeyPair {
  return pairOf(curve, generateKeyPairSync('ec', { namedCurve: curve }));
}

export function ed25519KeyPair(): KeyPair {
  return pairOf('Ed25519', generateKeyPairSync('ed25519'));
}

/** One of each kind, made anew for each test file. */
export function allKeyPairs(): KeyPair[] {
  return [rsaKeyPair(1024), rsaKeyPair(2048), ecKeyPair('prime256v1'), ecKeyPair('secp384r1'), ecKeyPair('secp521r1'), ed25519KeyPair()];
}
