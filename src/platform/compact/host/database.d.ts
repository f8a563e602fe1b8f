import type { Row, SqlValue } from '../../database.ts';

export interface OpenDatabase {
  execute(sql: string): void;
  prepare(sql: string): OpenStatement;
  inTransaction(): boolean;
  close(): void;
}

export interface OpenStatement {
  run(values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
  walk(values: readonly SqlValue[]): { next(): Row | undefined; close(): void };
}

export function openDatabase(path: string): OpenDatabase;
