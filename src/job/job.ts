import type { Cancel } from '../platform/cancel.ts';
import { neverCancelled } from '../platform/cancel.ts';

/** Long work as seen by the one who does it: tell how far it is, stop when asked. */
export interface Job {
  readonly cancel: Cancel;
  /** A sample a person can read: "generating key 40%", "done". */
  progress(text: string): void;
  /** Something to know about what was asked for, though it is done all the same. It is in the log as well. */
  warn(text: string): void;
}

/** A job nobody watches or cancels. */
export const silentJob: Job = { cancel: neverCancelled, progress: () => undefined, warn: () => undefined };
