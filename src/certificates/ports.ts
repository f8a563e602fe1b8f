import type { Encryptor } from '../keys/pbes2.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Files } from '../platform/files.ts';
import type { KeyGenerator } from '../platform/keygen.ts';
import type { Severity } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Store } from '../store/store.ts';
import type { BusyItems } from './busy.ts';

/** What the domain behind /certificate needs. */
export interface CertificatePorts {
  readonly store: Store;
  /** The files of /file. */
  readonly files: Files;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly keyGenerator: KeyGenerator;
  /** When this program was built: a clock before that is wrong. */
  readonly builtAt: Instant;
  readonly log: (severity: Severity, topics: readonly string[], message: string) => void;
}

/** What each command works with. */
export interface Context extends CertificatePorts {
  readonly busy: BusyItems;
  /** What keys are encrypted with, at a cost that fits this CPU. */
  encryptor(): Promise<Encryptor>;
}
