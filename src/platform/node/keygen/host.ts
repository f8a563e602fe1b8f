import { generateKeyPair } from 'node:crypto';
import { type Cancel, Cancelled } from '../../cancel.ts';
import { type GeneratedKey, KeyGenerationError, type KeySpec } from '../../keygen.ts';

const encodings = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;

/** An EC or Ed25519 key by Node, in its thread pool. It can't be stopped in the middle, which is over in a moment. */
export function generateHostKey(spec: Exclude<KeySpec, { type: 'rsa' }>, cancel: Cancel): Promise<GeneratedKey> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, publicKey: Buffer, privateKey: Buffer): void => {
      if (error !== null) {
        reject(new KeyGenerationError('failed', 'the host could not make a key'));
        return;
      }
      if (cancel.cancelled) reject(new Cancelled());
      else resolve({ privateKey: new Uint8Array(privateKey), publicKey: new Uint8Array(publicKey) });
      privateKey.fill(0);
    };
    if (spec.type === 'ec') generateKeyPair('ec', { namedCurve: spec.curve, ...encodings }, settle);
    else generateKeyPair('ed25519', encodings, settle);
  });
}
