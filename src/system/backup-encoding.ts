import { concat } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/utf8.ts';
import type { SqlValue } from '../platform/database.ts';
import type { Snapshot, TableSnapshot } from '../store/snapshot.ts';
import { SystemError } from './errors.ts';

/*
 * snapshot = schema version (u32), tables (u32), table*
 * table    = name (text), columns (u32), column (text)*, rows (u32), value*
 * value    = 0 | 1 integer (f64) | 2 real (f64) | 3 text | 4 blob
 * text     = blob = length (u32), bytes; all numbers are big-endian
 */
const tags = { null: 0, integer: 1, real: 2, text: 3, blob: 4 } as const;

/** A snapshot as bytes. */
export function encodeSnapshot({ schemaVersion, tables }: Snapshot): Uint8Array {
  const parts = [u32(schemaVersion), u32(tables.length)];
  for (const { name, columns, rows } of tables) {
    parts.push(text(name), u32(columns.length), ...columns.map((column) => text(column)), u32(rows.length));
    for (const row of rows) for (const value of row) parts.push(encodeValue(value));
  }
  return concat(parts);
}

function encodeValue(value: SqlValue): Uint8Array {
  if (value === null) return Uint8Array.of(tags.null);
  if (typeof value === 'number') return concat([Uint8Array.of(Number.isSafeInteger(value) ? tags.integer : tags.real), f64(value)]);
  if (typeof value === 'string') return concat([Uint8Array.of(tags.text), text(value)]);
  return concat([Uint8Array.of(tags.blob), u32(value.length), value]);
}

/** The snapshot in bytes that are exactly one; throws `SystemError` `damaged` for any others. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const reader = new ByteReader(bytes);
  const schemaVersion = reader.u32();
  const tables = reader.list(() => decodeTable(reader));
  reader.end();
  return { schemaVersion, tables };
}

function decodeTable(reader: ByteReader): TableSnapshot {
  const name = reader.text();
  const columns = reader.list(() => reader.text());
  if (columns.length === 0) throw damaged();
  return { name, columns, rows: reader.list(() => columns.map(() => decodeValue(reader))) };
}

function decodeValue(reader: ByteReader): SqlValue {
  const tag = reader.u8();
  switch (tag) {
    case tags.null:
      return null;
    case tags.integer:
      return reader.integer();
    case tags.real:
      return reader.real();
    case tags.text:
      return reader.text();
    case tags.blob:
      return reader.bytes(reader.u32());
    default:
      throw damaged();
  }
}

/** Reads within its bytes and nowhere else. */
class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  integer(): number {
    const value = this.f64();
    if (!Number.isSafeInteger(value)) throw damaged();
    return value;
  }

  /** What is no integer, so that each number has one encoding. */
  real(): number {
    const value = this.f64();
    if (Number.isSafeInteger(value) || Number.isNaN(value)) throw damaged();
    return value;
  }

  text(): string {
    const decoded = fromUtf8(this.bytes(this.u32()));
    if (decoded === undefined) throw damaged();
    return decoded;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  /** As many elements as the count before them says; each takes a byte at least, which bounds the count. */
  list<T>(element: () => T): T[] {
    const count = this.u32();
    if (count > this.#bytes.length - this.#at) throw damaged();
    return Array.from({ length: count }, () => element());
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw damaged();
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw damaged();
    this.#at += length;
    return at;
  }
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function f64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function text(value: string): Uint8Array {
  const bytes = utf8(value);
  return concat([u32(bytes.length), bytes]);
}

function damaged(): SystemError {
  return new SystemError('damaged', 'the backup is damaged');
}
