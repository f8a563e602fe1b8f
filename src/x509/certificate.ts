import { equalBytes } from '../bytes/bytes.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { explicit, integer, sequence, time } from '../der/writer.ts';
import type { Instant } from '../platform/clock.ts';
import { X509Error } from './errors.ts';
import { type Extension, encodeExtensions, readExtensions, repeatedExtension } from './extensions.ts';
import { encodeName, type Name, readName } from './name.ts';
import { decodePublicKey, readPublicKey } from './public-key.ts';
import { readSignature, type Signed, type Signer, signDer } from './signer.ts';

/** Longest certificate read, in bytes. The largest in use, with post-quantum keys or hundreds of names, have 30 KiB. */
const certificateLimit = 1 << 16;

/** What is signed (RFC 5280 4.1.2), less what follows from the rest. */
export interface TbsCertificate {
  /** Content octets of the INTEGER: big-endian two's complement, minimal. */
  readonly serialNumber: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A certificate as found or made; it keeps its bytes. */
export interface Certificate extends TbsCertificate, Signed {
  readonly der: Uint8Array;
  readonly version: 1 | 2 | 3;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
}

// Certificate ::= SEQUENCE { tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/**
 * Reads a certificate of version 1, 2 or 3 of at most 64 KiB. What its extensions say, its key's validity and its
 * signature are not looked at. Throws `DerError` or `X509Error`.
 */
export function decodeCertificate(der: Uint8Array): Certificate {
  return decodeDer('certificate', der, certificateLimit, (r) =>
    r.sequence((c) => {
      const { value, der: tbs } = c.field('tbsCertificate').withDer((t) => readTbs(t));
      const { algorithm, ...fields } = value;
      const signed = readSignature(c, tbs);
      if (!equalBytes(algorithm, signed.signatureAlgorithm)) {
        throw new X509Error('algorithm', 'certificate signatureAlgorithm: expected the same inside and outside of what is signed');
      }
      return { ...fields, ...signed, der };
    }),
  );
}

// TBSCertificate ::= SEQUENCE { version [0] Version DEFAULT v1, serialNumber CertificateSerialNumber, signature AlgorithmIdentifier,
//   issuer Name, validity Validity, subject Name, subjectPublicKeyInfo SubjectPublicKeyInfo,
//   issuerUniqueID [1] IMPLICIT UniqueIdentifier OPTIONAL, subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
//   extensions [3] Extensions OPTIONAL }
// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
function readTbs(r: DerReader) {
  return r.sequence((t) => {
    const version = readVersion(t);
    const serialNumber = t.field('serialNumber').integer();
    const algorithm = t.field('signature').any();
    const issuer = t.field('issuer').withDer((n) => readName(n));
    const validity = t
      .field('validity')
      .sequence((v) => ({ notBefore: v.field('notBefore').time(), notAfter: v.field('notAfter').time() }));
    const subject = t.field('subject').withDer((n) => readName(n));
    const publicKey = t.field('subjectPublicKeyInfo').withDer((k) => readPublicKey(k)).der;
    const uniqueIds = [1, 2].map((id) => t.field('uniqueIdentifier').optionalImplicit(id, (u) => u.bitString()));
    const extensions = t.field('extensions').optionalExplicit(3, (e) => readExtensions(e));
    if ((extensions !== undefined && version !== 3) || (version === 1 && uniqueIds.some((id) => id !== undefined))) {
      throw new X509Error('version', `certificate: version ${version} does not have the fields that were found`);
    }
    return {
      version,
      serialNumber,
      algorithm,
      issuer: issuer.value,
      issuerDer: issuer.der,
      ...validity,
      subject: subject.value,
      subjectDer: subject.der,
      publicKey,
      extensions: extensions ?? [],
    };
  });
}

/** Version 1 written out, against X.690 11.5, is accepted. */
function readVersion(r: DerReader): 1 | 2 | 3 {
  const version = r.field('version').optionalExplicit(0, (v) => v.smallInteger(255)) ?? 0;
  if (version === 0) return 1;
  if (version === 1) return 2;
  if (version === 2) return 3;
  throw new X509Error('version', `certificate version: expected 1, 2 or 3, found ${version + 1}`);
}

/**
 * Makes a certificate, of version 3 (1 if there is no extension). Throws `X509Error` when the serial number is not 1 to
 * 20 octets and positive, the validity ends before it begins, or an extension is there twice.
 */
export async function signCertificate(tbs: TbsCertificate, signer: Signer): Promise<Certificate> {
  check(tbs);
  return decodeCertificate(await signDer(encodeTbs(tbs, signer.algorithm), signer));
}

function check({ serialNumber, notBefore, notAfter, publicKey, extensions }: TbsCertificate): void {
  const positive = (serialNumber[0] ?? 0x80) < 0x80 && serialNumber.some((octet) => octet !== 0);
  if (!positive || serialNumber.length > 20) throw new X509Error('serial-number', 'serialNumber: expected 1 to 20 octets, positive');
  if (notAfter < notBefore) throw new X509Error('validity', 'validity: expected notAfter not to be before notBefore');
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw new X509Error('extension', `extensions: expected each once, found ${twice} twice`);
  decodePublicKey(publicKey);
}

function encodeTbs(tbs: TbsCertificate, algorithm: Uint8Array): Uint8Array {
  const hasExtensions = tbs.extensions.length > 0;
  return sequence(
    ...(hasExtensions ? [explicit(0, integer(2))] : []),
    integer(tbs.serialNumber),
    algorithm,
    encodeName(tbs.issuer),
    sequence(time(tbs.notBefore), time(tbs.notAfter)),
    encodeName(tbs.subject),
    tbs.publicKey,
    ...(hasExtensions ? [explicit(3, encodeExtensions(tbs.extensions))] : []),
  );
}
