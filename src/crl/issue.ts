import { believableNow } from '../certificates/clock-check.ts';
import { issuerKeyIdentifier } from '../certificates/issuer.ts';
import { certificateOf, lastMadeHere } from '../certificates/lookup.ts';
import type { CertificatePorts } from '../certificates/ports.ts';
import type { Instant } from '../platform/clock.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import type { IssuedCrl } from '../store/issued-crls.ts';
import type { Revocation } from '../store/revocations.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { type RevokedCertificate, signCrl } from '../x509/crl.ts';
import { type CrlReason, encodeCrlNumber, encodeCrlReason } from '../x509/crl-extensions.ts';
import { encodeAuthorityKeyIdentifier } from '../x509/extensions.ts';
import { signerFor } from '../x509/signer.ts';

/** What making CRLs needs. */
export type CrlPorts = Pick<CertificatePorts, 'store' | 'clock' | 'crypto' | 'builtAt' | 'log'>;

/** Seconds from one CRL to the next, where nothing is revoked meanwhile (RouterOS: every 24 h). */
export const crlInterval = 86_400;
/** Seconds that a CRL is good for: a router may be down for a day, and nobody's VPN with it. */
export const crlLifetime = 2 * crlInterval;

/** Makes the CRLs of the CAs of this router: one a key, anew after each revocation and once a day. */
export class CrlIssuer {
  readonly #ports: CrlPorts;
  /** What is being made, by the key's id. */
  readonly #making = new Map<string, Promise<void>>();

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
    return new Map([...keys].map((key) => [key, store.issuedCrls.dueAt(key) ?? 0]));
  }

  /**
   * The newest CRL of the key with this number in its URL, made anew if it is due. One that can't be made now is answered by the one before.
   * Undefined where no key has the number, and where there never was a CRL.
   */
  async current(number: number): Promise<IssuedCrl | undefined> {
    const { store, log } = this.#ports;
    const key = store.caNumbers.keyOf(number);
    if (key === undefined) return undefined;
    try {
      await this.makeIfDue(key);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      log('warning', ['certificate', 'crl'], `the CRL ${number}.crl could not be made anew: ${error.message}`);
    }
    return store.issuedCrls.of(key);
  }

  /** Makes the CRL of a key if it is time to. Rejects where that can't be: the clock is wrong, the store is full. */
  makeIfDue(publicKeyId: string): Promise<void> {
    const under = this.#making.get(publicKeyId);
    // What was revoked since that began is not in it.
    if (under !== undefined) return under.catch(() => undefined).then(() => this.makeIfDue(publicKeyId));
    const { store, clock } = this.#ports;
    const now = clock.now();
    const dueAt = store.issuedCrls.dueAt(publicKeyId) ?? 0;
    const ca = dueAt > now ? undefined : issuingCertificate(store.certificates.withCrlHost(publicKeyId), now);
    if (ca === undefined) return Promise.resolve();
    const making = this.#make(ca, publicKeyId).finally(() => this.#making.delete(publicKeyId));
    this.#making.set(publicKeyId, making);
    return making;
  }

  async #make(ca: StoredCertificate, publicKeyId: string): Promise<void> {
    const { store, clock, crypto, builtAt } = this.#ports;
    const now = believableNow(clock, { builtAt, last: lastMadeHere({ store }) });
    const before = store.issuedCrls.of(publicKeyId);
    const isRegular = before === undefined || before.dueAt > 0;
    // The time as a number grows also over a restored backup, which has forgotten the last ones.
    const number = Math.max((before?.number ?? 0) + 1, now);
    const revoked = store.revocations.of(publicKeyId);
    const certificate = certificateOf({ store }, ca);
    const privateKey = store.privateKeys.open(ca.contents?.privateKeyId ?? 0);
    if (privateKey === undefined) return;
    try {
      const { der } = await signCrl(
        {
          issuer: certificate.subject,
          thisUpdate: now,
          nextUpdate: now + crlLifetime,
          revoked: revoked.filter(({ invalidAfter }) => invalidAfter >= (before?.regularUpdate ?? 0)).map(entryOf),
          extensions: [encodeAuthorityKeyIdentifier({ keyIdentifier: issuerKeyIdentifier(certificate, crypto) }), encodeCrlNumber(number)],
        },
        signerFor(privateKey, digestOf(ca), crypto),
      );
      store.transact(() => {
        // What was revoked while the key signed comes with the next.
        const isWhole = store.revocations.of(publicKeyId).length === revoked.length;
        store.issuedCrls.put({
          publicKeyId,
          number,
          thisUpdate: now,
          nextUpdate: now + crlLifetime,
          regularUpdate: isRegular ? now : before.regularUpdate,
          dueAt: isWhole ? now + crlInterval : 0,
          der,
        });
      });
    } finally {
      privateKey.fill(0);
    }
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

/** That of the CA's own certificate, unless it can be forged. */
function digestOf({ properties }: StoredCertificate): HashAlgorithm {
  const { digestAlgorithm: digest } = properties;
  return digest === 'sha384' || digest === 'sha512' ? digest : 'sha256';
}

const crlReasons: ReadonlyMap<string, CrlReason> = new Map([
  ['key-compromise', 'keyCompromise'],
  ['ca-compromise', 'cACompromise'],
  ['affiliation-changed', 'affiliationChanged'],
  ['superseded', 'superseded'],
  ['cessation-of-operation', 'cessationOfOperation'],
  ['privilege-withdrawn', 'privilegeWithdrawn'],
]);

function entryOf({ serialNumber, revokedAt, reason }: Revocation): RevokedCertificate {
  const extension = encodeCrlReason(crlReasons.get(reason ?? '') ?? 'unspecified');
  return { serialNumber, revocationDate: revokedAt, extensions: extension === undefined ? [] : [extension] };
}
