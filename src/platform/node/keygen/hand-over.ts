import { type Cancel, Cancelled } from '../../cancel.ts';
import type { GeneratedKey, KeyGenerationProgress } from '../../keygen.ts';

/** Tells that the work is done, and returns the key; when it was cancelled, be it by who is told just now, wipes the key and throws. */
export function handOver(key: GeneratedKey, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): GeneratedKey {
  if (!cancel.cancelled) progress?.(1);
  if (!cancel.cancelled) return key;
  key.privateKey.fill(0);
  throw new Cancelled();
}
