import { fromUtf8 } from '../../../src/bytes/utf8.ts';
import { isBody } from '../../../src/rest/body-validator.ts';
import { RestError } from '../../../src/rest/errors.ts';
import { parseJson } from '../../../src/rest/json.ts';
import { queryOf } from '../../../src/rest/query.ts';

/** What is read is what the engine reads, where the engine reads it; query words are words or refused. */
export function fuzz(data: Uint8Array): void {
  const text = fromUtf8(data);
  if (text === undefined) return;
  const json = unlessRefused(() => parseJson(text));
  if (json !== undefined) {
    isBody(json);
    const expected = ofEngine(text);
    if (expected !== undefined && JSON.stringify(json, asText) !== JSON.stringify(expected, asText))
      throw new Error(`${text} is read as ${JSON.stringify(json)}`);
  }
  unlessRefused(() => queryOf(text.split('\n'), () => undefined));
}

function ofEngine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Octal and hexadecimal numbers are ours alone.
    return undefined;
  }
}

/** A number that would be rounded is a text here. */
function asText(_: string, value: unknown): unknown {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d/.test(value)) ? String(Number(value)) : value;
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RestError) return undefined;
    throw error;
  }
}
