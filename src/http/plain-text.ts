import { utf8 } from '../bytes/utf8.ts';
import { Headers } from './headers.ts';
import type { Response } from './server.ts';

/** An answer of one line for people. */
export function plainText(status: number, line: string, fields: readonly (readonly [name: string, value: string])[] = []): Response {
  return { status, headers: new Headers([['Content-Type', 'text/plain; charset=utf-8'], ...fields]), content: utf8(`${line}\n`) };
}
