import { hex } from '../bytes/hex.ts';
import type { DerReader } from '../der/reader.ts';
import { contextTag, tags } from '../der/tags.ts';
import { explicit, ia5String, implicit, octetString } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { formatIp, formatIpPrefix, parseIp } from './ip-address.ts';
import { encodeName, formatName, type Name, readName } from './name.ts';
import { visibleText } from './visible-text.ts';

/** A name of one of the kinds of RFC 5280 4.2.1.6. */
export type GeneralName =
  | { readonly type: 'dns' | 'email' | 'uri'; readonly value: string }
  /** 4 or 16 octets; in name constraints the mask follows the address: 8 or 32. */
  | { readonly type: 'ip'; readonly bytes: Uint8Array }
  | { readonly type: 'directory'; readonly name: Name }
  /** otherName, x400Address, ediPartyName, registeredID: kept as found. */
  | { readonly type: 'other'; readonly der: Uint8Array };

const contextNumbers = { email: 1, dns: 2, uri: 6 } as const;

// GeneralName ::= CHOICE {
//   otherName [0] OtherName, rfc822Name [1] IA5String, dNSName [2] IA5String, x400Address [3] ORAddress,
//   directoryName [4] Name, ediPartyName [5] EDIPartyName, uniformResourceIdentifier [6] IA5String,
//   iPAddress [7] OCTET STRING, registeredID [8] OBJECT IDENTIFIER }
export function encodeGeneralName(name: GeneralName): Uint8Array {
  switch (name.type) {
    case 'dns':
    case 'email':
    case 'uri':
      return implicit(contextNumbers[name.type], ia5String(name.value));
    case 'ip':
      return implicit(7, octetString(name.bytes));
    case 'directory':
      return explicit(4, encodeName(name.name));
    default:
      return name.der;
  }
}

/** Reads a GeneralName; how long an IP address is, is for the caller to judge. */
export function readGeneralName(r: DerReader): GeneralName {
  switch (r.peekTag()) {
    case contextTag(1, 'primitive'):
      return { type: 'email', value: r.field('rfc822Name').implicit(1, (n) => n.string(tags.ia5String)) };
    case contextTag(2, 'primitive'):
      return { type: 'dns', value: r.field('dNSName').implicit(2, (n) => n.string(tags.ia5String)) };
    case contextTag(4, 'constructed'):
      return { type: 'directory', name: r.field('directoryName').explicit(4, (n) => readName(n)) };
    case contextTag(6, 'primitive'):
      return { type: 'uri', value: r.field('uniformResourceIdentifier').implicit(6, (n) => n.string(tags.ia5String)) };
    case contextTag(7, 'primitive'):
      return { type: 'ip', bytes: r.field('iPAddress').implicit(7, (n) => n.octetString()) };
    case contextTag(0, 'constructed'):
    case contextTag(3, 'constructed'):
    case contextTag(5, 'constructed'):
    case contextTag(8, 'primitive'):
      return { type: 'other', der: r.field('GeneralName').any() };
    default:
      throw new X509Error('alternative-name', 'GeneralName: expected one of the nine choices [0] to [8]');
  }
}

/** By what a person writes before the colon. `URI:` is ours, for what imported certificates have. */
const kinds = new Map<string, { readonly expected: string; readonly parse: (value: string) => GeneralName | undefined }>([
  [
    'dns',
    {
      expected: 'a host name (an international one in its xn-- form), perhaps with *. in front',
      parse: (value) => (isDnsName(value) ? { type: 'dns', value } : undefined),
    },
  ],
  ['ip', { expected: 'an IPv4 or IPv6 address', parse: ipName }],
  ['email', { expected: 'an address of the form name@host', parse: (value) => (isMailbox(value) ? { type: 'email', value } : undefined) }],
  ['uri', { expected: 'a URI with its scheme', parse: (value) => (isUri(value) ? { type: 'uri', value } : undefined) }],
]);

/** The names of `DNS:a.example,IP:10.0.0.1,email:x@a.example`; none for an empty text. Throws `X509Error` naming the bad part. */
export function parseAltNames(text: string): GeneralName[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const name = part.trim();
    const colon = name.indexOf(':');
    const kind = kinds.get(name.slice(0, Math.max(0, colon)).toLowerCase());
    const parsed = kind?.parse(name.slice(colon + 1));
    if (parsed !== undefined) return parsed;
    const expected = kind?.expected ?? 'DNS:, IP: or email: and a value';
    throw new X509Error('alternative-name', `subject-alt-name: expected ${expected}, found "${visibleText(name)}"`);
  });
}

/** RouterOS' text of alternative names: `DNS:a.example,IP:10.0.0.1,email:x@a.example`. */
export function formatAltNames(names: readonly GeneralName[]): string {
  return names.map((name) => formatGeneralName(name)).join(',');
}

function formatGeneralName(name: GeneralName): string {
  switch (name.type) {
    case 'dns':
      return `DNS:${visibleText(name.value)}`;
    case 'email':
      return `email:${visibleText(name.value)}`;
    case 'uri':
      return `URI:${visibleText(name.value)}`;
    case 'ip':
      return `IP:${formatIp(name.bytes) ?? formatIpPrefix(name.bytes) ?? hex(name.bytes)}`;
    case 'directory':
      return `dirName:${formatName(name.name)}`;
    default:
      return `other:${hex(name.der)}`;
  }
}

function ipName(value: string): GeneralName | undefined {
  const bytes = parseIp(value);
  return bytes === undefined ? undefined : { type: 'ip', bytes };
}

/** A host name, perhaps with `*.` in front of it. */
export function isDnsName(text: string): boolean {
  return isHostName(text.startsWith('*.') ? text.slice(2) : text);
}

/** Letters, digits, hyphens and underscores in labels of 1 to 63, at most 253 characters in all. */
function isHostName(text: string): boolean {
  return (
    text.length <= 253 && text.split('.').every((label) => label.length <= 63 && /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(label))
  );
}

/** `name@host`, the name in the characters that need no quotes. */
export function isMailbox(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  return local.length <= 64 && /^[!#-'+\-/-9=?A-Z^-~.]+$/.test(local) && isHostName(text.slice(at + 1));
}

/** A scheme and something after it, in visible ASCII. */
export function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(text);
}
