import { formatIp, formatIpPrefix, isInRange, maskOf, parseIp } from '../x509/ip-address.ts';
import { ServiceError } from './errors.ts';

/** Reads `192.168.88.0/24`, `2001:db8::/32`, or one address: address and mask, as `isInRange` takes them. Throws `ServiceError`. */
export function parsePrefix(text: string): Uint8Array {
  const [address = '', length, ...more] = text.split('/');
  const octets = parseIp(address);
  const most = (octets?.length ?? 0) * 8;
  const bits = length === undefined ? most : /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (octets === undefined || more.length > 0 || !(bits <= most)) {
    throw new ServiceError('bad-value', 'address: expected addresses with or without a prefix, as 192.168.88.0/24');
  }
  const mask = maskOf(bits, octets.length);
  return Uint8Array.from([...octets.map((octet, at) => octet & (mask[at] ?? 0)), ...mask]);
}

export function formatPrefix(range: Uint8Array): string {
  const half = range.length / 2;
  const isOne = range.subarray(half).every((octet) => octet === 0xff);
  return (isOne ? formatIp(range.subarray(0, half)) : formatIpPrefix(range)) ?? '';
}

/** Is the address one of these? An IPv4 address that came by IPv6 is what it was. */
export function isWithin(address: string, ranges: readonly Uint8Array[]): boolean {
  const octets = parseIp(address.replace(/%.*$/, '').replace(/^::ffff:(?=[0-9.]+$)/i, ''));
  return octets !== undefined && ranges.some((range) => isInRange(octets, range));
}

/** The address in "192.0.2.1:4711" or "[2001:db8::1]:4711". */
export function addressOf(peer: string): string {
  return peer.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1');
}
