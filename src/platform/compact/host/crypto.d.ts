import type { Work } from '../work.ts';

export function hash(algorithm: string, data: Uint8Array): Uint8Array;
export function hmac(algorithm: string, key: Uint8Array, data: Uint8Array): Uint8Array;
export function iterateHash(algorithm: string, data: Uint8Array, rounds: number): Work<Uint8Array>;
export function equal(a: Uint8Array, b: Uint8Array): boolean;
export function encryptCbc(cipher: string, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
export function decryptCbc(cipher: string, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
export function rc4(key: Uint8Array, ciphertext: Uint8Array): Uint8Array;
export function seal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array;
export function open(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array;
export function sign(privateKey: Uint8Array, type: string, digest: string, saltLength: number, data: Uint8Array): Promise<Uint8Array>;
export function verify(
  publicKey: Uint8Array,
  type: string,
  digest: string,
  saltLength: number,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean>;
export function verifyDigest(
  publicKey: Uint8Array,
  type: string,
  digest: string,
  saltLength: number,
  signature: Uint8Array,
  hashed: Uint8Array,
): Promise<boolean>;
export interface Digester {
  update(data: Uint8Array): void;
  finish(): Uint8Array;
}
export function digester(algorithm: string): Digester;
export function publicKeyOf(privateKey: Uint8Array): Uint8Array;
export function pbkdf2(digest: string, password: Uint8Array, salt: Uint8Array, rounds: number, length: number): Work<Uint8Array>;
export function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: number,
  blockSize: number,
  parallel: number,
  length: number,
): Promise<Uint8Array>;
