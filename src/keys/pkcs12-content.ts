import { readImplicitOctets } from '../der/ber.ts';
import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { explicit, implicit, integer, octetString, oid, sequence } from '../der/writer.ts';
import { KeyError } from './errors.ts';
import { readEncryptionScheme } from './password-encryption.ts';
import { type Mac, readMac } from './pkcs12-mac.ts';
import type { EncryptionScheme } from './scheme.ts';

/** A PKCS#12 file from outside: the BER of its AuthenticatedSafe, and the MAC over that. */
export interface Pfx {
  readonly authenticatedSafe: Uint8Array;
  readonly mac: Mac | undefined;
}

// PFX ::= SEQUENCE {
//   version  INTEGER { v3(3) },
//   authSafe ContentInfo,
//   macData  MacData OPTIONAL }                                                      RFC 7292 4
export function readPfx(r: DerReader): Pfx {
  return r.sequence((r) => {
    const version = r.field('version').smallInteger(255);
    if (version !== 3) throw new KeyError('damaged', `PKCS#12 file version: expected 3, found ${version}`);
    const content = readContentInfo(r.field('authSafe'));
    if (content.type !== 'plain') throw new KeyError('unsupported', 'a PKCS#12 file whose outermost content is not plain data');
    return { authenticatedSafe: content.contents, mac: r.field('macData').optional(tags.sequence, readMac) };
  });
}

export function encodePfx(authenticatedSafe: Uint8Array, macData: Uint8Array): Uint8Array {
  return sequence(integer(3), encodePlainPart(authenticatedSafe), macData);
}

/** One content of an AuthenticatedSafe: the BER of SafeContents, or its encryption. */
export type Part =
  | { readonly type: 'plain'; readonly contents: Uint8Array }
  | { readonly type: 'encrypted'; readonly scheme: EncryptionScheme; readonly ciphertext: Uint8Array };

// AuthenticatedSafe ::= SEQUENCE OF ContentInfo                                        RFC 7292 4.1
export function readAuthenticatedSafe(r: DerReader): Part[] {
  return r.sequenceOf(readContentInfo);
}

// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY OPTIONAL }
function readContentInfo(r: DerReader): Part {
  return r.sequence((r) => {
    const type = r.field('contentType').oid();
    if (type === oids.pkcs7Data) return { type: 'plain', contents: r.field('content').explicit(0, (r) => r.octetString()) };
    if (type === oids.pkcs7EncryptedData) return r.field('content').explicit(0, readEncryptedData);
    throw new KeyError('unsupported', `a PKCS#12 file kept by a public key (content type ${type}); expected one kept by a passphrase`);
  });
}

// EncryptedData ::= SEQUENCE {
//   version INTEGER, EncryptedContentInfo, unprotectedAttrs [1] IMPLICIT SET OPTIONAL }    RFC 5652 8
// EncryptedContentInfo ::= SEQUENCE {
//   contentType OBJECT IDENTIFIER, contentEncryptionAlgorithm AlgorithmIdentifier,
//   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
function readEncryptedData(r: DerReader): Part {
  return r.sequence((r) => {
    r.field('version').smallInteger(2);
    const part = r.field('encryptedContentInfo').sequence((r) => {
      r.field('contentType').oid();
      const scheme = readEncryptionScheme(r.field('contentEncryptionAlgorithm'));
      return { type: 'encrypted' as const, scheme, ciphertext: readImplicitOctets(r.field('encryptedContent'), 0) };
    });
    while (!r.atEnd) r.any();
    return part;
  });
}

/** A content with the DER of SafeContents in it, as it is. */
export function encodePlainPart(contents: Uint8Array): Uint8Array {
  return sequence(oid(oids.pkcs7Data), explicit(0, octetString(contents)));
}

/** A content with encrypted SafeContents; `algorithm` is the DER of an AlgorithmIdentifier. */
export function encodeEncryptedPart(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const info = sequence(oid(oids.pkcs7Data), algorithm, implicit(0, octetString(ciphertext)));
  return sequence(oid(oids.pkcs7EncryptedData), explicit(0, sequence(integer(0), info)));
}
