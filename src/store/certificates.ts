import type { Instant } from '../platform/clock.ts';
import type { Database, Row, SqlValue } from '../platform/database.ts';
import { blob, integer, text } from './columns.ts';
import { StoredCertificate, type StoredContents, type StoredProperties } from './stored-certificate.ts';

const propertyColumns = [
  'common_name',
  'country',
  'state',
  'locality',
  'organization',
  'unit',
  'subject_alt_names',
  'key_size',
  'key_usage',
  'days_valid',
  'digest_algorithm',
  'trusted',
  'trust_store',
];
const shownColumns = [
  'fingerprint',
  'key_type',
  'serial_number',
  'issuer',
  'invalid_before',
  'invalid_after',
  'skid',
  'akid',
  'public_key_id',
  'private_key_id',
  'ca_id',
  'ca_crl_host',
  'may_sign',
  'has_crl',
  'made_here',
  'revoked_at',
];
const contentsColumns = [...shownColumns, 'der'];
/** What a list shows of an item, and its flags: of many, the other columns are most of the time that reading takes. */
const briefColumns = [
  'common_name',
  'subject_alt_names',
  'trusted',
  'fingerprint',
  'invalid_after',
  'private_key_id',
  'ca_id',
  'may_sign',
  'has_crl',
  'revoked_at',
];
const selectBriefly = `SELECT id, position, name, ${briefColumns.join(', ')} FROM certificate`;
const select = `SELECT id, position, name, ${[...propertyColumns, ...shownColumns].join(', ')}, noticed_days FROM certificate`;

/** Rows read at once while going through all: no statement stays open while others run. */
const pageSize = 250;

