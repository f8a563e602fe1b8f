import type { Row, SqlValue } from '../platform/database.ts';
import { StoreError } from './errors.ts';

/** Typed reading of a row's columns: a value of another type means that the file was changed from outside. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : wrong(column, 'text', value);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : wrong(column, 'an integer', value);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : wrong(column, 'bytes', value);
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) !== 0;
}

/** As `text`, of a column that may be NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : value === null ? undefined : wrong(column, 'text', value);
}

/** As `integer`, of a column that may be NULL. */
export function optionalInteger(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : value === null ? undefined : wrong(column, 'an integer', value);
}

/** As `flag`, of a column that may be NULL. */
export function optionalFlag(row: Row, column: string): boolean | undefined {
  const value = optionalInteger(row, column);
  return value === undefined ? undefined : value !== 0;
}

/** The value of a column that may be NULL, by another reader than those above. */
export function optional<T>(read: (row: Row, column: string) => T, row: Row, column: string): T | undefined {
  return row[column] === null ? undefined : read(row, column);
}

function wrong(column: string, expected: string, value: SqlValue | undefined): never {
  const found = value === undefined ? 'no such column' : value === null ? 'NULL' : typeof value;
  throw new StoreError('damaged', `column ${column}: expected ${expected}, found ${found}`);
}
