import { oids } from '../der/oids.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { implicit, integer, isPrintable, oid, printableString, sequence, setOf, utf8String } from '../der/writer.ts';
import type { Crypto } from '../platform/crypto.ts';
import { X509Error } from './errors.ts';
import { type Extension, encodeExtensions, readExtensions, repeatedExtension } from './extensions.ts';
import { encodeName, type Name, readName } from './name.ts';
import { decodePublicKey, readPublicKey } from './public-key.ts';
import { readSignature, type Signed, type Signer, signDer, verifySignature } from './signer.ts';

/** Longest request read, in bytes. */
export const requestLimit = 1 << 16;

/** An attribute of a request (RFC 2986 4.1) as found. */
export interface RequestAttribute {
  /** Dotted OID. */
  readonly type: string;
  /** DER of each value. */
  readonly values: readonly Uint8Array[];
}

/** What is asked for. */
export interface CertificationRequestInfo {
  readonly subject: Name;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly requestedExtensions: readonly Extension[];
  readonly challengePassword?: string;
}

/** A request (PKCS#10) as found or made; it keeps its bytes. */
export interface CertificationRequest extends CertificationRequestInfo, Signed {
  readonly der: Uint8Array;
  readonly subjectDer: Uint8Array;
  /** All attributes, also those that the fields above come from. */
  readonly attributes: readonly RequestAttribute[];
}

// CertificationRequest ::= SEQUENCE { certificationRequestInfo CertificationRequestInfo, signatureAlgorithm AlgorithmIdentifier,
//   signature BIT STRING }
/** Reads a request of at most 64 KiB; `verifyRequest` looks at the signature. Throws `DerError` or `X509Error`. */
export function decodeRequest(der: Uint8Array): CertificationRequest {
  return decodeDer('request', der, requestLimit, (r) =>
    r.sequence((c) => {
      const { value, der: tbs } = c.field('certificationRequestInfo').withDer((i) => readInfo(i));
      return { ...value, ...readSignature(c, tbs), der };
    }),
  );
}

// CertificationRequestInfo ::= SEQUENCE { version INTEGER { v1(0) }, subject Name, subjectPKInfo SubjectPublicKeyInfo,
//   attributes [0] IMPLICIT SET OF Attribute }
// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) OF AttributeValue }
function readInfo(r: DerReader) {
  return r.sequence((i) => {
    if (i.field('version').smallInteger(255) !== 0) throw new X509Error('version', 'request version: expected 1');
    const subject = i.field('subject').withDer((n) => readName(n));
    const publicKey = i.field('subjectPKInfo').withDer((k) => readPublicKey(k)).der;
    // Old clients leave empty attributes out altogether.
    const attributes = i.field('attributes').optionalImplicit(0, (a) => a.setOf((list) => readAttribute(list))) ?? [];
    const challengePassword = onlyValue(attributes, oids.challengePassword, 'challengePassword', (v) => v.string());
    const requestedExtensions =
      onlyValue(attributes, oids.extensionRequest, 'extensionRequest', (v) => readExtensions(v)) ??
      onlyValue(attributes, oids.certificateExtensions, 'certificateExtensions', (v) => readExtensions(v)) ??
      [];
    return {
      subject: subject.value,
      subjectDer: subject.der,
      publicKey,
      attributes,
      requestedExtensions,
      ...(challengePassword === undefined ? {} : { challengePassword }),
    };
  });
}

function readAttribute(r: DerReader): RequestAttribute {
  return r.sequence((a) => ({ type: a.field('type').oid(), values: a.field('values').setOf((values) => values.any()) }));
}

/** The value of a SINGLE VALUE attribute (RFC 2985 5.4), undefined if the request has none. */
function onlyValue<T>(attributes: readonly RequestAttribute[], type: string, name: string, read: (r: DerReader) => T): T | undefined {
  const values = attributes.filter((attribute) => attribute.type === type).flatMap((attribute) => attribute.values);
  const [value] = values;
  if (values.length > 1) throw new X509Error('extension', `request ${name}: expected one value, found ${values.length}`);
  return value === undefined ? undefined : decodeDer(`request ${name}`, value, requestLimit, read);
}

/** Makes a request. Throws `X509Error` when an extension is there twice. */
export async function signRequest(info: CertificationRequestInfo, signer: Signer): Promise<CertificationRequest> {
  const twice = repeatedExtension(info.requestedExtensions);
  if (twice !== undefined) throw new X509Error('extension', `extensionRequest: expected each once, found ${twice} twice`);
  decodePublicKey(info.publicKey);
  return decodeRequest(await signDer(encodeInfo(info), signer));
}

function encodeInfo({ subject, publicKey, requestedExtensions, challengePassword }: CertificationRequestInfo): Uint8Array {
  const attributes = [
    ...(challengePassword === undefined ? [] : [encodeAttribute(oids.challengePassword, directoryString(challengePassword))]),
    ...(requestedExtensions.length === 0 ? [] : [encodeAttribute(oids.extensionRequest, encodeExtensions(requestedExtensions))]),
  ];
  return sequence(integer(0), encodeName(subject), publicKey, implicit(0, setOf(attributes)));
}

function encodeAttribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf([value]));
}

/** PrintableString where it can hold the text (RFC 2985 5.4.1), else UTF8String. */
function directoryString(text: string): Uint8Array {
  return isPrintable(text) ? printableString(text) : utf8String(text);
}

/** Whether the request was signed with the key it is for. Throws as `verifySignature` does. */
export async function verifyRequest(request: CertificationRequest, crypto: Pick<Crypto, 'verify'>): Promise<boolean> {
  return verifySignature(request, request.publicKey, crypto);
}
