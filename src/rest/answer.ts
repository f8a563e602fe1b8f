import { utf8 } from '../bytes/utf8.ts';
import { HttpError } from '../http/error.ts';
import { Headers } from '../http/headers.ts';
import type { Content } from '../http/output.ts';
import { reasonOf } from '../http/reason.ts';
import type { Response } from '../http/server.ts';
import { CommandError } from '../menu/errors.ts';
import { ofCommand, ofHttp, RestError } from './errors.ts';

/** An answer of this text of JSON, or of the pieces of one. */
export function answer(status: number, json: string | AsyncIterable<string>, more: readonly (readonly [string, string])[] = []): Response {
  const content: Content = typeof json === 'string' ? utf8(json) : { pieces: encodedPieces(json) };
  return { status, headers: new Headers([['Content-Type', 'application/json'], ['Cache-Control', 'no-store'], ...more]), content };
}

async function* encodedPieces(json: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of json) yield utf8(piece);
}

/** 204, which has no body. */
export function emptyAnswer(): Response {
  return { status: 204, headers: new Headers([['Cache-Control', 'no-store']]), content: new Uint8Array() };
}

/** The answer to a request that was refused. What is no refusal is thrown on. */
export function refusal(error: unknown): Response {
  if (error instanceof CommandError) return refusalOf(ofCommand(error));
  if (error instanceof HttpError) return refusalOf(ofHttp(error));
  if (error instanceof RestError) return refusalOf(error);
  throw error;
}

function refusalOf({ code, message, allow }: RestError): Response {
  const said = { ...(message === '' ? {} : { detail: message }), error: code, message: reasonOf(code) };
  return answer(code, JSON.stringify(said), allow.length === 0 ? [] : [['Allow', allow.join(', ')]]);
}
