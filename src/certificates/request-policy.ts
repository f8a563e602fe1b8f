import { oids } from '../der/oids.ts';
import { decodeBasicConstraints, decodeExtendedKeyUsage, decodeKeyUsage, decodeSubjectAltName, extensionOf } from '../x509/extensions.ts';
import { formatAltNames, type GeneralName, isDnsName, isMailbox, isUri } from '../x509/general-names.ts';
import { type KeyUsage, keyUsageBits, keyUsagesOfOids, sortKeyUsages } from '../x509/key-usage.ts';
import type { CertificationRequest } from '../x509/request.ts';
import { CertificateError } from './errors.ts';

/*
 * What a request from elsewhere gets of what it asks for:
 *
 * - The subject and the public key as they are, once its signature shows that the key is the asker's.
 * - Alternative names that are host names, addresses, e-mail addresses and URIs. Others (a directory name, a Windows logon name) are
 *   left out, since RouterOS has no way to show them to who signs.
 * - Of the key usages asked for, those that the CA's user grants: with `key-usage`, else those of a server or a client. What asks for none
 *   gets all that is granted. What asks for some, none of which is granted, is refused: without the extension it could do anything.
 * - Never to be a CA: a request for CA:TRUE is refused, key-cert-sign and crl-sign are left out.
 * - No other extension.
 *
 * What is left out is logged.
 */

/** What is granted to a request, and what it asked for in vain. */
export interface Grant {
  readonly altNames: readonly GeneralName[];
  readonly keyUsage: readonly KeyUsage[];
  readonly denied: readonly string[];
}

const caUsages = new Set<KeyUsage>(['key-cert-sign', 'crl-sign']);

/** Throws `bad-value` for key usages that nobody can grant to a request. */
export function checkGrantable(usages: readonly KeyUsage[]): void {
  const ca = usages.filter((usage) => caUsages.has(usage));
  if (ca.length > 0) throw new CertificateError('bad-value', `key-usage: ${ca.join(',')} is not granted to a request`);
}

/** Throws `bad-request` for what is refused. */
export function grantTo(request: CertificationRequest, granted: readonly KeyUsage[]): Grant {
  const extensions = { extensions: request.requestedExtensions };
  const constraints = extensionOf(extensions, oids.basicConstraints);
  if (constraints !== undefined && decodeBasicConstraints(constraints).ca) {
    throw new CertificateError('bad-request', 'the request asks to be a CA (CA:TRUE), which is not granted');
  }
  const names = extensionOf(extensions, oids.subjectAltName);
  const altNames = names === undefined ? [] : decodeSubjectAltName(names);
  for (const name of altNames) checkAltName(name);
  const usage = usageGranted(extensions, granted);
  return {
    altNames: altNames.filter((name) => isShown(name)),
    keyUsage: usage.keyUsage,
    denied: [
      ...altNames.filter((name) => !isShown(name)).map((name) => formatAltNames([name])),
      ...usage.denied,
      ...request.requestedExtensions.filter(({ oid }) => !consideredExtensions.has(oid)).map(({ oid }) => `extension ${oid}`),
    ],
  };
}

/** The subject key identifier is in every certificate anyhow. */
const consideredExtensions = new Set<string>([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.subjectAltName,
  oids.subjectKeyIdentifier,
]);

function usageGranted(extensions: Parameters<typeof extensionOf>[0], granted: readonly KeyUsage[]) {
  const bits = extensionOf(extensions, oids.keyUsage);
  const purposes = extensionOf(extensions, oids.extendedKeyUsage);
  const askedBits = bits === undefined ? undefined : decodeKeyUsage(bits);
  const askedPurposes = purposes === undefined ? undefined : keyUsagesOfOids(decodeExtendedKeyUsage(purposes));
  const grantedBits = granted.filter((usage) => keyUsageBits([usage]).length > 0);
  const grantedPurposes = granted.filter((usage) => !grantedBits.includes(usage));
  return {
    keyUsage: sortKeyUsages([...common(askedBits, grantedBits), ...common(askedPurposes?.usages, grantedPurposes, askedPurposes?.unknown)]),
    denied: [
      ...[...(askedBits ?? []), ...(askedPurposes?.usages ?? [])].filter((usage) => !granted.includes(usage)),
      ...(askedPurposes?.unknown ?? []),
    ],
  };
}

function common(
  asked: readonly KeyUsage[] | undefined,
  granted: readonly KeyUsage[],
  unknown: readonly string[] = [],
): readonly KeyUsage[] {
  if (asked === undefined) return granted;
  const both = asked.filter((usage) => granted.includes(usage));
  if (both.length > 0) return both;
  const wanted = [...asked, ...unknown].join(',');
  throw new CertificateError('bad-request', `the request asks for ${wanted}, which is not granted: give key-usage to grant it`);
}

function isShown({ type }: GeneralName): boolean {
  return type === 'dns' || type === 'ip' || type === 'email' || type === 'uri';
}

const forms: ReadonlyMap<string, readonly [what: string, isOne: (value: string) => boolean]> = new Map([
  ['dns', ['host name', isDnsName]],
  ['email', ['e-mail address', isMailbox]],
  ['uri', ['URI', isUri]],
]);

/** A name with a NUL or the like in it means one thing to one program and another to the next. */
function checkAltName(name: GeneralName): void {
  const [what, isOne] = forms.get(name.type) ?? [];
  if (!('value' in name) || isOne?.(name.value) !== false) return;
  throw new CertificateError('bad-request', `the request asks for ${formatAltNames([name])}, which is no ${what}`);
}