/** Templates and certificates. */
export class CertificateTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every item in the order of print. A `brief` one has its `id`, its `name` and `briefColumns`; reading another column throws. */
  *all(extent: 'brief' | 'whole' = 'whole'): Generator<StoredCertificate> {
    const page = this.#database.prepare(
      `${extent === 'brief' ? selectBriefly : select} WHERE position > ? ORDER BY position LIMIT ${pageSize}`,
    );
    for (let rows = page.all(-1); rows.length > 0; ) {
      for (const row of rows) yield new StoredCertificate(row);
      const last = rows.at(-1);
      rows = last === undefined || rows.length < pageSize ? [] : page.all(integer(last, 'position'));
    }
  }

  names(): string[] {
    return this.#database
      .prepare('SELECT name FROM certificate ORDER BY position')
      .all()
      .map((row) => text(row, 'name'));
  }

  byId(id: number): StoredCertificate | undefined {
    return stored(this.#database.prepare(`${select} WHERE id = ?`).get(id));
  }

  byName(name: string): StoredCertificate | undefined {
    return stored(this.#database.prepare(`${select} WHERE name = ?`).get(name));
  }

  /** Certificates of one public key, by its SHA-256. */
  byPublicKey(publicKeyId: string): StoredCertificate[] {
    return this.#many('public_key_id = ? ORDER BY position', publicKeyId);
  }

  bySubjectKeyIdentifier(skid: string): StoredCertificate[] {
    return this.#many('skid = ? ORDER BY position', skid);
  }

  /** Certificates whose subject has this (first) common name, or none. */
  certificatesWithCommonName(commonName: string | undefined): StoredCertificate[] {
    return this.#many('fingerprint IS NOT NULL AND common_name IS ? ORDER BY position', commonName ?? null);
  }

  /** What the item issued, directly. */
  issuedBy(caId: number): StoredCertificate[] {
    return this.#many('ca_id = ? ORDER BY position', caId);
  }

  /** CAs that name a host of their CRLs, of one public key or of all, and whose private key is here. */
  withCrlHost(publicKeyId?: string): StoredCertificate[] {
    const [ofOne, values] = publicKeyId === undefined ? ['', []] : [' AND public_key_id = ?', [publicKeyId]];
    // SQLite would go through all there are.
    return this.#database
      .prepare(`${select} INDEXED BY certificate_with_crl_host WHERE ca_crl_host IS NOT NULL AND private_key_id IS NOT NULL${ofOne}`)
      .all(...values)
      .map((row) => new StoredCertificate(row));
  }

  /** Certificates not revoked that end from `from` on, but before `to`. */
  endingBetween(from: Instant, to: Instant): StoredCertificate[] {
    return this.#many('invalid_after >= ? AND invalid_after < ? AND revoked_at IS NULL ORDER BY position', from, to);
  }

  /** The certificate that was made on this router last. */
  lastMadeHere(): StoredCertificate | undefined {
    return this.#many('made_here = 1 ORDER BY position DESC LIMIT 1')[0];
  }

  /** The certificate itself; undefined for a template and an id that is not there. */
  der(id: number): Uint8Array | undefined {
    const row = this.#database.prepare('SELECT der FROM certificate WHERE id = ? AND der IS NOT NULL').get(id);
    return row === undefined ? undefined : blob(row, 'der');
  }

  /** A new item at the end; without contents it is a template. Returns its id. */
  add(name: string, properties: StoredProperties, contents?: StoredContents): number {
    const columns = ['name', 'position', ...propertyColumns, ...(contents === undefined ? [] : contentsColumns)];
    const values = [name, this.#nextPosition(), ...propertyValues(properties), ...(contents === undefined ? [] : contentsValues(contents))];
    return this.#database
      .prepare(`INSERT INTO certificate (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...values).lastInsertRowid;
  }

  replaceProperties(id: number, name: string, properties: StoredProperties): void {
    this.#update(id, ['name', ...propertyColumns], [name, ...propertyValues(properties)]);
  }

  replaceContents(id: number, contents: StoredContents): void {
    this.#update(id, [...contentsColumns, 'noticed_days'], [...contentsValues(contents), null]);
  }

  moveToEnd(id: number): void {
    this.#update(id, ['position'], [this.#nextPosition()]);
  }

  /** Every certificate of the public key has this private key from now on. */
  giveKey(publicKeyId: string, privateKeyId: number): void {
    this.#database.prepare('UPDATE certificate SET private_key_id = ? WHERE public_key_id = ?').run(privateKeyId, publicKeyId);
  }

  setRevoked(id: number, at: Instant): void {
    this.#update(id, ['revoked_at'], [at]);
  }

  setNoticed(id: number, days: number): void {
    this.#update(id, ['noticed_days'], [days]);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM certificate WHERE id = ?').run(id);
  }

  #many(where: string, ...values: SqlValue[]): StoredCertificate[] {
    return this.#database
      .prepare(`${select} WHERE ${where}`)
      .all(...values)
      .map((row) => new StoredCertificate(row));
  }

  #update(id: number, columns: readonly string[], values: readonly SqlValue[]): void {
    const settings = columns.map((column) => `${column} = ?`).join(', ');
    this.#database.prepare(`UPDATE certificate SET ${settings} WHERE id = ?`).run(...values, id);
  }

  #nextPosition(): number {
    const row = this.#database.prepare('SELECT coalesce(max(position), 0) + 1 AS position FROM certificate').get();
    return row === undefined ? 1 : integer(row, 'position');
  }
}

function stored(row: Row | undefined): StoredCertificate | undefined {
  return row === undefined ? undefined : new StoredCertificate(row);
}

/** In the order of `propertyColumns`. */
function propertyValues(properties: StoredProperties): SqlValue[] {
  const { commonName, country, state, locality, organization, unit, subjectAltNames, keySize, keyUsage } = properties;
  const { daysValid, digestAlgorithm, trusted, trustStore } = properties;
  return [
    commonName ?? null,
    country ?? null,
    state ?? null,
    locality ?? null,
    organization ?? null,
    unit ?? null,
    subjectAltNames === undefined ? null : JSON.stringify(subjectAltNames),
    keySize ?? null,
    keyUsage?.join(',') ?? null,
    daysValid ?? null,
    digestAlgorithm ?? null,
    trusted === undefined ? null : Number(trusted),
    trustStore?.join(',') ?? null,
  ];
}

/** In the order of `contentsColumns`. */
function contentsValues(contents: StoredContents): SqlValue[] {
  return [
    contents.fingerprint,
    contents.keyType,
    contents.serialNumber,
    contents.issuer ?? null,
    contents.invalidBefore,
    contents.invalidAfter,
    contents.skid,
    contents.akid,
    contents.publicKeyId,
    contents.privateKeyId ?? null,
    contents.caId ?? null,
    contents.caCrlHost ?? null,
    Number(contents.maySign),
    Number(contents.hasCrl),
    Number(contents.madeHere),
    contents.revokedAt ?? null,
    contents.der,
  ];
}
