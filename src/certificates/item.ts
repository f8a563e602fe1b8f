import type { Instant } from '../platform/clock.ts';
import type { CertificateTable } from '../store/certificates.ts';
import type { ShownContents, Standing, StoredCertificate, StoredProperties } from '../store/stored-certificate.ts';
import { type KeyUsage, keyUsages } from '../x509/key-usage.ts';
import { defaults, keyTypeOf } from './defaults.ts';

/** The letters of print, K L A I R E T, by the names that RouterOS gives them. */
export type CertificateFlags = {
  /** K: its private key is here. */
  readonly 'private-key': boolean;
  /** L: it names CRL distribution points. */
  readonly crl: boolean;
  /** A: usable as authority, that is: it may sign certificates and its private key is here. */
  readonly authority: boolean;
  /** I: issued by a CA of this router. As RouterOS shows it: not together with A. */
  readonly issued: boolean;
  /** R: revoked here. */
  readonly revoked: boolean;
  /** E: past its end. */
  readonly expired: boolean;
  /** T: trusted. */
  readonly trusted: boolean;
};

/** An item of /certificate as it is printed: a template, or a certificate. Undefined: the item does not have the property. */
export interface CertificateItem {
  readonly id: number;
  readonly name: string;
  readonly kind: 'template' | 'certificate';
  readonly flags: CertificateFlags;
  /** "rsa", "ec", "ed25519", "dsa", "other" */
  readonly keyType: string;
  /** "2048", "prime256v1", "ed25519" */
  readonly keySize: string;
  readonly commonName: string | undefined;
  readonly country: string | undefined;
  readonly state: string | undefined;
  readonly locality: string | undefined;
  readonly organization: string | undefined;
  readonly unit: string | undefined;
  /** "DNS:a.example", "IP:10.0.0.1"; empty if there are none. */
  readonly subjectAltNames: readonly string[];
  readonly daysValid: number;
  /** In RouterOS' order. */
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly digestAlgorithm: string | undefined;
  readonly trusted: boolean | undefined;
  readonly trustStore: readonly string[] | undefined;
  /** "C=US,O=Example,CN=Root"; undefined also for what was self-signed here. */
  readonly issuer: string | undefined;
  /** Hexadecimal, lower case. */
  readonly serialNumber: string | undefined;
  /** SHA-256 of the certificate, hexadecimal, lower case. */
  readonly fingerprint: string | undefined;
  /** Subject key identifier, hexadecimal, upper case; "" in a certificate without one. */
  readonly skid: string | undefined;
  /** Authority key identifier, hexadecimal, upper case; "" in a certificate without one. */
  readonly akid: string | undefined;
  readonly invalidBefore: Instant | undefined;
  readonly invalidAfter: Instant | undefined;
  /** Seconds left; undefined once expired. */
  readonly expiresAfter: number | undefined;
  /** Name of the item of the CA that issued it, for what was issued here. */
  readonly ca: string | undefined;
  /** Host (or hosts, separated by commas) of the CRL of what this CA issues. */
  readonly caCrlHost: string | undefined;
  readonly revoked: Instant | undefined;
}

/** The items of `rows`, each made when it is reached. */
export function* itemsOf(rows: Iterable<StoredCertificate>, table: CertificateTable, now: Instant): Generator<CertificateItem> {
  for (const row of rows) yield itemOf(row, table, now);
}

/** The item of a row at the time `now`. Properties are read from the row when they are asked for. */
export function itemOf(row: StoredCertificate, table: CertificateTable, now: Instant): CertificateItem {
  return new RowItem(row, table, now);
}

class RowItem implements CertificateItem {
  readonly #row: StoredCertificate;
  readonly #table: CertificateTable;
  readonly #now: Instant;
  #properties: StoredProperties | undefined;
  #contents: ShownContents | undefined | 'unread' = 'unread';

  constructor(row: StoredCertificate, table: CertificateTable, now: Instant) {
    this.#row = row;
    this.#table = table;
    this.#now = now;
  }

  get #own(): StoredProperties {
    this.#properties ??= this.#row.properties;
    return this.#properties;
  }

  get #issued(): ShownContents | undefined {
    if (this.#contents === 'unread') this.#contents = this.#row.contents;
    return this.#contents;
  }

  get id(): number {
    return this.#row.id;
  }

  get name(): string {
    return this.#row.name;
  }

  get kind(): 'template' | 'certificate' {
    return this.#row.isTemplate ? 'template' : 'certificate';
  }

  get flags(): CertificateFlags {
    return flagsOf(this.#row.standing, this.#now);
  }

  get keyType(): string {
    return this.#issued?.keyType ?? keyTypeOf(this.keySize);
  }

  get keySize(): string {
    return this.#own.keySize ?? defaults.keySize;
  }

  get commonName(): string | undefined {
    return this.#row.commonName;
  }

  get country(): string | undefined {
    return this.#own.country;
  }

  get state(): string | undefined {
    return this.#own.state;
  }

  get locality(): string | undefined {
    return this.#own.locality;
  }

  get organization(): string | undefined {
    return this.#own.organization;
  }

  get unit(): string | undefined {
    return this.#own.unit;
  }

  get subjectAltNames(): readonly string[] {
    return this.#row.subjectAltNames ?? [];
  }

  get daysValid(): number {
    return this.#own.daysValid ?? defaults.daysValid;
  }

  get keyUsage(): readonly KeyUsage[] | undefined {
    const stored = this.#own.keyUsage;
    return stored === undefined ? undefined : keyUsages.filter((usage) => stored.includes(usage));
  }

  get digestAlgorithm(): string | undefined {
    return this.#own.digestAlgorithm;
  }

  get trusted(): boolean | undefined {
    return this.#row.trusted;
  }

  get trustStore(): readonly string[] | undefined {
    return this.#own.trustStore;
  }

  get issuer(): string | undefined {
    return this.#issued?.issuer;
  }

  get serialNumber(): string | undefined {
    return this.#issued?.serialNumber;
  }

  get fingerprint(): string | undefined {
    return this.#row.fingerprint;
  }

  get skid(): string | undefined {
    return this.#issued?.skid;
  }

  get akid(): string | undefined {
    return this.#issued?.akid;
  }

  get invalidBefore(): Instant | undefined {
    return this.#issued?.invalidBefore;
  }

  get invalidAfter(): Instant | undefined {
    return this.#row.invalidAfter;
  }

  get expiresAfter(): number | undefined {
    const end = this.invalidAfter;
    return end === undefined || end < this.#now ? undefined : end - this.#now;
  }

  get ca(): string | undefined {
    const { caId } = this.#row;
    return caId === undefined ? undefined : this.#table.byId(caId)?.name;
  }

  get caCrlHost(): string | undefined {
    return this.#issued?.caCrlHost;
  }

  get revoked(): Instant | undefined {
    return this.#row.revokedAt;
  }
}

function flagsOf({ hasPrivateKey, maySign, hasCrl, issuedHere, revoked, trusted, invalidAfter }: Standing, now: Instant): CertificateFlags {
  const authority = hasPrivateKey && maySign;
  return {
    'private-key': hasPrivateKey,
    crl: hasCrl,
    authority,
    issued: issuedHere && !authority,
    revoked,
    expired: invalidAfter !== undefined && invalidAfter < now,
    trusted,
  };
}
