import { hex } from '../bytes/hex.ts';
import { oids } from '../der/oids.ts';
import type { Instant } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { CertificateList, RevokedCertificate } from '../x509/crl.ts';
import { type CrlReason, decodeCertificateIssuer, decodeCrlReason } from '../x509/crl-extensions.ts';
import { type Extension, extensionOf } from '../x509/extensions.ts';
import { formatName, type Name, nameKey } from '../x509/name.ts';
import { verifySignature } from '../x509/signer.ts';

/** What an entry of a CRL says about a certificate. */
export interface Revocation {
  readonly date: Instant;
  readonly reason: CrlReason;
}

/** A CRL as path validation sees it: its header, and a way to look a certificate up, however it is stored. */
export interface Crl {
  readonly issuer: Name;
  readonly thisUpdate: Instant;
  readonly nextUpdate?: Instant;
  readonly extensions: readonly Extension[];
  /** Dotted OID of a critical extension of some entry that nobody here knows: then the CRL says nothing (RFC 5280 5.3). */
  readonly unknownEntryExtension?: string;
  /** Whether this key (SubjectPublicKeyInfo) signed it; who read it as a stream knows by which key it was verified then. */
  isSignedBy(publicKey: Uint8Array, crypto: Pick<Crypto, 'verify'>): Promise<boolean>;
  /** The entry for a serial number (content octets of the INTEGER) of this issuer, if there is one; `issuer` is a `nameKey`. */
  lookup(serialNumber: Uint8Array, issuer: string): Promise<Revocation | undefined>;
}

/** Extensions of entries that are heeded, or say nothing about whether. */
const heededOfEntries: ReadonlySet<string> = new Set([oids.reasonCode, oids.invalidityDate, oids.certificateIssuer]);

/** The CRL of a list in memory. Throws `DerError` or `X509Error` where an entry's extension can't be read. */
export function crlOf(list: CertificateList): Crl {
  const entries = new Map<string, Revocation>();
  let issuer = nameKey(list.issuer);
  let unknown: string | undefined;
  for (const entry of list.revoked) {
    unknown ??= entry.extensions.find(({ oid, critical }) => critical && !heededOfEntries.has(oid))?.oid;
    // An entry without a certificateIssuer is of the one of the entry before it (RFC 5280 5.3.3).
    issuer = issuerOf(entry) ?? issuer;
    const reason = extensionOf(entry, oids.reasonCode);
    const revocation = { date: entry.revocationDate, reason: reason === undefined ? 'unspecified' : decodeCrlReason(reason) } as const;
    entries.set(entryKey(entry.serialNumber, issuer), revocation);
  }
  const { thisUpdate, nextUpdate, extensions } = list;
  return {
    issuer: list.issuer,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    extensions,
    ...(unknown === undefined ? {} : { unknownEntryExtension: unknown }),
    isSignedBy: (publicKey, crypto) => verifySignature(list, publicKey, crypto),
    lookup: (serialNumber, certificateIssuer) => Promise.resolve(entries.get(entryKey(serialNumber, certificateIssuer))),
  };
}

function issuerOf(entry: RevokedCertificate): string | undefined {
  const extension = extensionOf(entry, oids.certificateIssuer);
  if (extension === undefined) return undefined;
  const name = decodeCertificateIssuer(extension).find((one) => one.type === 'directory');
  return name?.type === 'directory' ? nameKey(name.name) : '';
}

function entryKey(serialNumber: Uint8Array, issuer: string): string {
  return `${hex(serialNumber)} ${issuer}`;
}

/** What messages call a CRL. */
export function crlLabel({ issuer }: Pick<Crl, 'issuer'>): string {
  return `CRL of ${formatName(issuer)}`;
}
