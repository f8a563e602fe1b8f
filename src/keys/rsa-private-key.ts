import type { DerReader } from '../der/reader.ts';
import { integer, sequence } from '../der/writer.ts';
import { KeyError } from './errors.ts';

/** The parts of an RSA private key (RFC 8017 3.2): content octets of INTEGERs, views of the key they were read from. */
export interface RsaPrivateKey {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
  readonly privateExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

const partNames = ['modulus', 'publicExponent', 'privateExponent', 'prime1', 'prime2', 'exponent1', 'exponent2', 'coefficient'] as const;

/** Smaller moduli are broken, larger ones stall a small router for minutes. */
const fewestBits = 1024;
const mostBits = 8192;

// RSAPrivateKey ::= SEQUENCE {
//   version           Version,          -- 0; 1 for more than two primes
//   modulus           INTEGER,          publicExponent    INTEGER,
//   privateExponent   INTEGER,          prime1            INTEGER,
//   prime2            INTEGER,          exponent1         INTEGER,
//   exponent2         INTEGER,          coefficient       INTEGER,
//   otherPrimeInfos   OtherPrimeInfos OPTIONAL }          RFC 8017 A.1.2
export function readRsaPrivateKey(r: DerReader): RsaPrivateKey {
  return r.sequence((r) => {
    if (r.field('version').smallInteger(1) === 1) throw new KeyError('unsupported', 'an RSA key of more than two primes');
    const part = (name: string): Uint8Array => positive(name, r.field(name).integer());
    const key: RsaPrivateKey = {
      modulus: part('modulus'),
      publicExponent: part('publicExponent'),
      privateExponent: part('privateExponent'),
      prime1: part('prime1'),
      prime2: part('prime2'),
      exponent1: part('exponent1'),
      exponent2: part('exponent2'),
      coefficient: part('coefficient'),
    };
    const bits = bitLength(key.modulus);
    if (bits < fewestBits || bits > mostBits)
      throw new KeyError('unsupported', `an RSA key of ${bits} bits; expected ${fewestBits} to ${mostBits}`);
    return key;
  });
}

export function encodeRsaPrivateKey(key: RsaPrivateKey): Uint8Array {
  const parts = partNames.map((name) => integer(key[name]));
  const der = sequence(integer(0), ...parts);
  for (const part of parts) part.fill(0);
  return der;
}

function positive(name: string, content: Uint8Array): Uint8Array {
  if ((content[0] ?? 0) >= 0x80 || content.every((octet) => octet === 0))
    throw new KeyError('damaged', `RSA key ${name}: expected a positive INTEGER`);
  return content;
}

/** Bits of a positive INTEGER's content octets. */
export function bitLength(content: Uint8Array): number {
  const first = content.findIndex((octet) => octet !== 0);
  return first === -1 ? 0 : (content.length - first) * 8 - Math.clz32(content[first] ?? 0) + 24;
}

/** Throws `KeyError` `damaged` unless the parts are those of one key (RFC 8017 3.2). The numbers made on the way can't be wiped. */
export function checkRsaPrivateKey(key: RsaPrivateKey): void {
  const [n, e, d] = [numberOf(key.modulus), numberOf(key.publicExponent), numberOf(key.privateExponent)];
  const [p, q] = [numberOf(key.prime1), numberOf(key.prime2)];
  const fits =
    p > 2n &&
    q > 2n &&
    p * q === n &&
    n % 2n === 1n &&
    e > 2n &&
    e % 2n === 1n &&
    d < n &&
    (d * e) % (p - 1n) === 1n &&
    (d * e) % (q - 1n) === 1n &&
    numberOf(key.exponent1) === d % (p - 1n) &&
    numberOf(key.exponent2) === d % (q - 1n) &&
    (numberOf(key.coefficient) * q) % p === 1n;
  if (!fits) throw new KeyError('damaged', 'the parts of the RSA key do not belong together');
}

function numberOf(content: Uint8Array): bigint {
  let value = 0n;
  for (let i = 0; i < content.length; i += 4) {
    const octets = content.subarray(i, i + 4);
    value = (value << BigInt(8 * octets.length)) | BigInt(octets.reduce((sum, octet) => sum * 256 + octet, 0));
  }
  return value;
}
