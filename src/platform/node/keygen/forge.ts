import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Cancel, Cancelled } from '../../cancel.ts';
import { handOver } from '../../common/hand-over.ts';
import { checkSpec } from '../../common/key-spec.ts';
import { type GeneratedKey, KeyGenerationError, type KeyGenerationProgress, type KeyGenerator, type KeySpec } from '../../keygen.ts';
import type { ForgeJob, ForgeMessage } from './forge-job.ts';
import { generateHostKey } from './host.ts';

/**
 * The generator for where the addon can't be loaded. RSA: node-forge in a worker, because Node's own RSA generator can't be cancelled
 * and tells no progress; a worker is stopped at any instruction. EC and Ed25519: Node's own generator, which needs no time.
 */
export class ForgeKeyGenerator implements KeyGenerator {
  readonly name = 'node-forge (RSA), node (EC)';
  readonly #worker: URL;

  /** `worker` is where the program keeps the code of `forge-worker.ts`. */
  constructor(worker: URL = new URL('./forge-worker.ts', import.meta.url)) {
    this.#worker = worker;
  }

  async expectedSeconds(spec: KeySpec): Promise<number> {
    checkSpec(spec, availableParallelism());
    return spec.type === 'rsa' ? expectedRsaSeconds(spec.bits) : 0.001;
  }

  async generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey> {
    checkSpec(spec, availableParallelism());
    cancel.check();
    const key = spec.type === 'rsa' ? this.#generateRsa(spec.bits, cancel, progress) : generateHostKey(spec, cancel);
    return handOver(await key, cancel, progress);
  }

  #generateRsa(bits: number, cancel: Cancel, progress?: (share: number) => void): Promise<GeneratedKey> {
    return runInWorker(this.#worker, { bits, expectedSeconds: expectedRsaSeconds(bits) }, cancel, progress);
  }
}

function runInWorker(url: URL, job: ForgeJob, cancel: Cancel, progress?: (share: number) => void): Promise<GeneratedKey> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(url, job);
    let reached = 0;
    const forget = cancel.onCancel(() => {
      reject(new Cancelled());
      void worker.terminate();
    });
    worker.on('message', (message: ForgeMessage) => {
      if (cancel.cancelled) {
        if ('key' in message) message.key.privateKey.fill(0);
      } else if ('key' in message) {
        resolve(message.key);
      } else if ('failure' in message) {
        reject(new KeyGenerationError(message.failure.code, message.failure.message));
      } else if (message.share > reached) {
        reached = message.share;
        progress?.(reached);
      }
    });
    worker.on('error', (error) => reject(failureOf(error)));
    worker.on('exit', () => {
      forget();
      reject(new KeyGenerationError('failed', 'the worker that makes RSA keys ended without one'));
    });
  });
}

function startWorker(url: URL, job: ForgeJob): Worker {
  try {
    return new Worker(url, { workerData: job, name: 'keygen' });
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): KeyGenerationError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new KeyGenerationError('memory', 'no memory for the key generator');
  if (code === 'ERR_WORKER_INIT_FAILED') return new KeyGenerationError('threads', 'no thread for the key generator');
  return new KeyGenerationError('failed', 'the worker that makes RSA keys failed');
}

/**
 * RSA-2048 took 3,000 times as long as the loop that is timed here, where both were measured. Tests get cubically dearer with the
 * length, and there are more of them.
 */
function expectedRsaSeconds(bits: number): number {
  return secondsOfMultiplications() * 3000 * (bits / 2048) ** 4;
}

/** How fast JavaScript multiplies on this machine. The first rounds are the compiler's, so the best one counts; all take 2 ms on a PC. */
function secondsOfMultiplications(): number {
  let best = Number.POSITIVE_INFINITY;
  let state = 1;
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    for (let i = 0; i < 1 << 18; i++) state = (Math.imul(state, 0x9e3779b1) + i) ^ (state >>> 13);
    best = Math.min(best, performance.now() - begun);
  }
  return best / 1000;
}
