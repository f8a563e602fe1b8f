import { oids } from '../der/oids.ts';
import { schemeOf } from '../x509/algorithms.ts';
import { decodeAuthorityKeyIdentifier, extensionOf } from '../x509/extensions.ts';
import { describePublicKey } from '../x509/public-key.ts';
import { type Crl, crlLabel } from './crl.ts';
import { ValidationError } from './errors.ts';
import { type PathCertificate, translated } from './path-certificate.ts';

const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * What RFC 5280 4 demands of those who issue, and the Baseline Requirements of the CA/Browser Forum of those whom the whole web trusts;
 * a private CA that is older or simpler may do without. Throws `ValidationError` `form`.
 */
export function checkWebForm(subject: PathCertificate, place: 'leaf' | 'intermediate' | 'anchor'): void {
  const { label, certificate, basicConstraints } = subject;
  demand(certificate.version === 3, label, 'version: expected 3');
  const [first = 0x80] = certificate.serialNumber;
  demand(first < 0x80 && certificate.serialNumber.length <= 20, label, 'serialNumber: expected at most 20 octets, positive');
  checkKey(subject);
  if (place !== 'anchor') checkSignature(subject);
  demand(place === 'leaf' || basicConstraints?.ca === true, label, 'basicConstraints: expected a CA');
  if (basicConstraints?.ca === true) checkCa(subject);
  checkAuthorityKey(subject, place === 'anchor');
  checkCritical(subject, oids.policyConstraints, true);
  checkCritical(subject, oids.subjectKeyIdentifier, false);
  checkCritical(subject, oids.authorityKeyIdentifier, false);
  if (certificate.subject.length === 0) checkCritical(subject, oids.subjectAltName, true);
  if (place === 'leaf') checkLeaf(subject);
}

/** Throws `ValidationError` `form` unless the CRL has the number that it must have (RFC 5280 5.2.3). */
export function checkWebCrl(crl: Crl): void {
  const number = extensionOf(crl, oids.cRLNumber);
  demand(number?.critical === false, crlLabel(crl), 'cRLNumber: expected, not critical');
}

function demand(kept: boolean, label: string, rule: string): void {
  if (!kept) throw new ValidationError('form', `${label}: ${rule}`);
}

function checkKey({ label, certificate }: PathCertificate): void {
  const { type, bits = 0, curve } = translated('form', label, () => describePublicKey(certificate.publicKey));
  const good = type === 'rsa' ? bits >= 2048 && bits % 8 === 0 : type === 'ed25519' || (type === 'ec' && curves.has(curve));
  demand(good, label, 'subjectPublicKeyInfo: expected RSA of 2048 bits or more, EC on a curve of NIST, or Ed25519');
}

function checkSignature({ label, certificate }: PathCertificate): void {
  const scheme = translated('algorithm', label, () => schemeOf(certificate.signatureAlgorithm));
  const weak = scheme !== undefined && 'digest' in scheme && (scheme.digest === 'md5' || scheme.digest === 'sha1');
  demand(!weak, label, 'signatureAlgorithm: expected SHA-256 or better');
}

function checkCa(subject: PathCertificate): void {
  checkCritical(subject, oids.basicConstraints, true);
  demand(subject.subjectKeyIdentifier !== undefined, subject.label, 'subjectKeyIdentifier: expected in a CA');
}

/** An anchor may do without, since nobody looks for its issuer. */
function checkAuthorityKey({ label, certificate, authorityKeyIdentifier }: PathCertificate, anchor: boolean): void {
  const extension = extensionOf(certificate, oids.authorityKeyIdentifier);
  if (extension === undefined && anchor) return;
  demand(authorityKeyIdentifier !== undefined, label, 'authorityKeyIdentifier: expected with a keyIdentifier');
  if (extension === undefined || !anchor) return;
  const { issuer, serialNumber } = translated('malformed', label, () => decodeAuthorityKeyIdentifier(extension));
  demand(issuer === undefined && serialNumber === undefined, label, 'authorityKeyIdentifier: expected only a keyIdentifier');
}

function checkCritical({ label, certificate }: PathCertificate, oid: string, critical: boolean): void {
  const extension = extensionOf(certificate, oid);
  demand((extension?.critical ?? critical) === critical, label, `extension ${oid}: expected ${critical ? '' : 'not '}to be critical`);
}

function checkLeaf(subject: PathCertificate): void {
  const { label, basicConstraints, keyUsage = [], purposes } = subject;
  demand(basicConstraints?.ca === true || !keyUsage.includes('key-cert-sign'), label, 'keyUsage: expected key-cert-sign in a CA only');
  demand(basicConstraints?.ca === true || purposes !== undefined, label, 'extendedKeyUsage: expected');
  checkCritical(subject, oids.extendedKeyUsage, false);
  const wide = (subject.alternativeNames ?? []).some((name) => name.type === 'dns' && /^\*\.[^.]*$/.test(name.value));
  demand(!wide, label, 'subjectAltName: expected no wildcard right below a top-level domain');
}
