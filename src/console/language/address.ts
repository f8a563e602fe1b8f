/** The bytes of an IPv4 address, or undefined for any other text. */
export function parseIPv4(text: string): readonly number[] | undefined {
  if (!/^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291 2.2), or undefined. */
export function parseIPv6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !/^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, place) => groupsOf(half, place === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

/** The last two groups of an address may be written as an IPv4 address. */
function groupsOf(half: string, isLast: boolean): readonly number[] | undefined {
  if (half === '') return [];
  const words = half.split(':');
  const groups: number[] = [];
  for (const [place, word] of words.entries()) {
    const embedded = isLast && place === words.length - 1 ? parseIPv4(word) : undefined;
    if (embedded !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = embedded;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two zero groups or more as `::`. */
export function formatIPv6(groups: readonly number[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return best.length < 2 ? hex(groups) : `${hex(groups.slice(0, best.from))}::${hex(groups.slice(best.from + best.length))}`;
}

export interface Prefix {
  /** Most significant first: bytes for IPv4, 16-bit groups for IPv6. */
  readonly groups: readonly number[];
  readonly bits: number;
}

/** An address (a prefix of all its bits) or a prefix of either family. */
export function parsePrefix(text: string): Prefix | undefined {
  const [address = '', length, ...more] = text.split('/');
  const groups = parseIPv4(address) ?? parseIPv6(address);
  if (groups === undefined || more.length > 0) return undefined;
  const most = groups.length === 4 ? 32 : 128;
  if (length === undefined) return { groups, bits: most };
  const bits = /^[0-9]{1,3}$/.test(length) ? Number(length) : most + 1;
  return bits <= most ? { groups, bits } : undefined;
}

/** Is `inner` a part of `outer`? */
export function contains(outer: Prefix, inner: Prefix): boolean {
  if (outer.groups.length !== inner.groups.length || inner.bits < outer.bits) return false;
  const size = outer.groups.length === 4 ? 8 : 16;
  return outer.groups.every((group, place) => {
    const shift = size - Math.min(size, Math.max(0, outer.bits - place * size));
    return group >> shift === (inner.groups[place] ?? 0) >> shift;
  });
}
