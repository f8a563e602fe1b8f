import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { KeyGenerationError } from '../../keygen.ts';
import { type ForgeJob, type ForgeMessage, isForgeJob } from './forge-job.ts';
import { generateForgeRsa } from './forge-rsa.ts';

/** The worker of one job: makes its key, hands it over without a copy or says why there is none, and ends. */
function run({ bits, expectedSeconds }: ForgeJob, post: (message: ForgeMessage, transfer: ArrayBuffer[]) => void): void {
  // Process 0 is the calling thread alone (setpriority(2) on Linux).
  setPriority(0, constants.priority.PRIORITY_LOW);
  try {
    const key = generateForgeRsa(bits, expectedSeconds, (share) => post({ share }, []));
    post({ key }, [key.privateKey.buffer, key.publicKey.buffer]);
  } catch (error) {
    if (!(error instanceof KeyGenerationError)) throw error;
    post({ failure: { code: error.code, message: error.message } }, []);
  }
}

const port = parentPort;
const job: unknown = workerData;
if (port !== null && isForgeJob(job)) run(job, (message, transfer) => port.postMessage(message, transfer));
