import type { Files } from '../platform/files.ts';

/** Should a file of this name hold a private key? Then only the store's owner may read it on the disk: a copy of a key is as private as the key. */
export function isSecret(name: string): boolean {
  return /\.(key|p12|pfx|pem|backup)$/i.test(name);
}

/** Is a file of one name made private before it gets the other? All of it is read for that. */
export function becomesSecret(from: string, to: string): boolean {
  return isSecret(to) && !isSecret(from);
}

/** Renames a file of at most `limit` bytes, or a folder (no limit). It is private before it is called a key, not after. Throws `FileError`. */
export async function renameFile(files: Files, from: string, to: string, limit: number | undefined): Promise<void> {
  if (limit !== undefined && becomesSecret(from, to)) await files.replace(from, await files.read(from, limit), { secret: true });
  await files.rename(from, to);
}
