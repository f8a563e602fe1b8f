import { currentFolder } from 'signet:process';

/** The path from the root, without empty parts, `.` and `..` (which goes up by the name alone). */
export function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : (currentFolder() ?? '')}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
