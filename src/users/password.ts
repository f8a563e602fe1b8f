import { base64, fromBase64 } from '../bytes/base64.ts';
import { fromUtf8, utf8 } from '../bytes/utf8.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';

/** scrypt (RFC 7914) of 4 MiB, the most that a small router has to spare; more passes make up for some of the rest. */
const current: Parameters = { cost: 4096, blockSize: 8, parallel: 5 };

interface Parameters {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallel: number;
}

interface StoredPassword extends Parameters {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** What crypt(3) writes six bits by, lowest first. */
const cryptDigits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters of a salt, six random bits each: text, so that crypt(3) can be given it, too. */
const saltLength = 22;
const hashLength = 32;

/** A password as it is stored: `scrypt$4096$8$5$<salt>$<hash>`, base 64. */
export async function hashPassword(password: string, crypto: Crypto, random: Random): Promise<string> {
  const salt = utf8(Array.from(random.bytes(saltLength), (byte) => cryptDigits.charAt(byte & 63)).join(''));
  const hash = await derive(password, salt, current, crypto);
  return ['scrypt', current.cost, current.blockSize, current.parallel, base64(salt), base64(hash)].join('$');
}

/**
 * Is this the password? It takes the same time whether or not there is a password: where none was ever set (or there is no such user)
 * a hash is computed all the same.
 */
export async function verifyPassword(password: string, stored: string | undefined, crypto: Crypto): Promise<boolean> {
  const parsed = stored === undefined ? undefined : parse(stored);
  const { salt, hash, ...parameters } = parsed ?? { ...current, salt: new Uint8Array(saltLength), hash: new Uint8Array(hashLength) };
  const equal = crypto.equal(await derive(password, salt, parameters, crypto), hash);
  return parsed !== undefined && equal;
}

/**
 * A stored password as crypt(3) of libxcrypt has it for scrypt (crypt(5), `$7$`): cost as a power of two in one digit, block size and
 * parallelization in five digits each, the salt, the hash. Undefined for one whose salt is no text of crypt's digits.
 */
export function cryptOf(stored: string): string | undefined {
  const parsed = parse(stored);
  if (parsed === undefined) return undefined;
  const { cost, blockSize, parallel, salt, hash } = parsed;
  const text = fromUtf8(salt);
  const power = Math.log2(cost);
  if (text === undefined || !/^[./0-9A-Za-z]+$/.test(text) || !Number.isInteger(power)) return undefined;
  return `$7$${digits(power, 1)}${digits(blockSize, 5)}${digits(parallel, 5)}${text}$${cryptText(hash)}`;
}

function digits(value: number, count: number): string {
  return Array.from({ length: count }, (_, i) => cryptDigits.charAt(Math.floor(value / 64 ** i) & 63)).join('');
}

/** Three bytes in four digits, the first byte lowest; what is left in as many as it needs. */
function cryptText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3);
    text += digits(
      group.reduce((value, byte, i) => value + byte * 256 ** i, 0),
      Math.ceil((group.length * 8) / 6),
    );
  }
  return text;
}

async function derive(password: string, salt: Uint8Array, { cost, blockSize, parallel }: Parameters, crypto: Crypto): Promise<Uint8Array> {
  const bytes = utf8(password.normalize('NFC'));
  try {
    return await crypto.scrypt(bytes, salt, cost, blockSize, parallel, hashLength);
  } finally {
    bytes.fill(0);
  }
}

/** Limits keep a store that was tampered with from costing memory or time without end. */
function parse(stored: string): StoredPassword | undefined {
  const [kind, cost, blockSize, parallel, salt, hash] = stored.split('$');
  const parsed = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallel: Number(parallel),
    salt: fromBase64(salt ?? ''),
    hash: fromBase64(hash ?? ''),
  };
  if (kind !== 'scrypt' || parsed.salt === undefined || parsed.hash?.length !== hashLength) return undefined;
  if (!within(parsed.cost, 65_536) || !within(parsed.blockSize, 16) || !within(parsed.parallel, 32)) return undefined;
  return { ...parsed, salt: parsed.salt, hash: parsed.hash };
}

function within(value: number, most: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= most;
}
