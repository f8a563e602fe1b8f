import { oids } from '../der/oids.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { bitString, sequence } from '../der/writer.ts';
import type { Crypto, HashAlgorithm, SignatureScheme } from '../platform/crypto.ts';
import { readAlgorithm, schemeOf, signatureAlgorithm } from './algorithms.ts';
import { X509Error } from './errors.ts';
import { describePublicKey, type PublicKeyDescription } from './public-key.ts';

/** Somebody who can sign: a private key and the algorithm it is used with. */
export interface Signer {
  /** DER of the AlgorithmIdentifier of its signatures. */
  readonly algorithm: Uint8Array;
  sign(tbs: Uint8Array): Promise<Uint8Array>;
}

/** What a certificate, a request and a CRL are: signed octets, how they were signed, and the signature. */
export interface Signed {
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  /** DER of the AlgorithmIdentifier. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** Longest PKCS#8 key looked at, in bytes; one of RSA with 8192 bits has 4,700. */
const privateKeyLimit = 1 << 14;

/**
 * A signer with a PKCS#8 key: PKCS#1 v1.5 for RSA, ECDSA for EC, and Ed25519, which takes no digest. It reads
 * `privateKey` at each signature: the owner wipes the key when the signer is done with. Throws `X509Error` for other keys.
 */
export function signerFor(privateKey: Uint8Array, digest: HashAlgorithm, crypto: Pick<Crypto, 'sign'>): Signer {
  const scheme = schemeFor(privateKey, digest);
  return { algorithm: signatureAlgorithm(scheme), sign: (tbs) => crypto.sign(privateKey, scheme, tbs) };
}

// PrivateKeyInfo ::= SEQUENCE { version INTEGER, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING, … }
function schemeFor(privateKey: Uint8Array, digest: HashAlgorithm): SignatureScheme {
  const algorithm = decodeDer('PrivateKeyInfo', privateKey, privateKeyLimit, (r) =>
    r.sequence((k) => {
      k.field('version').smallInteger(1);
      const { oid } = readAlgorithm(k.field('privateKeyAlgorithm'));
      while (!k.atEnd) k.any();
      return oid;
    }),
  );
  switch (algorithm) {
    case oids.rsaEncryption:
      return { type: 'rsa-pkcs1', digest };
    case oids.ecPublicKey:
      return { type: 'ecdsa', digest };
    case oids.ed25519:
      return { type: 'ed25519' };
    default:
      throw new X509Error('algorithm', `private key: expected RSA, EC or Ed25519, found ${algorithm}`);
  }
}

// SEQUENCE { tbs, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
export async function signDer(tbs: Uint8Array, signer: Signer): Promise<Uint8Array> {
  return sequence(tbs, signer.algorithm, bitString(await signer.sign(tbs)));
}

/** Reads the two fields that follow the signed part. */
export function readSignature(r: DerReader, tbs: Uint8Array): Signed {
  const { der } = r.field('signatureAlgorithm').withDer((a) => readAlgorithm(a));
  return { tbs, signatureAlgorithm: der, signature: r.field('signature').bitStringOctets() };
}

/**
 * Whether the key made the signature. Throws `X509Error` `algorithm` for a signature algorithm that is not known here
 * and `public-key` for a key that is not to be relied on: RSA below 1024 or above 8192 bits.
 */
export async function verifySignature(signed: Signed, publicKey: Uint8Array, crypto: Pick<Crypto, 'verify'>): Promise<boolean> {
  const scheme = schemeOf(signed.signatureAlgorithm);
  if (scheme === undefined) throw new X509Error('algorithm', 'signatureAlgorithm: not one that can be verified');
  const key = describePublicKey(publicKey);
  const bits = key.bits ?? 0;
  if (key.type === 'rsa' && (bits < 1024 || bits > 8192)) {
    throw new X509Error('public-key', `public key: expected RSA of 1024 to 8192 bits, found ${bits}`);
  }
  return goesWith(key, scheme) && crypto.verify(publicKey, scheme, signed.signature, signed.tbs);
}

const keyTypes = { 'rsa-pkcs1': 'rsa', 'rsa-pss': 'rsa', ecdsa: 'ec', ed25519: 'ed25519' } as const;

function goesWith(key: PublicKeyDescription, scheme: SignatureScheme): boolean {
  return key.type === keyTypes[scheme.type] && (key.type !== 'ec' || key.curve !== undefined);
}
