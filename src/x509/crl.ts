import { equalBytes } from '../bytes/bytes.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { explicit, integer, sequence, sequenceOf, time } from '../der/writer.ts';
import type { Instant } from '../platform/clock.ts';
import { X509Error } from './errors.ts';
import { type Extension, encodeExtensions, readExtensions, repeatedExtension } from './extensions.ts';
import { encodeName, type Name, readName } from './name.ts';
import { readSignature, type Signed, type Signer, signDer } from './signer.ts';

/** Longest CRL read, in bytes: some 400,000 entries. It is held in memory whole. */
const crlLimit = 1 << 24;

/** An entry of a CRL (RFC 5280 5.1.2.6). */
export interface RevokedCertificate {
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Instant;
  /** reasonCode, invalidityDate, certificateIssuer … */
  readonly extensions: readonly Extension[];
}

/** What is signed (RFC 5280 5.1.2). */
export interface TbsCertificateList {
  readonly issuer: Name;
  readonly thisUpdate: Instant;
  readonly nextUpdate?: Instant;
  readonly revoked: readonly RevokedCertificate[];
  readonly extensions: readonly Extension[];
}

/** A CRL as found or made; it keeps its bytes. */
export interface CertificateList extends TbsCertificateList, Signed {
  readonly der: Uint8Array;
  readonly version: 1 | 2;
  readonly issuerDer: Uint8Array;
}

// CertificateList ::= SEQUENCE { tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/** Reads a CRL of at most 16 MiB; its signature is not looked at. Throws `DerError` or `X509Error`. */
export function decodeCrl(der: Uint8Array): CertificateList {
  return decodeDer('CRL', der, crlLimit, (r) =>
    r.sequence((c) => {
      const { value, der: tbs } = c.field('tbsCertList').withDer((t) => readTbs(t));
      const { algorithm, ...fields } = value;
      const signed = readSignature(c, tbs);
      checkAlgorithms(algorithm, signed.signatureAlgorithm);
      return { ...fields, ...signed, der };
    }),
  );
}

/** RFC 5280 5.1.1.2 */
export function checkAlgorithms(inside: Uint8Array, outside: Uint8Array): void {
  if (!equalBytes(inside, outside)) {
    throw new X509Error('algorithm', 'CRL signatureAlgorithm: expected the same inside and outside of what is signed');
  }
}

// TBSCertList ::= SEQUENCE { version Version OPTIONAL, signature AlgorithmIdentifier, issuer Name, thisUpdate Time,
//   nextUpdate Time OPTIONAL, revokedCertificates SEQUENCE OF SEQUENCE { … } OPTIONAL, crlExtensions [0] Extensions OPTIONAL }
function readTbs(r: DerReader) {
  return r.sequence((t) => {
    const head = readCrlHead(t);
    const revoked = t.field('revokedCertificates').optional(tags.sequence, (list) => list.sequenceOf((e) => readRevoked(e))) ?? [];
    const extensions = t.field('crlExtensions').optionalExplicit(0, (e) => readExtensions(e));
    if (head.version === 1 && (extensions !== undefined || revoked.some((entry) => entry.extensions.length > 0))) throw withoutExtensions();
    return { ...head, revoked, extensions: extensions ?? [] };
  });
}

export function withoutExtensions(): X509Error {
  return new X509Error('version', 'CRL: version 1 has no extensions');
}

/** What a CRL says before its entries. */
export interface CrlHead extends Pick<CertificateList, 'version' | 'issuer' | 'issuerDer' | 'thisUpdate' | 'nextUpdate'> {
  /** DER of the AlgorithmIdentifier that stands inside of what is signed. */
  readonly algorithm: Uint8Array;
}

/** Reads the fields of a TBSCertList before revokedCertificates. */
export function readCrlHead(t: DerReader): CrlHead {
  const version = readVersion(t);
  const algorithm = t.field('signature').any();
  const issuer = t.field('issuer').withDer((n) => readName(n));
  const thisUpdate = t.field('thisUpdate').time();
  const tag = t.peekTag();
  const nextUpdate = tag === tags.utcTime || tag === tags.generalizedTime ? t.field('nextUpdate').time() : undefined;
  return {
    version,
    algorithm,
    issuer: issuer.value,
    issuerDer: issuer.der,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
  };
}

function readVersion(r: DerReader): 1 | 2 {
  const version = r.field('version').optional(tags.integer, (v) => v.smallInteger(255));
  if (version !== undefined && version !== 1) throw new X509Error('version', `CRL version: expected 1 or 2, found ${version + 1}`);
  return version === undefined ? 1 : 2;
}

// SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time, crlEntryExtensions Extensions OPTIONAL }
export function readRevoked(r: DerReader): RevokedCertificate {
  return r.sequence((e) => ({
    serialNumber: e.field('userCertificate').integer(),
    revocationDate: e.field('revocationDate').time(),
    extensions: e.atEnd ? [] : readExtensions(e.field('crlEntryExtensions')),
  }));
}

/** Makes a CRL of version 2. Throws `X509Error` when an extension is there twice or nextUpdate comes before thisUpdate. */
export async function signCrl(tbs: TbsCertificateList, signer: Signer): Promise<CertificateList> {
  if (tbs.nextUpdate !== undefined && tbs.nextUpdate < tbs.thisUpdate) {
    throw new X509Error('validity', 'CRL: expected nextUpdate not to be before thisUpdate');
  }
  const twice = [tbs, ...tbs.revoked].map((holder) => repeatedExtension(holder.extensions)).find((oid) => oid !== undefined);
  if (twice !== undefined) throw new X509Error('extension', `CRL extensions: expected each once, found ${twice} twice`);
  return decodeCrl(await signDer(encodeTbs(tbs, signer.algorithm), signer));
}

/** An empty revokedCertificates is left out (RFC 5280 5.1.2.6). */
function encodeTbs(tbs: TbsCertificateList, algorithm: Uint8Array): Uint8Array {
  return sequence(
    integer(1),
    algorithm,
    encodeName(tbs.issuer),
    time(tbs.thisUpdate),
    ...(tbs.nextUpdate === undefined ? [] : [time(tbs.nextUpdate)]),
    ...(tbs.revoked.length === 0 ? [] : [sequenceOf(tbs.revoked.map((entry) => encodeRevoked(entry)))]),
    ...(tbs.extensions.length === 0 ? [] : [explicit(0, encodeExtensions(tbs.extensions))]),
  );
}

function encodeRevoked({ serialNumber, revocationDate, extensions }: RevokedCertificate): Uint8Array {
  return sequence(integer(serialNumber), time(revocationDate), ...(extensions.length === 0 ? [] : [encodeExtensions(extensions)]));
}
