import type { EntryStatus } from '../../common/folder.ts';

export interface OpenFolder {
  readonly descriptor: number;
  enter(entry: string): OpenFolder;
  make(entry: string): void;
  entries(): string[];
  status(entry: string): EntryStatus | undefined;
  read(entry: string, limit: number): { readonly size: number; readonly content?: Uint8Array | undefined } | undefined;
  write(entry: string, content: Uint8Array, mode: number): void;
  adopt(entry: string, like: string): void;
  wipe(entry: string): void;
  move(entry: string, to: number, name: string): void;
  remove(entry: string): void;
  sync(): void;
  close(): void;
}

/** Locks a file, which is made if it is not there, for this process alone; undefined if another process has it. */
export function lockFile(path: string): { release(): void } | undefined;
export function openFolder(path: string): OpenFolder;
export function makeFolder(path: string, mode: number): boolean;
export function statusOfFolder(path: string): { readonly isFolder: boolean; readonly mode: number; readonly isOwn: boolean };
export function chmod(path: string, mode: number): void;
export function syncFolder(path: string): void;
export function readFile(path: string): Promise<Uint8Array>;
