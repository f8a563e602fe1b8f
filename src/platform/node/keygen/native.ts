import { availableParallelism } from 'node:os';
import { type Cancel, Cancelled } from '../../cancel.ts';
import { handOver } from '../../common/hand-over.ts';
import { checkSpec } from '../../common/key-spec.ts';
import { type GeneratedKey, KeyGenerationError, type KeyGenerationProgress, type KeyGenerator, type KeySpec } from '../../keygen.ts';
import type { AddonFailure, KeyGeneratorExports } from './addon.ts';

/** The crate `native/keygen` by its addon: each job on threads of its own, at the lowest priority. */
export class NativeKeyGenerator implements KeyGenerator {
  readonly name = 'native';
  readonly #addon: KeyGeneratorExports;

  constructor(addon: KeyGeneratorExports) {
    this.#addon = addon;
  }

  async expectedSeconds(spec: KeySpec): Promise<number> {
    checkSpec(spec, availableParallelism());
    const seconds = await this.#addon.expectedSeconds(spec);
    if (typeof seconds !== 'number') throw errorOf(seconds);
    return seconds;
  }

  async generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey> {
    checkSpec(spec, availableParallelism());
    cancel.check();
    const token = new this.#addon.CancelToken();
    const forget = cancel.onCancel(() => token.cancel());
    // The addon's progress and its promise come by different queues, so what it tells last may be late.
    let ended = false;
    const outcome = await this.#addon.generate(spec, token, (reached) => {
      if (!ended) progress?.(reached);
    });
    ended = true;
    forget();
    if ('code' in outcome) throw errorOf(outcome);
    return handOver(outcome, cancel, progress);
  }
}

function errorOf({ code, message }: AddonFailure): Error {
  return code === 'cancelled' ? new Cancelled() : new KeyGenerationError(code, message);
}
