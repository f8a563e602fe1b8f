import type { Job } from '../job/job.ts';
import type { GeneratedKey } from '../platform/keygen.ts';
import { keySpecOf } from './defaults.ts';
import type { Context } from './ports.ts';
import type { KeySize } from './properties.ts';

/** A new key pair, to be wiped by the caller; says how far it is in whole per cents. Rejects with `Cancelled` when the job is cancelled. */
export async function newKey({ keyGenerator }: Context, keySize: KeySize, job: Job): Promise<GeneratedKey> {
  let shown = -1;
  return keyGenerator.generate(keySpecOf(keySize), job.cancel, (reached) => {
    if (reached === 'waiting for entropy') {
      // A machine that has just started; it may take a while, and no command is to hang in silence.
      job.progress(reached);
      return;
    }
    const percent = Math.floor(reached * 100);
    if (percent > shown) job.progress(`generating key ${percent}%`);
    shown = Math.max(shown, percent);
  });
}
