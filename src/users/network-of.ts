/**
 * The network that an address belongs to, for counting what comes from it: whoever has one address of IPv6 has the 64 bits behind it, too
 * (RFC 4291 2.5.4). One of IPv4 is itself, also where it is written in IPv6.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!plain.includes(':') || plain.includes('.')) return plain.replace(/^::ffff:/i, '');
  const [front = '', back] = plain.split('::');
  const groups = groupsOf(front);
  const rest = back === undefined ? [] : groupsOf(back);
  const all =
    back === undefined ? groups : [...groups, ...Array.from({ length: Math.max(8 - groups.length - rest.length, 0) }, () => 0), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
