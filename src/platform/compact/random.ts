import { randomBytes } from 'signet:random';
import type { Random } from '../random.ts';

/** getrandom(2), which waits until the kernel's pool is ready. */
export class CompactRandom implements Random {
  bytes(length: number): Uint8Array {
    return randomBytes(length);
  }
}
