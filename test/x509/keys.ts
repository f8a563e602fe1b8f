import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A key pair of the host's making. */
export interface TestKey {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

export type TestKeyType = `rsa-${number}` | 'prime256v1' | 'secp384r1' | 'secp521r1' | 'ed25519';

/** A new key pair: nothing secret is kept in the repository. */
export function newKey(type: TestKeyType): TestKey {
  return testKey(pairOf(type));
}

/** A key of `test/fixtures/keys`. */
export function storedKey(file: string): TestKey {
  const privateKey = createPrivateKey(readFileSync(new URL(`../fixtures/keys/${file}`, import.meta.url)));
  return testKey({ privateKey, publicKey: createPublicKey(privateKey) });
}

function testKey({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): TestKey {
  return {
    privateKey: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
  };
}

function pairOf(type: TestKeyType): { privateKey: KeyObject; publicKey: KeyObject } {
  if (type === 'ed25519') return generateKeyPairSync('ed25519');
  if (type.startsWith('rsa-')) return generateKeyPairSync('rsa', { modulusLength: Number(type.slice(4)) });
  return generateKeyPairSync('ec', { namedCurve: type });
}
