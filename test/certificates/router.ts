import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

import { type Certificates, certificatesOf } from '../../src/certificates/certificates.ts';
import type { CertificateItem } from '../../src/certificates/item.ts';
import type { GivenProperties } from '../../src/certificates/properties.ts';
import type { SignOptions } from '../../src/certificates/sign.ts';
import { oids } from '../../src/der/oids.ts';
import { type Job, silentJob } from '../../src/job/job.ts';
import { decodePem } from '../../src/pem/pem.ts';
import type { Cancel } from '../../src/platform/cancel.ts';
import type { Clock, Instant } from '../../src/platform/clock.ts';
import type { GeneratedKey, KeyGenerationProgress, KeyGenerator, KeySpec } from '../../src/platform/keygen.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { Store } from '../../src/store/store.ts';
import type { ShownContents } from '../../src/store/stored-certificate.ts';
import { type Certificate, decodeCertificate } from '../../src/x509/certificate.ts';
import { type Extension, extensionOf } from '../../src/x509/extensions.ts';
import { decodeCrlDistributionPoints } from '../../src/x509/issuer-information.ts';
import { openIn } from '../store/open-in.ts';
import { temporaryFolder } from '../store/opened.ts';
import { newKey } from '../x509/keys.ts';

/** 2026-11-23 12:00:00 UTC */
export const noon: Instant = 1_795_435_200;
export const day = 86_400;

/** A clock that stands until a test moves it; each look at the stopwatch is a second later than the last, so that rounds stay few. */
class TestClock implements Clock {
  time = noon;
  #stopwatch = 0;

  now(): Instant {
    return this.time;
  }

  monotonic(): number {
    this.#stopwatch += 1000;
    return this.#stopwatch;
  }

  offsetAt(): number {
    return 0;
  }

  zone(): string {
    return 'UTC';
  }

  set(instant: Instant): void {
    this.time = instant;
  }

  async sleep(): Promise<void> {
    throw new Error('nothing here sleeps');
  }
}

/** Keys of the host's making. `meanwhile` is called while a key is made, which may take as long as that. */
class TestKeyGenerator implements KeyGenerator {
  readonly name = 'test';
  readonly made: GeneratedKey[] = [];
  /** Given as the next key, if there is one. */
  next: GeneratedKey | undefined;
  /** Told of each key. */
  progress: readonly KeyGenerationProgress[] = [0, 0.404, 0.405, 1];
  meanwhile: () => Promise<void> | void = () => undefined;

  expectedSeconds(): Promise<number> {
    return Promise.resolve(0);
  }

  async generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey> {
    for (const reached of this.progress) progress?.(reached);
    await this.meanwhile();
    cancel.check();
    const { next } = this;
    this.next = undefined;
    const key = next ?? newKey(spec.type === 'rsa' ? `rsa-${spec.bits}` : spec.type === 'ec' ? spec.curve : 'ed25519');
    this.made.push(key);
    return key;
  }
}

/** A router with an empty store, in a folder that goes when the test ends. */
export class Router {
  readonly clock = new TestClock();
  readonly keyGenerator = new TestKeyGenerator();
  readonly crypto = new NodeCrypto();
  /** "warning: message" */
  readonly log: string[] = [];
  readonly folder: string;
  readonly store: Store;
  readonly certificates: Certificates;

  private constructor(folder: string, store: Store, files: NodeFiles) {
    this.folder = folder;
    this.store = store;
    this.certificates = certificatesOf({
      store,
      files,
      clock: this.clock,
      crypto: this.crypto,
      random: new NodeRandom(),
      keyGenerator: this.keyGenerator,
      builtAt: noon - day,
      log: (severity, topics, message) => {
        this.log.push(`${topics.join(',')} ${severity}: ${message}`);
      },
    });
  }

  static async start(): Promise<Router> {
    const router = await Router.startIn(temporaryFolder());
    onTestFinished(() => router.store.close());
    return router;
  }

  /** A router in a folder; the caller closes its store. */
  static async startIn(folder: string): Promise<Router> {
    // What becomes of a store when the power fails is not the subject here.
    const store = await openIn(join(folder, 'store'), { databases: new NodeDatabases({ journal: 'wal', synchronous: 'off' }) });
    return new Router(join(folder, 'files'), store, await NodeFiles.open(join(folder, 'files')));
  }

  /** Makes a template with a quick key unless told otherwise. */
  add(given: GivenProperties, copyFrom?: string): number {
    const quick: GivenProperties = copyFrom === undefined ? { keySize: 'prime256v1', ...given } : given;
    return this.certificates.add(quick, copyFrom === undefined ? undefined : this.item(copyFrom).id);
  }

