import { DerError } from './errors.ts';

/** More than any registered OID needs, a UUID arc (2.25) included. */
const longestOid = 64;

/** Dotted text of an OBJECT IDENTIFIER's content octets (X.690 8.19). */
export function decodeOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > longestOid) throw new DerError('length', `expected 1 to ${longestOid} octets of OID`);
  if (((content.at(-1) ?? 0) & 0x80) !== 0) throw new DerError('truncated', 'the last arc of the OID has no end');
  const arcs: string[] = [];
  let arc = 0n;
  let started = false;
  for (const octet of content) {
    if (!started && octet === 0x80) throw new DerError('form', 'an arc of the OID has a leading zero');
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    started = (octet & 0x80) !== 0;
    if (started) continue;
    if (arcs.length === 0) {
      const top = arc < 80n ? arc / 40n : 2n;
      arcs.push(String(top));
      arc -= top * 40n;
    }
    arcs.push(String(arc));
    arc = 0n;
  }
  return arcs.join('.');
}

/** Content octets of a dotted OID. */
export function encodeOid(dotted: string): Uint8Array {
  const [top = -1n, second = -1n, ...rest] = dotted.split('.').map((text) => arcOf(text));
  if (top < 0n || top > 2n || second < 0n || (top < 2n && second >= 40n)) throw new DerError('value', `"${dotted}" is not an OID`);
  const octets = [top * 40n + second, ...rest].flatMap((arc) => base128(arc));
  if (octets.length > longestOid) throw new DerError('length', `the OID "${dotted}" is longer than ${longestOid} octets`);
  return Uint8Array.from(octets);
}

function arcOf(text: string): bigint {
  if (!/^(0|[1-9][0-9]{0,99})$/.test(text)) throw new DerError('value', `"${text}" is not an arc of an OID`);
  return BigInt(text);
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
