import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { equalBytes } from '../../src/bytes/bytes.ts';
import { DerError } from '../../src/der/errors.ts';
import { decodePem } from '../../src/pem/pem.ts';
import { decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { decodeCrl, signCrl } from '../../src/x509/crl.ts';
import { X509Error } from '../../src/x509/errors.ts';
import type { Extension } from '../../src/x509/extensions.ts';
import { describePublicKey } from '../../src/x509/public-key.ts';
import { decodeRequest, signRequest } from '../../src/x509/request.ts';
import { pycaVectors } from '../judges/pyca.ts';
import { testWith } from '../judges/run.ts';
import { knownExtensions } from './known-extensions.ts';
import { repeating } from './samples.ts';

// The certificates, requests, CRLs and public keys of PyPI's cryptography-vectors: NIST's PKITS and what pyca has met in the wild or broken
// on purpose. Each is read, or refused for the reason given here; what is read is written again as it was, but for what is listed.

const judged = testWith('pyca');

interface Vector {
  readonly file: string;
  readonly kind: 'certificate' | 'request' | 'crl' | 'public key';
  readonly der: Uint8Array;
}

const labels = new Map<string, Vector['kind']>([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'request'],
  ['NEW CERTIFICATE REQUEST', 'request'],
  ['X509 CRL', 'crl'],
  ['PUBLIC KEY', 'public key'],
]);

/** Files that hold bare DER, by their names. */
const patterns: readonly (readonly [RegExp, Vector['kind']])[] = [
  [/^x509\/PKITS_data\/certs\/.*\.crt$/, 'certificate'],
  [/^x509\/PKITS_data\/crls\/.*\.crl$/, 'crl'],
  [/^x509\/requests\/.*\.der$/, 'request'],
  [/^x509\/custom\/crl.*\.der$/, 'crl'],
  [/^x509\/(custom\/|ed25519\/|ed448\/)?[^/]*\.der$/, 'certificate'],
  [/^asymmetric\/.*pub.*\.der$/, 'public key'],
];

function vectorsOf(folder: string, file: string): Vector[] {
  const contents = new Uint8Array(readFileSync(join(folder, file)));
  if (file.endsWith('.pem')) {
    return decodePem(Buffer.from(contents).toString('latin1')).flatMap(({ label, der }) => {
      const kind = labels.get(label);
      return kind === undefined ? [] : [{ file, kind, der }];
    });
  }
  const kind = patterns.find(([pattern]) => pattern.test(file))?.[1];
  return kind === undefined ? [] : [{ file, kind, der: contents }];
}

function vectors(): Vector[] {
  const folder = pycaVectors();
  const files = ['x509', 'asymmetric'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map((file) => `${part}/${file}`),
  );
  return files.filter((file) => /\.(pem|der|crt|crl)$/.test(file)).flatMap((file) => vectorsOf(folder, file));
}

/** Reads a document with all its extensions that are known here, and writes it again. */
const reader: Record<Vector['kind'], (der: Uint8Array) => Promise<Uint8Array>> = {
  certificate: async (der) => {
    const certificate = decodeCertificate(der);
    describePublicKey(certificate.publicKey);
    readExtensionsOf([certificate]);
    return rewritten(() => signCertificate(certificate, repeating(certificate)));
  },
  request: async (der) => {
    const request = decodeRequest(der);
    readExtensionsOf([{ extensions: request.requestedExtensions }]);
    return rewritten(() => signRequest(request, repeating(request)));
  },
  crl: async (der) => {
    const crl = decodeCrl(der);
    readExtensionsOf([crl, ...crl.revoked]);
    return rewritten(() => signCrl(crl, repeating(crl)));
  },
  'public key': async (der) => {
    describePublicKey(der);
    return der;
  },
};

function readExtensionsOf(holders: readonly { readonly extensions: readonly Extension[] }[]): void {
  for (const extension of holders.flatMap(({ extensions }) => extensions)) knownExtensions.get(extension.oid)?.(extension);
}

/** What signing again gives; nothing where that is refused, since this was no error in reading. */
async function rewritten(sign: () => Promise<{ readonly der: Uint8Array }>): Promise<Uint8Array> {
  try {
    return (await sign()).der;
  } catch (error) {
    if (error instanceof X509Error && error.code === 'serial-number') return new Uint8Array();
    throw error;
  }
}

interface Outcomes {
  /** How many were read. */
  readonly read: number;
  /** Those of them that were not written again as they were. */
  readonly otherwise: string[];
  /** Why the others were refused, by their names. */
  readonly messages: Record<string, string>;
}

async function outcomesOf(all: readonly Vector[]): Promise<Outcomes> {
  const otherwise: string[] = [];
  const messages: Record<string, string> = {};
  for (const vector of all) {
    const name = join(basename(dirname(vector.file)), basename(vector.file));
    try {
      if (!equalBytes(await reader[vector.kind](vector.der), vector.der)) otherwise.push(name);
    } catch (error) {
      if (!(error instanceof DerError) && !(error instanceof X509Error)) throw error;
      messages[name] = error.message;
    }
  }
  return { read: all.length - Object.keys(messages).length, otherwise: otherwise.sort(), messages };
}

