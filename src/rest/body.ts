import { fromUtf8 } from '../bytes/utf8.ts';
import type { Headers } from '../http/headers.ts';
import type { Request } from '../http/request.ts';
import { arrayOf, type Value } from '../menu/value.ts';
import { isBody } from './body-validator.ts';
import { RestError } from './errors.ts';
import { type Json, parseJson } from './json.ts';

type Scalar = string | number | boolean;

/** The values of a request by the names of arguments, as they came. */
export type Given = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** Reads the body of a request; one without a body gives nothing. Throws `RestError` and `HttpError`. */
export async function bodyOf({ headers, body }: Request): Promise<Given> {
  const bytes = await body.bytes();
  if (bytes.length === 0) return {};
  if (!isJson(headers)) throw new RestError(415, 'expected Content-Type: application/json');
  const text = fromUtf8(bytes);
  if (text === undefined) throw new RestError(400, 'the body is no UTF-8');
  const json = parseJson(text);
  if (!isGiven(json)) throw new RestError(400, 'expected an object of strings, numbers, booleans, and lists of them');
  return json;
}

function isGiven(json: Json): json is Given {
  return isBody(json);
}

/** RFC 8259 11 has no charset, and many send one. A page of another site can't send this type unasked. */
function isJson(headers: Headers): boolean {
  return /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers.get('Content-Type') ?? '');
}

/** The words of `.proplist` or `.query`: a list, or a text with commas. */
export function wordsOf(given: Scalar | readonly Scalar[]): readonly string[] {
  if (typeof given === 'object') return given.map(String);
  return String(given)
    .split(',')
    .filter((word) => word !== '');
}

/** A value as the command tree takes it. */
export function valueGiven(given: Scalar | readonly Scalar[]): Value {
  if (typeof given === 'object') return arrayOf(given.map(scalarOf));
  return scalarOf(given);
}

/** Numbers of the console's language are whole. */
function scalarOf(given: Scalar): Value {
  return typeof given === 'number' && !Number.isSafeInteger(given) ? String(given) : given;
}
