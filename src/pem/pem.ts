import { base64, fromBase64 } from '../bytes/base64.ts';
import { PemError } from './errors.ts';

/** One textual encoding (RFC 7468), or an older one with header lines (RFC 1421). */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
  /** `Proc-Type`, `DEK-Info` and the like; absent when there are none. */
  readonly headers?: ReadonlyMap<string, string>;
}

/** What `decodePem` is ready to read: characters of text, and blocks in it. */
export interface PemLimits {
  readonly characters: number;
  readonly blocks: number;
}

/** Debian's bundle of all public CAs is a twentieth of this. */
const defaultLimits: PemLimits = { characters: 4 << 20, blocks: 4096 };

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';

/**
 * All blocks of a text, in order. Text before, between and after them (`openssl x509 -text` writes it) is passed over;
 * lines may end in LF, CRLF or CR and be of any length. Throws `PemError` when a block that begins is not whole.
 */
export function decodePem(text: string, limits: PemLimits = defaultLimits): PemBlock[] {
  if (text.length > limits.characters) throw new PemError('size', `expected at most ${limits.characters} characters of PEM`);
  const blocks: PemBlock[] = [];
  const lines = linesOf(text);
  for (let at = 0; at < lines.length; at++) {
    const label = labelOf(lines[at] ?? '', begin, at);
    if (label === undefined) continue;
    if (blocks.length === limits.blocks) throw new PemError('size', `expected at most ${limits.blocks} PEM blocks`);
    const last = boundaryAfter(at, lines);
    if (last === lines.length) throw new PemError('truncated', `${label} on line ${at + 1}: expected a line "${end}${label}${dashes}"`);
    if (labelOf(lines[last] ?? '', end, last) !== label) {
      throw new PemError('label', `${label} on line ${at + 1}: expected "${end}${label}${dashes}" on line ${last + 1}`);
    }
    blocks.push(blockOf(label, lines.slice(at + 1, last), at));
    at = last;
  }
  return blocks;
}

/** A block of 64 columns with a final newline (RFC 7468 2). */
export function encodePem(label: string, der: Uint8Array): string {
  const text = base64(der);
  const lines: string[] = [];
  for (let i = 0; i < text.length; i += 64) lines.push(text.slice(i, i + 64));
  return [`${begin}${label}${dashes}`, ...lines, `${end}${label}${dashes}`, ''].join('\n');
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => line.trim());
}

function boundaryAfter(at: number, lines: readonly string[]): number {
  let next = at + 1;
  while (next < lines.length && lines[next]?.startsWith(dashes) !== true) next++;
  return next;
}

function labelOf(line: string, prefix: string, at: number): string | undefined {
  if (!line.startsWith(prefix)) return undefined;
  const label = line.slice(prefix.length, -dashes.length);
  if (!line.endsWith(dashes) || label === '' || label.includes('--')) {
    throw new PemError('label', `expected "${prefix}LABEL${dashes}" on line ${at + 1}`);
  }
  return label;
}

function blockOf(label: string, lines: readonly string[], at: number): PemBlock {
  const headers = new Map<string, string>();
  let start = 0;
  for (let colon = colonOf(lines[start]); colon > 0; colon = colonOf(lines[start])) {
    const line = lines[start] ?? '';
    headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    start++;
  }
  if (headers.size > 0 && lines[start] !== '') {
    throw new PemError('header', `${label} on line ${at + 1}: expected an empty line after the headers`);
  }
  const der = fromBase64(lines.slice(start).join('').replaceAll(/[ \t]/g, ''));
  if (der === undefined || der.length === 0) throw new PemError('base64', `${label} on line ${at + 1}: expected base 64`);
  return headers.size === 0 ? { label, der } : { label, der, headers };
}

function colonOf(line: string | undefined): number {
  return line?.indexOf(':') ?? -1;
}
