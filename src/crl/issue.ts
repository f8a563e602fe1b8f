import type { CertificatePorts } from '../certificates/ports.ts';
import type { Instant } from '../platform/clock.ts';
import type { IssuedCrl } from '../store/issued-crls.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';

/** What making CRLs needs. */
export type CrlPorts = Pick<CertificatePorts, 'store' | 'clock' | 'crypto' | 'builtAt' | 'log'>;

/** Seconds from one CRL to the next, where nothing is revoked meanwhile (RouterOS: every 24 h). */
export const crlInterval = 86_400;
/** Seconds that a CRL is good for: a router may be down for a day, and nobody's VPN with it. */
export const crlLifetime = 2 * crlInterval;

/** Milliseconds between tries for those who ask. */
const patience = 60_000;

/** Makes the CRLs of the CAs of this router: one a key, anew after each revocation and once a day. */
export class CrlIssuer {
  readonly #ports: CrlPorts;
  /** What is being made, by the key's id. */
  readonly #making = new Map<string, Promise<void>>();
  /** When who asks may have another try made, after one that failed; by the stopwatch. */
  readonly #notBefore = new Map<string, number>();

  constructor(ports: CrlPorts) {
    this.#ports = ports;
  }

  /** When the next CRL of each key is to be made. */
  due(): Map<string, Instant> {
    const { store, clock } = this.#ports;
    const now = clock.now();
    const keys = new Set(
      store.certificates
        .withCrlHost()
        .filter((item) => mayIssue(item, now))
        .map((item) => item.contents?.publicKeyId ?? ''),
    );
    return new Map([...keys].map((key) => [key, store.issuedCrls.dueAt(key, now)]));
  }

  /**
   * The newest CRL of the key with this number in its URL, made anew if it is due. One that can't be made now is answered by the one before.
   * Undefined where no key has the number, and where there never was a CRL.
   */
  async current(number: number): Promise<IssuedCrl | undefined> {
    const { store, clock, log } = this.#ports;
    const key = store.caNumbers.keyOf(number);
    if (key === undefined) return undefined;
    // Strangers who ask again and again neither fill the log nor have the router sign for nothing.
    if ((this.#notBefore.get(key) ?? 0) <= clock.monotonic()) {
      try {
        await this.makeIfDue(key);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        this.#notBefore.set(key, clock.monotonic() + patience);
        log('warning', ['certificate', 'crl'], `the CRL ${number}.crl could not be made anew: ${error.message}`);
      }
    }
    return store.issuedCrls.of(key);
  }

  /** Makes the CRL of a key if it is time to. Rejects where that can't be: the clock is wrong, the store is full. */
  makeIfDue(publicKeyId: string): Promise<void> {
    const under = this.#making.get(publicKeyId);
    // What was revoked since that began is not in it. Where it fails, it fails for all who wait.
    if (under !== undefined) return under.then(() => this.makeIfDue(publicKeyId));
    const { store, clock } = this.#ports;
    const now = clock.now();
    const dueAt = store.issuedCrls.dueAt(publicKeyId, now);
    const ca = dueAt > now ? undefined : issuingCertificate(store.certificates.withCrlHost(publicKeyId), now);
    if (ca === undefined) return Promise.resolve();
    const making = this.#make(ca, publicKeyId).finally(() => this.#making.delete(publicKeyId));
    this.#making.set(publicKeyId, making);
    return making;
  }

  async #make(ca: StoredCertificate, publicKeyId: string): Promise<void> {
    // Loaded when there is one to make.
    const { makeCrl } = await import('./make.ts');
    await makeCrl(this.#ports, ca, publicKeyId);
  }
}

function mayIssue({ contents, properties }: StoredCertificate, now: Instant): boolean {
  return contents !== undefined && contents.invalidAfter >= now && properties.keyUsage?.includes('crl-sign') !== false;
}

/** Of the certificates of one key the newest that may sign CRLs. */
function issuingCertificate(candidates: readonly StoredCertificate[], now: Instant): StoredCertificate | undefined {
  return candidates
    .filter((item) => mayIssue(item, now))
    .toSorted((a, b) => (b.contents?.invalidBefore ?? 0) - (a.contents?.invalidBefore ?? 0))[0];
}
