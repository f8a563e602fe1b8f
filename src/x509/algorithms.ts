import { equalBytes } from '../bytes/bytes.ts';
import { oids } from '../der/oids.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { explicit, integer, nullValue, oid, sequence } from '../der/writer.ts';
import type { HashAlgorithm, SignatureScheme } from '../platform/crypto.ts';
import { X509Error } from './errors.ts';

/** Longest AlgorithmIdentifier read, in bytes: explicit curve parameters take a few hundred. */
const algorithmLimit = 4096;

/** An algorithm and its parameters (RFC 5280 4.1.1.2). */
export interface AlgorithmIdentifier {
  /** Dotted OID. */
  readonly oid: string;
  /** DER of the parameters, as found. */
  readonly parameters?: Uint8Array;
}

// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY DEFINED BY algorithm OPTIONAL }
export function encodeAlgorithm(algorithm: AlgorithmIdentifier): Uint8Array {
  return sequence(oid(algorithm.oid), ...(algorithm.parameters === undefined ? [] : [algorithm.parameters]));
}

/** Reads the DER of an AlgorithmIdentifier of at most 4 KiB. */
export function decodeAlgorithm(der: Uint8Array): AlgorithmIdentifier {
  return decodeDer('AlgorithmIdentifier', der, algorithmLimit, (r) => readAlgorithm(r));
}

/** Reads an AlgorithmIdentifier; parameters of any kind are kept. */
export function readAlgorithm(r: DerReader): AlgorithmIdentifier {
  return r.sequence((a) => {
    const algorithm = a.field('algorithm').oid();
    return a.atEnd ? { oid: algorithm } : { oid: algorithm, parameters: a.field('parameters').any() };
  });
}

const rsaSignatures = new Map<HashAlgorithm, string>([
  ['md5', oids.md5WithRSAEncryption],
  ['sha1', oids.sha1WithRSAEncryption],
  ['sha224', oids.sha224WithRSAEncryption],
  ['sha256', oids.sha256WithRSAEncryption],
  ['sha384', oids.sha384WithRSAEncryption],
  ['sha512', oids.sha512WithRSAEncryption],
]);

const ecdsaSignatures = new Map<HashAlgorithm, string>([
  ['sha1', oids.ecdsaWithSHA1],
  ['sha224', oids.ecdsaWithSHA224],
  ['sha256', oids.ecdsaWithSHA256],
  ['sha384', oids.ecdsaWithSHA384],
  ['sha512', oids.ecdsaWithSHA512],
]);

const digests = new Map<HashAlgorithm, string>([
  ['md5', oids.md5],
  ['sha1', oids.sha1],
  ['sha224', oids.sha224],
  ['sha256', oids.sha256],
  ['sha384', oids.sha384],
  ['sha512', oids.sha512],
]);

/** DER of the AlgorithmIdentifier of a signature. Throws `X509Error` for ECDSA with MD5, which nobody has named. */
export function signatureAlgorithm(scheme: SignatureScheme): Uint8Array {
  switch (scheme.type) {
    case 'rsa-pkcs1':
      return encodeAlgorithm({ oid: oidOf(rsaSignatures, scheme), parameters: nullValue });
    case 'rsa-pss':
      return encodeAlgorithm({ oid: oids.rsassaPss, parameters: encodePssParameters(scheme.digest, scheme.saltLength) });
    case 'ecdsa':
      return encodeAlgorithm({ oid: oidOf(ecdsaSignatures, scheme) });
    default:
      return encodeAlgorithm({ oid: oids.ed25519 });
  }
}

function oidOf(table: ReadonlyMap<HashAlgorithm, string>, scheme: { readonly type: string; readonly digest: HashAlgorithm }): string {
  const found = table.get(scheme.digest);
  if (found === undefined) throw new X509Error('algorithm', `digest-algorithm: there is no ${scheme.type} signature with ${scheme.digest}`);
  return found;
}

/**
 * How a signature of this AlgorithmIdentifier (DER) was made; undefined for algorithms that are not known here and for
 * parameters that the algorithm does not have: NULL or nothing with RSA, nothing with ECDSA and Ed25519 (RFC 5758, 8410).
 */
export function schemeOf(algorithm: Uint8Array): SignatureScheme | undefined {
  const { oid: type, parameters } = decodeAlgorithm(algorithm);
  if (type === oids.rsassaPss) return parameters === undefined ? undefined : decodePssParameters(parameters);
  const rsaDigest = digestOf(rsaSignatures, type);
  if (rsaDigest !== undefined) {
    return parameters === undefined || equalBytes(parameters, nullValue) ? { type: 'rsa-pkcs1', digest: rsaDigest } : undefined;
  }
  if (parameters !== undefined) return undefined;
  const ecdsaDigest = digestOf(ecdsaSignatures, type);
  if (ecdsaDigest !== undefined) return { type: 'ecdsa', digest: ecdsaDigest };
  return type === oids.ed25519 ? { type: 'ed25519' } : undefined;
}

function digestOf(table: ReadonlyMap<HashAlgorithm, string>, type: string): HashAlgorithm | undefined {
  return [...table].find(([, known]) => known === type)?.[0];
}

// RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] HashAlgorithm DEFAULT sha1, maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
//   saltLength [2] INTEGER DEFAULT 20, trailerField [3] TrailerField DEFAULT trailerFieldBC }
function encodePssParameters(digest: HashAlgorithm, saltLength: number): Uint8Array {
  const hash = encodeAlgorithm({ oid: digests.get(digest) ?? '', parameters: nullValue });
  return sequence(
    ...(digest === 'sha1' ? [] : [explicit(0, hash), explicit(1, encodeAlgorithm({ oid: oids.mgf1, parameters: hash }))]),
    ...(saltLength === 20 ? [] : [explicit(2, integer(saltLength))]),
  );
}

/** The mask is made with the digest of the signature in everything we can verify. */
function decodePssParameters(parameters: Uint8Array): SignatureScheme | undefined {
  return decodeDer('RSASSA-PSS-params', parameters, algorithmLimit, (r) =>
    r.sequence((p) => {
      const hash = p.field('hashAlgorithm').optionalExplicit(0, (v) => readAlgorithm(v).oid) ?? oids.sha1;
      const mask = p.field('maskGenAlgorithm').optionalExplicit(1, (v) => readAlgorithm(v)) ?? { oid: oids.mgf1 };
      const saltLength = p.field('saltLength').optionalExplicit(2, (v) => v.smallInteger(1024)) ?? 20;
      const trailer = p.field('trailerField').optionalExplicit(3, (v) => v.smallInteger(255)) ?? 1;
      const maskHash = mask.parameters === undefined ? oids.sha1 : decodeAlgorithm(mask.parameters).oid;
      const digest = digestOf(digests, hash);
      const known = mask.oid === oids.mgf1 && maskHash === hash && trailer === 1;
      return digest === undefined || !known ? undefined : { type: 'rsa-pss', digest, saltLength };
    }),
  );
}
