import type { Cancel } from '../cancel.ts';
import type { GeneratedKey, KeyGenerationProgress } from '../keygen.ts';

/**
 * Tells that the work is done, and returns the key. When the work was cancelled, be it by who is told just now, or who is told throws, nobody
 * gets the key: it is wiped, and `Cancelled` or what was thrown is thrown.
 */
export function handOver(key: GeneratedKey, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): GeneratedKey {
  try {
    cancel.check();
    progress?.(1);
    cancel.check();
    return key;
  } catch (error) {
    key.privateKey.fill(0);
    throw error;
  }
}
