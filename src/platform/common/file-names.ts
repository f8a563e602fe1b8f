import { utf8 } from '../../bytes/utf8.ts';
import { FileError, type FileErrorCode } from '../files.ts';

/** Folders deeper than this are neither entered nor made: each holds a descriptor while it is walked. */
export const deepest = 16;

/** Longest name of one part in bytes, on every file system in use (NAME_MAX). */
const longest = 255;

/** Files that are being written have names of this form: never listed, never reachable, gone after a restart. */
export const unfinished = /^\.signet-[0-9a-f]{16}$/;

/** The parts of a name, or a `FileError` `bad-name` for one that could lead out of the folder or can not be typed. */
export function partsOf(name: string): [folders: string[], entry: string] {
  const parts = name.split('/');
  const entry = parts.pop();
  if (entry === undefined || ![...parts, entry].every((part) => isPart(part)) || parts.length >= deepest)
    throw new FileError('bad-name', name, `bad file name: ${printable(name)}`);
  return [parts, entry];
}

/** May one part of a name be this? Control characters are refused as well, for the sake of terminals and logs. */
export function isPart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || utf8(part).length > longest) return false;
  return !/[\p{Cc}\p{Cs}]/u.test(part) && !unfinished.test(part);
}

const codes = new Map<string, readonly [FileErrorCode, why: string]>([
  ['ENOENT', ['no-such-file', 'no such file']],
  ['EEXIST', ['exists', 'file already exists']],
  ['ENOTEMPTY', ['exists', 'file already exists']],
  ['ELOOP', ['bad-name', 'a part of the name is a link']],
  ['ENOTDIR', ['bad-name', 'a part of the name is no folder']],
  ['EINVAL', ['bad-name', 'bad file name']],
  ['EILSEQ', ['bad-name', 'bad file name']],
  ['ENAMETOOLONG', ['bad-name', 'file name too long']],
  ['EISDIR', ['not-a-file', 'not a file']],
  ['EFBIG', ['too-large', 'file too large']],
  ['ENOSPC', ['full', 'no room left on the disk']],
  ['EDQUOT', ['full', 'no room left on the disk']],
  ['EROFS', ['read-only', 'the disk is read-only']],
  ['EACCES', ['not-permitted', 'access denied']],
  ['EPERM', ['not-permitted', 'access denied']],
]);

/** The port's error for one of the system; its message names the file as it was asked for, not where it lies. */
export function fileError(error: unknown, name: string): FileError {
  if (error instanceof FileError) return error;
  const system = systemCode(error);
  const [code, why] = codes.get(system ?? '') ?? ['failed', `file system error ${system ?? String(error)}`];
  return new FileError(code, name, `${why}: ${printable(name)}`);
}

function printable(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cs}]/gu, '?');
}

/** The name that C gives to a system's error: "ENOENT". */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