  async sign(name: string, options: Omit<SignOptions, 'ca'> & { readonly ca?: string } = {}, job: Job = silentJob): Promise<void> {
    const { ca, ...rest } = options;
    await this.certificates.sign(this.item(name).id, { ...rest, ...(ca === undefined ? {} : { ca: this.item(ca).id }) }, job);
  }

  /** A CA with its own signature. */
  async newCa(name: string, given: GivenProperties = {}, options: SignOptions = {}): Promise<CertificateItem> {
    this.add({ name, commonName: name, keyUsage: ['key-cert-sign', 'crl-sign'], ...given });
    await this.sign(name, { caCrlHosts: options.caCrlHosts });
    return this.item(name);
  }

  /** A certificate of a CA. */
  async issue(name: string, ca: string, given: GivenProperties = {}): Promise<CertificateItem> {
    this.add({ name, commonName: name, keyUsage: ['digital-signature', 'tls-server'], ...given });
    await this.sign(name, { ca });
    return this.item(name);
  }

  /** Issues a new certificate for the key of an old one, in the old one's place. */
  async renew(name: string, ca: string): Promise<void> {
    const key = this.privateKey(name);
    const { id } = this.item(name);
    this.certificates.remove([id]);
    this.keyGenerator.next = { privateKey: key, publicKey: this.crypto.publicKeyOf(key) };
    await this.issue(name, ca);
  }

  item(name: string): CertificateItem {
    const item = this.certificates.withName(name);
    if (item === undefined) throw new Error(`there is no ${name}`);
    return item;
  }

  names(): string[] {
    return [...this.certificates.list()].map((item) => item.name);
  }

  /** The letters of print, in its order. */
  letters(name: string): string {
    const { 'private-key': privateKey, crl, authority, issued, revoked, expired, trusted } = this.item(name).flags;
    return [privateKey && 'K', crl && 'L', authority && 'A', issued && 'I', revoked && 'R', expired && 'E', trusted && 'T']
      .filter((letter) => letter !== false)
      .join('');
  }

  der(name: string): Uint8Array {
    const der = this.store.certificates.der(this.item(name).id);
    if (der === undefined) throw new Error(`${name} is a template`);
    return der;
  }

  certificate(name: string): Certificate {
    return decodeCertificate(this.der(name));
  }

  pem(name: string): string {
    return pemOf('CERTIFICATE', this.der(name));
  }

  writeFile(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), content);
  }

  /** A file of zeros that takes no room on the disk. */
  writeHuge(name: string, length: number): void {
    writeFileSync(join(this.folder, name), '');
    truncateSync(join(this.folder, name), length);
  }

  /** Writes to a file until the disk is full. */
  fillDisk(): void {
    const ballast = openSync(join(this.folder, 'ballast'), 'w');
    const page = new Uint8Array(4096);
    try {
      for (;;) writeSync(ballast, page);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(ballast);
    }
  }

  readFile(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, name)));
  }

  readText(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  hasFile(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  modeOf(name: string): number {
    return statSync(join(this.folder, name)).mode & 0o777;
  }

  /** What only a certificate has. */
  contents(name: string): ShownContents {
    const contents = this.store.certificates.byName(name)?.contents;
    if (contents === undefined) throw new Error(`${name} is no certificate`);
    return contents;
  }

  privateKey(name: string): Uint8Array {
    const key = this.store.privateKeys.open(Number(this.contents(name).privateKeyId));
    if (key === undefined) throw new Error(`${name} has no private key`);
    return key;
  }

  extension(name: string, oid: string): Extension {
    const extension = extensionOf(this.certificate(name), oid);
    if (extension === undefined) throw new Error(`${name} has no extension ${oid}`);
    return extension;
  }

  crlUrls(name: string): string[] {
    const points = decodeCrlDistributionPoints(this.extension(name, oids.cRLDistributionPoints));
    return points.flatMap(({ fullName }) => fullName.map((each) => (each.type === 'uri' ? each.value : each.type)));
  }

  /** The message with which a command fails; it must leave the store as it was. */
  async refusal(command: () => unknown): Promise<string> {
    const before = this.snapshot();
    try {
      await command();
    } catch (error) {
      if (this.snapshot() !== before) throw new Error('the store was changed', { cause: error });
      return error instanceof Error ? error.message : String(error);
    }
    throw new Error('expected a refusal');
  }

  /** Everything the store knows about certificates, to see that nothing changed. */
  snapshot(): string {
    return JSON.stringify(
      [...this.store.certificates.all()].map((row) => [row.id, row.name, row.properties, row.contents, row.noticedDays]),
    );
  }
}

export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export function derOf(pem: string): Uint8Array {
  const [block] = decodePem(pem);
  if (block === undefined) throw new Error('no PEM block');
  return block.der;
}
