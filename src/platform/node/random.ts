import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';

/** getrandom(2) by way of OpenSSL's generator, which blocks until the kernel's pool is ready. */
export class NodeRandom implements Random {
  bytes(length: number): Uint8Array {
    return new Uint8Array(randomBytes(length));
  }
}
