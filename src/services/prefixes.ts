import { formatIp, parseIp } from '../x509/ip-address.ts';
import { ServiceError } from './errors.ts';

/** Addresses with the same first bits. */
export interface Prefix {
  readonly octets: Uint8Array;
  /** How many bits of them count. */
  readonly bits: number;
}

/** Reads `192.168.88.0/24`, `2001:db8::/32`, or one address. Throws `ServiceError`. */
export function parsePrefix(text: string): Prefix {
  const [address = '', length, ...more] = text.split('/');
  const octets = parseIp(address);
  const most = (octets?.length ?? 0) * 8;
  const bits = length === undefined ? most : /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (octets === undefined || more.length > 0 || !(bits <= most)) {
    throw new ServiceError('bad-value', 'address: expected addresses with or without a prefix, as 192.168.88.0/24');
  }
  return { octets: octets.map((octet, at) => octet & maskAt(bits, at)), bits };
}

export function formatPrefix({ octets, bits }: Prefix): string {
  const address = formatIp(octets) ?? '';
  return bits === octets.length * 8 ? address : `${address}/${bits}`;
}

/** Is the address one of these? An IPv4 address that came by IPv6 is what it was. */
export function isWithin(address: string, prefixes: readonly Prefix[]): boolean {
  const octets = parseIp(address.replace(/%.*$/, '').replace(/^::ffff:(?=[0-9.]+$)/i, ''));
  if (octets === undefined) return false;
  return prefixes.some(
    (prefix) =>
      prefix.octets.length === octets.length && prefix.octets.every((octet, at) => octet === ((octets[at] ?? 0) & maskAt(prefix.bits, at))),
  );
}

/** The bits of the octet at this place that belong to the first `bits`. */
function maskAt(bits: number, at: number): number {
  return 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * at)));
}

/** The address in "192.0.2.1:4711" or "[2001:db8::1]:4711". */
export function addressOf(peer: string): string {
  return peer.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1');
}
