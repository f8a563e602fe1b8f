import { fromUtf8 } from '../bytes/utf8.ts';
import { FileError } from '../platform/files.ts';
import { longestPath } from './protocol.ts';

/**
 * The name of a file for the path that a client gives: the router's files are all there is below `/`, which is also the folder that relative
 * paths begin in, and which `..` does not lead out of. "" is `/` itself. Throws `FileError` (`bad-name`) for what can't be a name.
 */
export function nameOf(path: Uint8Array): string {
  const text = path.length > longestPath ? undefined : fromUtf8(path);
  if (text === undefined) throw new FileError('bad-name', '?', 'bad file name: it is no UTF-8, or too long');
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The folder that a file of that name is in. */
export function folderOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
}
