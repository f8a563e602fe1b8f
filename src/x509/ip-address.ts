/** Octets of an IPv4 (4) or IPv6 (16) address in text, or undefined if it is neither. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The text of an address of 4 or 16 octets: dotted decimal, or RFC 5952. Other lengths give undefined. */
export function formatIp(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  return octets.length === 16 ? formatIpv6(octets) : undefined;
}

/**
 * Address and mask, one after another, of `10.0.0.0/8` or `2001:db8::/32`, as iPAddress in name constraints has them
 * (RFC 5280 4.2.1.10); undefined if the text is something else or sets bits beyond the prefix.
 */
export function parseIpPrefix(text: string): Uint8Array | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const octets = parseIp(address);
  if (octets === undefined || rest.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > octets.length * 8)
    return undefined;
  const mask = maskOf(Number(length), octets.length);
  if (octets.some((octet, i) => (octet & ~(mask[i] ?? 0)) !== 0)) return undefined;
  return Uint8Array.from([...octets, ...mask]);
}

/** The text of an address and its mask: `10.0.0.0/8`, or `10.0.0.0/255.0.255.0` if the mask is no prefix. Other lengths give undefined. */
export function formatIpPrefix(octets: Uint8Array): string | undefined {
  if (octets.length !== 8 && octets.length !== 32) return undefined;
  const half = octets.length / 2;
  const address = formatIp(octets.subarray(0, half));
  const mask = octets.subarray(half);
  for (let length = 0; length <= half * 8; length++) {
    if (maskOf(length, half).every((octet, i) => octet === mask[i])) return `${address}/${length}`;
  }
  return `${address}/${formatIp(mask)}`;
}

/** Is the address, of the same family, one of a range of address and mask? */
export function isInRange(address: Uint8Array, range: Uint8Array): boolean {
  const half = range.length / 2;
  return address.length === half && address.every((octet, i) => ((octet ^ (range[i] ?? 0)) & (range[half + i] ?? 0)) === 0);
}

/** The first `length` bits of so many octets. */
export function maskOf(length: number, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, length - 8 * i))));
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const plain = parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256);
  return plain ? Uint8Array.from(parts, Number) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half, i) => groupsOf(half, i === halves.length - 1) ?? []);
  if (halves.some((half, i) => groupsOf(half, i === halves.length - 1) === undefined)) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The 16-bit groups of one side of `::`; the last two may be written as an IPv4 address at the very end. */
function groupsOf(text: string, atTheEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = atTheEnd ? parseIpv4(parts.at(-1) ?? '') : undefined;
  if (last !== undefined) parts.pop();
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0] = last ?? [];
  return last === undefined ? groups : [...groups, (a << 8) | b, (c << 8) | d];
}

function formatIpv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return `::ffff:${octets.subarray(12).join('.')}`;
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: i + 1 - length, length };
  }
  return longest;
}
