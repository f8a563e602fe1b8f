import type { Job } from '../job/job.ts';
import { lazily } from '../job/lazily.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { BusyItems } from './busy.ts';
import { isBelievable } from './clock-check.ts';
import { add, reset, set } from './edit.ts';
import type { ExportOptions } from './export.ts';
import type { ServerIdentity } from './identity.ts';
import type { ImportCounters, ImportOptions } from './import.ts';
import { type CertificateItem, itemOf, itemsOf } from './item.ts';
import { giveNotices } from './notices.ts';
import type { CertificatePorts, Context } from './ports.ts';
import type { GivenProperties, ResettableProperty, RevocationReason } from './properties.ts';
import { goingWith, remove } from './remove.ts';
import type { RequestOptions } from './request.ts';
import { revoke } from './revoke.ts';
import type { SignOptions } from './sign.ts';
import type { SignRequestOptions } from './sign-request.ts';
import type { VerifiedLink, VerifyOptions } from './verify.ts';

/**
 * The templates and certificates of the router: one function a command of /certificate. Every one does all of its work or, with
 * an error, none: `CertificateError`, or the error of the layer that failed (`FileError`, `StoreError`, `X509Error`, `KeyError`,
 * `Cancelled`).
 */
export interface Certificates {
  /**
   * Every item in the order of print, each made when it is reached. A `brief` one has its id, name, kind, flags, common name, alternative
   * names and fingerprint; reading more of it throws.
   */
  list(extent?: 'brief' | 'whole'): Iterable<CertificateItem>;
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

  /** What a server shows in a handshake: the certificate of an item, the CAs above it, and its key, to be wiped by the caller. */
  serverIdentity(id: number): Promise<ServerIdentity>;

  /** Builds the chain of a certificate to a trusted one, itself first; changes nothing. */
  verify(options: VerifyOptions, job: Job): Promise<readonly VerifiedLink[]>;

  /** Revokes certificates that CAs of this router issued. */
  revoke(ids: readonly number[], reason?: RevocationReason): void;
  /** The items that go when these are removed: themselves and all that they issued, directly and indirectly. */
  chainOf(ids: readonly number[]): readonly CertificateItem[];
  /** Removes items with all that they issued. Returns how many went. */
  remove(ids: readonly number[]): number;

  /** Can the clock be right? */
  isClockBelievable(): boolean;

  /** Logs, once each, that certificates come to their end. Call it daily, or more often. */
  notices(): void;
}

/** The domain behind /certificate, over its ports. */
export function certificatesOf(ports: CertificatePorts): Certificates {
  const { store, clock, crypto, random } = ports;
  const { certificates } = store;
  const rounds = lazily(async () => (await import('../keys/rounds.ts')).calibrateRounds(crypto, clock));
  const context: Context = {
    ...ports,
    busy: new BusyItems(),
    async encryptor() {
      return { crypto, random, rounds: await rounds() };
    },
  };
  const shown = (item: StoredCertificate | undefined): CertificateItem | undefined =>
    item === undefined ? undefined : itemOf(item, certificates, clock.now());
  return {
    list: (extent) => itemsOf(certificates.all(extent), certificates, clock.now()),
    withId: (id) => shown(certificates.byId(id)),
    withName: (name) => shown(certificates.byName(name)),
    names: () => certificates.names(),
    add: (given, copyFrom) => add(context, given, copyFrom),
    set: (ids, given) => set(context, ids, given),
    reset: (ids, properties) => reset(context, ids, properties),
    // What is long to do is loaded when somebody asks for it: an idle router has the memory to itself.
    sign: async (id, options, job) => (await import('./sign.ts')).sign(context, id, options, job),
    createRequest: async (templateId, options, job) => (await import('./request.ts')).createRequest(context, templateId, options, job),
    signRequest: async (options, job) => (await import('./sign-request.ts')).answerRequest(context, options, job),
    importFile: async (options, job) => (await import('./import.ts')).importFile(context, options, job),
    exportCertificates: async (ids, options, job) => (await import('./export.ts')).exportCertificates(context, ids, options, job),
    serverIdentity: async (id) => (await import('./identity.ts')).serverIdentity(context, id),
    verify: async (options, job) => (await import('./verify.ts')).verify(context, options, job),
    revoke: (ids, reason) => revoke(context, ids, reason),
    chainOf: (ids) => [...itemsOf(goingWith(context, ids), certificates, clock.now())],
    remove: (ids) => remove(context, ids),
    isClockBelievable: () => isBelievable(ports),
    notices: () => giveNotices(context),
  };
}
