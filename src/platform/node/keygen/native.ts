import { type Cancel, Cancelled } from '../../cancel.ts';
import { type GeneratedKey, KeyGenerationError, type KeyGenerationProgress, type KeyGenerator, type KeySpec } from '../../keygen.ts';
import type { Addon } from './addon.ts';
import { checkSpec } from './spec.ts';

/** The crate `native/keygen` by its addon: each job on threads of its own, at the lowest priority. */
export class NativeKeyGenerator implements KeyGenerator {
  readonly name = 'native';
  readonly #addon: Addon;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  expectedSeconds(spec: KeySpec): number {
    checkSpec(spec);
    return this.#addon.expectedSeconds(spec);
  }

  async generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey> {
    checkSpec(spec);
    cancel.check();
    const token = new this.#addon.CancelToken();
    const forget = cancel.onCancel(() => token.cancel());
    // The addon's progress and its promise come by different queues, so the last progress may be late.
    let ended = false;
    const outcome = await this.#addon.generate(spec, token, (reached) => {
      if (!ended) progress?.(reached);
    });
    ended = true;
    forget();
    if ('code' in outcome) {
      throw outcome.code === 'cancelled' ? new Cancelled() : new KeyGenerationError(outcome.code, outcome.message);
    }
    if (cancel.cancelled) {
      outcome.privateKey.fill(0);
      throw new Cancelled();
    }
    return outcome;
  }
}
