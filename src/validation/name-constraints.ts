import { oids } from '../der/oids.ts';
import type { GeneralName } from '../x509/general-names.ts';
import { isInRange } from '../x509/ip-address.ts';
import { nameKey } from '../x509/name.ts';
import { ValidationError } from './errors.ts';
import { isDomain } from './host.ts';
import type { PathCertificate } from './path-certificate.ts';
import type { Work } from './work.ts';

/**
 * Throws `ValidationError` `name-constraints` unless every name of `subject` is one that `issuer` may certify (RFC 5280 4.2.1.10): within
 * a permitted subtree, where there is one of its kind, and within no excluded one. A name that can't be understood is in no permitted
 * subtree and in every excluded one.
 */
export function checkNameConstraints(issuer: PathCertificate, subject: PathCertificate, work: Work): void {
  const { permitted, excluded } = issuer.nameConstraints ?? { permitted: [], excluded: [] };
  if (permitted.length + excluded.length === 0) return;
  const names = constrainedNames(subject).map((name) => prepared(name));
  work.take('comparisons', names.length * (permitted.length + excluded.length));
  const permittedBases = permitted.map((base) => prepared(base));
  const excludedBases = excluded.map((base) => prepared(base));
  for (const name of names) {
    const kind = kindOf(name);
    const ofKind = permittedBases.filter((base) => kindOf(base) === kind);
    const outside = ofKind.length > 0 && !ofKind.some((base) => isWithin(name, base));
    if (outside || excludedBases.some((base) => kindOf(base) === kind && mayBeWithin(name, base))) {
      throw new ValidationError(
        'name-constraints',
        `${subject.label}: ${text(name)} is ${outside ? 'not permitted' : 'excluded'} by nameConstraints of ${issuer.label}`,
      );
    }
  }
}

/** The subject, the alternative names, and e-mail addresses in the subject where there are no alternative names. */
function constrainedNames({ certificate, alternativeNames }: PathCertificate): GeneralName[] {
  const { subject } = certificate;
  const legacy = alternativeNames === undefined ? subject.flat().filter(({ type }) => type === oids.emailAddress) : [];
  return [
    ...(subject.length === 0 ? [] : [{ type: 'directory', name: subject } as const]),
    ...(alternativeNames ?? []),
    ...legacy.map(({ value }) => ({ type: 'email', value }) as const),
  ];
}

/** A name ready to be compared: a directory name as the keys of its RDNs, which cost more than a comparison. */
type Prepared = Exclude<GeneralName, { readonly type: 'directory' }> | { readonly type: 'directory'; readonly rdns: readonly string[] };

function prepared(name: GeneralName): Prepared {
  return name.type === 'directory' ? { type: 'directory', rdns: name.name.map((rdn) => nameKey([rdn])) } : name;
}

/** Names of one kind are compared; of otherName and the like only whether there is one. */
function kindOf(name: Prepared): string | number {
  return name.type === 'other' ? (name.der[0] ?? 0) : name.type;
}

function isWithin(name: Prepared, base: Prepared): boolean {
  if (name.type === 'dns' && base.type === 'dns') return isPattern(name.value) && isBelow(name.value, base.value);
  return compare(name, base) === true;
}

function mayBeWithin(name: Prepared, base: Prepared): boolean {
  if (name.type === 'dns' && base.type === 'dns') {
    if (!isPattern(name.value) || isBelow(name.value, base.value)) return true;
    // *.example.com stands for the one name below example.com that is excluded, too.
    return name.value.startsWith('*.') && lower(base.value).replace(/^[^.]*\./, '') === lower(name.value.slice(2));
  }
  return compare(name, base) !== false;
}

/** Undefined for a name that can't be understood. */
function compare(name: Prepared, base: Prepared): boolean | undefined {
  if (name.type === 'directory' && base.type === 'directory') {
    return name.rdns.length >= base.rdns.length && base.rdns.every((rdn, i) => rdn === name.rdns[i]);
  }
  if (name.type === 'ip' && base.type === 'ip') return isInRange(name.bytes, base.bytes);
  if (name.type === 'email' && base.type === 'email') return isMailboxOf(name.value, base.value);
  if (name.type === 'uri' && base.type === 'uri') return isUriOf(name.value, base.value);
  return undefined;
}

/** Zero or more labels in front of the base (RFC 5280 4.2.1.10); everything is below the empty one. */
function isBelow(host: string, base: string): boolean {
  return base === '' || lower(host) === lower(base) || lower(host).endsWith(`.${lower(base)}`);
}

/** A mailbox, all of a host, or all of the hosts below one with a dot in front; only the host is compared without letter case. */
function isMailboxOf(mailbox: string, base: string): boolean | undefined {
  const [local = '', host = '', ...more] = mailbox.split('@');
  if (local === '' || more.length > 0 || !isDomain(host)) return undefined;
  const at = base.lastIndexOf('@');
  return at === -1 ? isHostOf(host, base) : local === base.slice(0, at) && lower(host) === lower(base.slice(at + 1));
}

// scheme "://" [ userinfo "@" ] host [ ":" port ]
function isUriOf(uri: string, base: string): boolean | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  if (host === undefined || !isDomain(host) || /(^|\.)\d+$/.test(host)) return undefined;
  return isHostOf(host, base);
}

function isHostOf(host: string, base: string): boolean {
  return base === '' || (base.startsWith('.') ? lower(host).endsWith(lower(base)) : lower(host) === lower(base));
}

/** A domain name, with a wildcard in front or without. */
function isPattern(name: string): boolean {
  return isDomain(name.startsWith('*.') ? name.slice(2) : name);
}

function lower(host: string): string {
  return host.toLowerCase();
}

function text(name: Prepared): string {
  return name.type === 'directory' ? 'its subject or directory name' : `its ${name.type} name`;
}
