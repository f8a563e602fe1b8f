import { oids } from '../../src/der/oids.ts';
import { decodeCrlNumber, decodeCrlReason } from '../../src/x509/crl-extensions.ts';
import {
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  type Extension,
} from '../../src/x509/extensions.ts';
import { formatAltNames, parseAltNames } from '../../src/x509/general-names.ts';
import {
  decodeAuthorityInformationAccess,
  decodeCertificatePolicies,
  decodeCrlDistributionPoints,
} from '../../src/x509/issuer-information.ts';
import { decodeName, encodeName, equalNames, formatName, type Name } from '../../src/x509/name.ts';
import { decodeNameConstraints } from '../../src/x509/name-constraints.ts';
import { visibleText } from '../../src/x509/visible-text.ts';
import { decoded } from './refusal.ts';

const decoders: Readonly<Record<string, (extension: Extension) => unknown>> = {
  [oids.authorityInformationAccess]: decodeAuthorityInformationAccess,
  [oids.authorityKeyIdentifier]: decodeAuthorityKeyIdentifier,
  [oids.basicConstraints]: decodeBasicConstraints,
  [oids.certificatePolicies]: decodeCertificatePolicies,
  [oids.cRLDistributionPoints]: decodeCrlDistributionPoints,
  [oids.cRLNumber]: decodeCrlNumber,
  [oids.reasonCode]: decodeCrlReason,
  [oids.extendedKeyUsage]: decodeExtendedKeyUsage,
  [oids.keyUsage]: decodeKeyUsage,
  [oids.nameConstraints]: decodeNameConstraints,
  [oids.subjectAltName]: (extension) => {
    const names = decodeSubjectAltName(extension);
    const text = formatAltNames(names);
    decoded(() => parseAltNames(text));
    return names;
  },
  [oids.subjectKeyIdentifier]: decodeSubjectKeyIdentifier,
};

/** Every extension is read or refused. */
export function checkExtensions(extensions: readonly Extension[]): void {
  for (const extension of extensions) decoded(() => decoders[extension.oid]?.(extension));
}

const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A name that was read can be written and read again, and what a person sees of it can't move the cursor. */
export function checkName(name: Name, der: Uint8Array): void {
  if (!equalNames(decodeName(der), name)) throw new Error('a name is not equal to itself');
  if (!equalNames(decodeName(encodeName(name)), name)) throw new Error('a name written again is another one');
  if (control.test(visibleText(formatName(name)))) throw new Error('a name shows a control character');
}
