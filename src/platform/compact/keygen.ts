import { expectedSeconds, generateKey } from 'signet:keygen';
import { cpuCount } from 'signet:machine';
import type { Cancel } from '../cancel.ts';
import { handOver } from '../common/hand-over.ts';
import { checkSpec } from '../common/key-spec.ts';
import {
  type GeneratedKey,
  KeyGenerationError,
  type KeyGenerationErrorCode,
  type KeyGenerationProgress,
  type KeyGenerator,
  type KeySpec,
} from '../keygen.ts';
import { attemptLater, outcomeOf } from './work.ts';

/** The crate `native/keygen`, linked into the host: each job on threads of its own, at the lowest priority. */
export class CompactKeyGenerator implements KeyGenerator {
  readonly name = 'native';

  async expectedSeconds(spec: KeySpec): Promise<number> {
    checkSpec(spec, cpuCount);
    return attemptLater(() => expectedSeconds(...kindOf(spec)), keyGenerationError);
  }

  async generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey> {
    checkSpec(spec, cpuCount);
    let ended = false;
    const start = (): ReturnType<typeof generateKey> => {
      const [kind, bits] = kindOf(spec);
      const work = spec.type === 'rsa' && spec.threads !== undefined ? generateKey(kind, bits, spec.threads) : generateKey(kind, bits);
      void hear(work, (reached) => {
        if (!ended) progress?.(reached);
      });
      return work;
    };
    let key: GeneratedKey;
    try {
      key = await attemptLater(() => outcomeOf(start, cancel), keyGenerationError);
    } finally {
      ended = true;
    }
    return handOver(key, cancel, progress);
  }
}

function kindOf(spec: KeySpec): [kind: string, bits: number] {
  if (spec.type === 'rsa') return ['rsa', spec.bits];
  return [spec.type === 'ec' ? spec.curve : spec.type, 0];
}

async function hear(work: ReturnType<typeof generateKey>, tell: (progress: KeyGenerationProgress) => void): Promise<void> {
  for (let reached = await work.progress(); reached !== undefined; reached = await work.progress()) tell(reached);
}

function keyGenerationError(code: KeyGenerationErrorCode, message: string): KeyGenerationError {
  return new KeyGenerationError(code, message);
}
