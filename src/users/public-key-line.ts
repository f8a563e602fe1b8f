import { base64, fromBase64 } from '../bytes/base64.ts';
import { hex } from '../bytes/hex.ts';
import { fromUtf8 } from '../bytes/utf8.ts';
import type { Crypto } from '../platform/crypto.ts';
import { UserError } from './errors.ts';

/** The kinds of keys; `-sk` is one whose private part a security key keeps. */
export type SshKeyType = 'rsa' | 'ecdsa' | 'ed25519' | 'ed25519-sk';

/** A public key of SSH as a file of ssh-keygen(1) has it: `ssh-ed25519 AAAA… ann@laptop`. */
export interface PublicKeyLine {
  /** Type and base 64 alone: a line of authorized_keys (sshd(8)). */
  readonly key: string;
  /** What the base 64 encodes (RFC 4253 6.6). */
  readonly encoded: Uint8Array;
  readonly type: SshKeyType;
  /** Of the modulus, or of the curve. */
  readonly bits: number;
  /** The rest of the line: mostly whose key it is. */
  readonly info: string;
}

/** Longest text that holds one key, bytes. RSA with 16384 bits takes 2.8 KB. */
export const longestKeyText = 8192;

/** What OpenSSH takes; dropbear takes no less than that, either. */
const [leastRsaBits, mostRsaBits] = [1024, 16_384];

/** The control characters and marks that turn or hide text: they must not reach a terminal. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

interface Curve {
  /** Bits of a coordinate. */
  readonly bits: number;
  /** Of y² = x³ - 3x + b modulo p (SEC 2 2.4 to 2.6). */
  readonly p: bigint;
  readonly b: bigint;
}

const curves: Readonly<Record<string, Curve>> = {
  nistp256: {
    bits: 256,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  nistp384: {
    bits: 384,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  nistp521: {
    bits: 521,
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/** Reads the fields behind the type, and tells the key's bits. */
const readers: Readonly<Record<string, { readonly type: SshKeyType; bits(fields: Fields): number }>> = {
  'ssh-ed25519': { type: 'ed25519', bits: ed25519Bits },
  ...Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [
      `ecdsa-sha2-${name}`,
      { type: 'ecdsa' as const, bits: (fields: Fields) => ecdsaBits(fields, name, curve) },
    ]),
  ),
  'ssh-rsa': { type: 'rsa', bits: rsaBits },
  'sk-ssh-ed25519@openssh.com': { type: 'ed25519-sk', bits: securityKeyBits },
};

/**
 * The one key in a text: blank lines and lines that begin with `#` do not count. Throws `UserError` `bad-key` for any other, and for
 * options in front of it.
 */
export function parsePublicKey(text: string): PublicKeyLine {
  if (text.length > longestKeyText) throw badKey('it is too long');
  if (text.includes('PRIVATE KEY-----')) throw badKey('it is a private key, and the public one is wanted');
  if (text.includes('-----BEGIN ')) throw badKey('it is PEM, and a line of a .pub file is wanted: ssh-keygen -i makes one');
  const [line, ...more] = text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('#'));
  if (line === undefined) throw badKey('it is empty');
  if (more.length > 0) throw badKey('expected one line with one key, as ssh-keygen writes it');
  const [, name = '', digits = '', info = ''] = /^(\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/.exec(line) ?? [];
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined) throw unknownType(line);
  checkInfo(info);
  const encoded = fromBase64(digits);
  if (encoded === undefined) throw badKey('its base 64 is not whole');
  const fields = new Fields(encoded);
  if (fields.text() !== name) throw badKey(`it does not hold a key of type ${name}`);
  const bits = reader.bits(fields);
  fields.end();
  return { key: `${name} ${digits}`, encoded, type: reader.type, bits, info };
}

/** `SHA256:` and base 64 without padding, as `ssh-keygen -l` shows it. */
export function fingerprintOf({ encoded }: PublicKeyLine, crypto: Crypto): string {
  return `SHA256:${base64(crypto.hash('sha256', encoded)).replace(/=+$/, '')}`;
}

/** Throws `UserError` `bad-key` unless a terminal can be shown the text. */
export function checkInfo(info: string): void {
  if (unprintable.test(info)) throw badKey('there are control characters in its info');
}

function unknownType(line: string): UserError {
  const words = line.split(/[\s,]+/);
  if (words.slice(1).some((word) => Object.hasOwn(readers, word))) return badKey('options in front of a key are not supported');
  return badKey(`expected one of the types ${Object.keys(readers).join(', ')}, and base 64 behind it`);
}

function badKey(why: string): UserError {
  return new UserError('bad-key', `bad key: ${why}`);
}

/** RFC 8709 4. */
function ed25519Bits(fields: Fields): number {
  if (fields.next().length !== 32) throw badKey('it is not as long as a key of its type is');
  return 256;
}

/** OpenSSH's PROTOCOL.u2f: the key, and the application that it is for. */
function securityKeyBits(fields: Fields): number {
  const bits = ed25519Bits(fields);
  if (fields.next().length === 0) throw badKey('it names no application');
  return bits;
}

/** RFC 5656 3.1. A point that was not compressed, and lies on its curve. */
function ecdsaBits(fields: Fields, name: string, { bits, p, b }: Curve): number {
  if (fields.text() !== name) throw badKey(`it is not on the curve ${name}`);
  const point = fields.next();
  const size = Math.ceil(bits / 8);
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw badKey('it is not as long as a key of its type is');
  const [x, y] = [integerOf(point.subarray(1, 1 + size)), integerOf(point.subarray(1 + size))];
  if (x >= p || y >= p || (y * y - x * x * x + 3n * x - b) % p !== 0n) throw badKey(`it is not on the curve ${name}`);
  return bits;
}

/** RFC 4253 6.6: the exponent, the modulus. */
function rsaBits(fields: Fields): number {
  const [exponent, modulus] = [fields.positive(), fields.positive()];
  const bits = (modulus.length - 1) * 8 + (32 - Math.clz32(modulus[0] ?? 0));
  if (bits < leastRsaBits || bits > mostRsaBits) throw badKey(`it has ${bits} bits, and ${leastRsaBits} to ${mostRsaBits} are possible`);
  // OpenSSL takes no longer exponent with a modulus of 3072 bits or more.
  if (exponent.length > 8 || !isOdd(exponent) || (exponent.length === 1 && exponent[0] === 1) || !isOdd(modulus))
    throw badKey('its numbers are not those of an RSA key');
  return bits;
}

function isOdd(number: Uint8Array): boolean {
  return ((number.at(-1) ?? 0) & 1) === 1;
}

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes)}`);
}

/** The strings of an encoded key, one after another (RFC 4251 5). */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): Uint8Array {
    const header = this.#bytes.subarray(this.#at, this.#at + 4);
    const [a = 0, b = 0, c = 0, d = 0] = header;
    const length = ((a * 256 + b) * 256 + c) * 256 + d;
    const start = this.#at + 4;
    if (header.length < 4 || length > this.#bytes.length - start) throw badKey('its end is missing');
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  text(): string | undefined {
    return fromUtf8(this.next());
  }

  /** An `mpint` above zero, without the byte that keeps it from looking negative. Only the shortest form is taken. */
  positive(): Uint8Array {
    const bytes = this.next();
    const [first = 0x80, second = 0] = bytes;
    if (first >= 0x80 || (first === 0 && second < 0x80)) throw badKey('a number in it is not well-formed');
    return first === 0 ? bytes.subarray(1) : bytes;
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw badKey('there is something behind its end');
  }
}