/** What is refused, and why it is right to. */
const refused = {
  // A bit was turned over in the signature's unused bits: NIST and pyca want such signatures and keys not to be accepted.
  'DER_Serialization/dsa_public_key_invalid_bit_string.der':
    'subjectPublicKeyInfo subjectPublicKey: expected a BIT STRING whose unused bits, seven at most, are zero',
  'Ed25519/ed25519-pub-non-zero-unused-bits.der': 'subjectPublicKeyInfo subjectPublicKey: expected a BIT STRING of whole octets',
  'certs/BadSignedCACert.crt': 'certificate signature: expected a BIT STRING of whole octets',
  'certs/InvalidDSASignatureTest6EE.crt': 'certificate signature: expected a BIT STRING of whole octets',
  'crls/BadCRLSignatureCACRL.crl': 'CRL signature: expected a BIT STRING of whole octets',
  // Not what its name may suggest: an RSAPublicKey of PKCS#1, and a TBSCertificate.
  'PKCS1/rsa.pub.der': 'subjectPublicKeyInfo algorithm: expected SEQUENCE, found INTEGER',
  'x509/cryptography-scts-tbs-precert.der': 'certificate tbsCertificate: expected SEQUENCE, found [0]',
  // RFC 5280 4.1.1.2 and 5.1.1.2: "MUST contain the same algorithm identifier".
  'custom/crl_inner_outer_mismatch.der': 'CRL signatureAlgorithm: expected the same inside and outside of what is signed',
  'custom/mismatch_inner_outer_sig_algorithm.der': 'certificate signatureAlgorithm: expected the same inside and outside of what is signed',
  'custom/rsa_pss_cert_invalid_mgf.der': 'certificate signatureAlgorithm: expected the same inside and outside of what is signed',
  'custom/rsa_pss_cert_no_sig_params.der': 'certificate signatureAlgorithm: expected the same inside and outside of what is signed',
  'custom/rsa_pss_cert_unsupported_mgf_hash.der': 'certificate signatureAlgorithm: expected the same inside and outside of what is signed',
  'x509/v1_cert.pem': 'certificate signatureAlgorithm: expected the same inside and outside of what is signed',
  // RFC 5280 4.2: "MUST NOT include more than one instance of a particular extension".
  'custom/crl_dup_entry_ext.pem': 'extensions: expected each once, found 2.5.29.21 twice',
  'custom/two_basic_constraints.pem': 'extensions: expected each once, found 2.5.29.19 twice',
  'requests/two_basic_constraints.pem': 'extensions: expected each once, found 2.5.29.19 twice',
  // Versions that do not exist, or that lack what is there.
  'custom/crl_bad_version.pem': 'CRL version: expected 1 or 2, found 3',
  'custom/invalid_version.pem': 'certificate version: expected 1, 2 or 3, found 8',
  'requests/bad-version.pem': 'request version: expected 1',
  'custom/crl_inval_date_fractional_seconds.der': 'CRL: version 1 has no extensions',
  // Times without seconds, and with an offset.
  'custom/crl_invalid_time.der': 'CRL tbsCertList thisUpdate: expected a UTCTime of the form YYMMDDHHMMSSZ',
  'x509/badasn1time.pem': 'certificate tbsCertificate validity notAfter: expected a UTCTime of the form YYMMDDHHMMSSZ',
  // Extensions whose value is not of their type.
  'custom/crl_inval_cert_issuer_entry_ext.pem': 'certificateIssuer: expected SEQUENCE, found the end',
  'custom/inhibit_any_policy_negative.pem': 'inhibitAnyPolicy: expected an INTEGER from 0 to 9007199254740991',
  // Strings that are not of their type.
  'custom/invalid_utf8_common_name.pem': 'certificate tbsCertificate issuer CN: the octets are not text of a UTF8String',
  'x509/utf8-dnsname.pem': 'subjectAltName dNSName: the octets are not text of a IA5String',
  'requests/challenge-invalid.der': 'request challengePassword: expected a string, found INTEGER',
  // Tag numbers over 30.
  'custom/long-form-name-attribute.pem': 'certificate tbsCertificate issuer 2.5.12.13: tag 0x7f is of no type known here',
  'requests/long-form-attribute.pem': 'request certificationRequestInfo attributes values: tag 0x7f is of no type known here',
  // Values out of their range.
  'custom/crl_unsupported_reason.pem': 'reasonCode: expected an ENUMERATED from 0 to 10',
  'custom/nc_ip_invalid_length.pem': 'nameConstraints iPAddress: expected 8 or 32 octets, address and mask',
  'requests/challenge-multi-valued.der': 'request challengePassword: expected one value, found 2',
};

/** What is read, but would not be written in this way. */
const writtenOtherwise = [
  // Serial numbers below zero.
  'certs/InvalidNegativeSerialNumberTest15EE.crt',
  'custom/negative_serial.pem',
  // GeneralizedTime before 2050.
  'certs/Invalidpre2000UTCEEnotAfterDateTest7EE.crt',
  'certs/ValidGeneralizedTimenotBeforeDateTest4EE.crt',
  'custom/crl_all_reasons.pem',
  'custom/crl_md2_unknown_crit_entry_ext.pem',
  // Unique identifiers.
  'certs/UIDCACert.crt',
  'certs/ValidNameUIDsTest6EE.crt',
  // Version 3 without extensions.
  'custom/bad_country.pem',
  'custom/name_attribute_unsupported_tag.pem',
  'custom/unsupported_subject_public_key_info.pem',
  // critical FALSE written out.
  'ed25519/ed25519-rfc8410.pem',
  'requests/freeipa-bad-critical.pem',
  // Attributes that we do not ask for.
  'requests/challenge-unstructured.pem',
  'requests/zero-element-attribute.pem',
];

describe('cryptography-vectors', () => {
  judged('each document is read and written again as it was, but for those listed', async () => {
    const all = vectors();
    expect(all.length).toBeGreaterThan(800);
    const { read, otherwise, messages } = await outcomesOf(all);
    expect(messages).toEqual(refused);
    expect(otherwise).toEqual(writtenOtherwise.toSorted());
    expect(read).toBe(all.length - Object.keys(refused).length);
  });
});
