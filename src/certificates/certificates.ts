import type { Job } from '../job/job.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Files } from '../platform/files.ts';
import type { KeyGenerator } from '../platform/keygen.ts';
import type { Severity } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Store } from '../store/store.ts';
import type { ExportOptions } from './export.ts';
import type { ImportCounters, ImportOptions } from './import.ts';
import type { CertificateItem } from './item.ts';
import type { GivenProperties, ResettableProperty, RevocationReason } from './properties.ts';
import type { RequestOptions } from './request.ts';
import type { SignOptions } from './sign.ts';
import type { SignRequestOptions } from './sign-request.ts';

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

/**
 * The templates and certificates of the router: one function a command of /certificate. Every one does all of its work or, with
 * an error, none: `CertificateError`, or the error of the layer that failed (`FileError`, `StoreError`, `X509Error`, `KeyError`,
 * `Cancelled`).
 */
export interface Certificates {
  /** Every item in the order of print, each made when it is reached. */
  list(): Iterable<CertificateItem>;
  withId(id: number): CertificateItem | undefined;
  withName(name: string): CertificateItem | undefined;
  names(): readonly string[];

  /** Makes a template and returns its id; `copyFrom` is the id of the item whose properties it starts with. */
  add(given: GivenProperties, copyFrom?: number): number;
  /** In a template everything can be set; in a certificate its name, `trusted` and `trust-store`. */
  set(ids: readonly number[], given: GivenProperties): void;
  /** Takes properties back to their defaults (`reset`, `unset`). */
  reset(ids: readonly number[], properties: readonly ResettableProperty[]): void;

  /** Turns a template into a certificate, signed by its own key or by a CA. */
  sign(id: number, options: SignOptions, job: Job): Promise<void>;
  /** Makes a key and a request for a template, writes both to files, removes the template. Returns the names of the files. */
  createRequest(templateId: number, options: RequestOptions, job: Job): Promise<readonly string[]>;
  /** Issues a certificate for a request in a file. Returns the id of the new item. */
  signRequest(options: SignRequestOptions, job: Job): Promise<number>;

  importFile(options: ImportOptions, job: Job): Promise<ImportCounters>;
  /** Returns the names of the files written. */
  exportCertificates(ids: readonly number[], options: ExportOptions, job: Job): Promise<readonly string[]>;

  /** Revokes certificates that CAs of this router issued. */
  revoke(ids: readonly number[], reason?: RevocationReason): void;
  /** The items that go when these are removed: themselves and all that they issued, directly and indirectly. */
  chainOf(ids: readonly number[]): readonly CertificateItem[];
  /** Removes items with all that they issued. Returns how many went. */
  remove(ids: readonly number[]): number;

  /** Logs, once each, that certificates come to their end. Call it daily, or more often. */
  notices(): void;
}
