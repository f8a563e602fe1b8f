import type { Instant } from '../platform/clock.ts';
import type { Row } from '../platform/database.ts';
import { flag, integer, optional, optionalFlag, optionalInteger, optionalText, text } from './columns.ts';
import { StoreError } from './errors.ts';

/** What a user may set in a template, and what a certificate shows of its contents. Undefined: not set. */
export interface StoredProperties {
  readonly commonName: string | undefined;
  readonly country: string | undefined;
  readonly state: string | undefined;
  readonly locality: string | undefined;
  readonly organization: string | undefined;
  readonly unit: string | undefined;
  /** "DNS:a.example", "IP:10.0.0.1" */
  readonly subjectAltNames: readonly string[] | undefined;
  readonly keySize: string | undefined;
  readonly keyUsage: readonly string[] | undefined;
  readonly daysValid: number | undefined;
  readonly digestAlgorithm: string | undefined;
  readonly trusted: boolean | undefined;
  readonly trustStore: readonly string[] | undefined;
}

/** What only a certificate has. */
export interface StoredContents {
  readonly der: Uint8Array;
  /** SHA-256 of `der`: hexadecimal as print shows it, as are the next ones. */
  readonly fingerprint: string;
  readonly keyType: string;
  readonly serialNumber: string;
  /** Undefined for what was self-signed here. */
  readonly issuer: string | undefined;
  readonly invalidBefore: Instant;
  readonly invalidAfter: Instant;
  /** Upper case; empty in a certificate without one. */
  readonly skid: string;
  readonly akid: string;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly publicKeyId: string;
  readonly privateKeyId: number | undefined;
  /** The item of this router's CA that issued it. */
  readonly caId: number | undefined;
  readonly caCrlHost: string | undefined;
  /** Its extensions let it sign certificates. */
  readonly maySign: boolean;
  readonly hasCrl: boolean;
  /** Signed on this router, not imported. */
  readonly madeHere: boolean;
  readonly revokedAt: Instant | undefined;
}

/** Contents without the document itself, which is read when it is needed. */
export type ShownContents = Omit<StoredContents, 'der'>;

/** What the flags of an item come of. In a template all is false. */
export interface Standing {
  readonly hasPrivateKey: boolean;
  readonly maySign: boolean;
  readonly hasCrl: boolean;
  /** By a CA of this router. */
  readonly issuedHere: boolean;
  readonly revoked: boolean;
  readonly trusted: boolean;
  readonly invalidAfter: Instant | undefined;
}

/** A row of the table `certificate`: each column is read from it when it is asked for, so that going through many costs little. */
export class StoredCertificate {
  readonly #row: Row;

  constructor(row: Row) {
    this.#row = row;
  }

  get id(): number {
    return integer(this.#row, 'id');
  }

  get name(): string {
    return text(this.#row, 'name');
  }

  get isTemplate(): boolean {
    return this.#row['fingerprint'] === null;
  }

  get noticedDays(): number | undefined {
    return optionalInteger(this.#row, 'noticed_days');
  }

  get commonName(): string | undefined {
    return optionalText(this.#row, 'common_name');
  }

  get subjectAltNames(): readonly string[] | undefined {
    return optional(jsonTexts, this.#row, 'subject_alt_names');
  }

  get trusted(): boolean | undefined {
    return optionalFlag(this.#row, 'trusted');
  }

  /** Undefined in a template, as is what follows. */
  get fingerprint(): string | undefined {
    return optionalText(this.#row, 'fingerprint');
  }

  get privateKeyId(): number | undefined {
    return optionalInteger(this.#row, 'private_key_id');
  }

  get caId(): number | undefined {
    return optionalInteger(this.#row, 'ca_id');
  }

  get invalidAfter(): Instant | undefined {
    return optionalInteger(this.#row, 'invalid_after');
  }

  get revokedAt(): Instant | undefined {
    return optionalInteger(this.#row, 'revoked_at');
  }

  /** In one reading, because a list asks every item for it. */
  get standing(): Standing {
    const row = this.#row;
    return {
      hasPrivateKey: row['private_key_id'] !== null,
      maySign: row['may_sign'] === 1,
      hasCrl: row['has_crl'] === 1,
      issuedHere: row['ca_id'] !== null,
      revoked: row['revoked_at'] !== null,
      trusted: row['trusted'] === 1,
      invalidAfter: optionalInteger(row, 'invalid_after'),
    };
  }

  /** Every property. A print of many reads the few that it shows by themselves. */
  get properties(): StoredProperties {
    const row = this.#row;
    return {
      commonName: this.commonName,
      country: optionalText(row, 'country'),
      state: optionalText(row, 'state'),
      locality: optionalText(row, 'locality'),
      organization: optionalText(row, 'organization'),
      unit: optionalText(row, 'unit'),
      subjectAltNames: this.subjectAltNames,
      keySize: optionalText(row, 'key_size'),
      keyUsage: optional(words, row, 'key_usage'),
      daysValid: optionalInteger(row, 'days_valid'),
      digestAlgorithm: optionalText(row, 'digest_algorithm'),
      trusted: this.trusted,
      trustStore: optional(words, row, 'trust_store'),
    };
  }

  /** Undefined in a template. */
  get contents(): ShownContents | undefined {
    const row = this.#row;
    const { fingerprint } = this;
    if (fingerprint === undefined) return undefined;
    return {
      fingerprint,
      keyType: text(row, 'key_type'),
      serialNumber: text(row, 'serial_number'),
      issuer: optionalText(row, 'issuer'),
      invalidBefore: integer(row, 'invalid_before'),
      invalidAfter: integer(row, 'invalid_after'),
      skid: text(row, 'skid'),
      akid: text(row, 'akid'),
      publicKeyId: text(row, 'public_key_id'),
      privateKeyId: this.privateKeyId,
      caId: this.caId,
      caCrlHost: optionalText(row, 'ca_crl_host'),
      maySign: flag(row, 'may_sign'),
      hasCrl: flag(row, 'has_crl'),
      madeHere: flag(row, 'made_here'),
      revokedAt: this.revokedAt,
    };
  }
}

function words(row: Row, column: string): readonly string[] {
  const joined = text(row, column);
  return joined === '' ? [] : joined.split(',');
}

function jsonTexts(row: Row, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column));
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new StoreError('damaged', `column ${column}: expected a JSON array of strings`);
}
