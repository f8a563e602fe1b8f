import type { EntryStatus } from '../../common/folder.ts';

export interface OpenFolder {
  readonly descriptor: number;
  enter(entry: string): OpenFolder;
  make(entry: string): void;
  entries(): string[];
  status(entry: string): EntryStatus | undefined;
  read(entry: string, limit: number): { readonly size: number; readonly content?: Uint8Array | undefined } | undefined;
  write(entry: string, content: Uint8Array, mode: number): void;
  move(entry: string, to: number, name: string): void;
  remove(entry: string): void;
  sync(): void;
  close(): void;
}

export function openFolder(path: string): OpenFolder;
export function makeFolder(path: string, mode: number): boolean;
export function statusOfFolder(path: string): { readonly isFolder: boolean; readonly mode: number; readonly isOwn: boolean };
export function chmod(path: string, mode: number): void;
export function syncFolder(path: string): void;
export function readFile(path: string): Promise<Uint8Array>;
