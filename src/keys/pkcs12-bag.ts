import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { bmpString, explicit, octetString, oid, sequence, setOf } from '../der/writer.ts';

/** The attributes of a bag that say what belongs together. */
export interface BagAttributes {
  readonly friendlyName?: string;
  readonly localKeyId?: Uint8Array;
}

/** One thing in a PKCS#12 file (RFC 7292 4.2); `value` is a view of the file. */
export interface Bag extends BagAttributes {
  /** bagId: an OID. */
  readonly type: string;
  readonly value: Uint8Array;
}

// SafeContents ::= SEQUENCE OF SafeBag
/** All bags, those in nested SafeContents too. */
export function readSafeContents(r: DerReader): Bag[] {
  return r.sequenceOf(readSafeBag).flat();
}

// SafeBag ::= SEQUENCE {
//   bagId         OBJECT IDENTIFIER,
//   bagValue      [0] EXPLICIT ANY DEFINED BY bagId,
//   bagAttributes SET OF PKCS12Attribute OPTIONAL }
function readSafeBag(r: DerReader): Bag[] {
  return r.sequence((r) => {
    const type = r.field('bagId').oid();
    if (type === oids.safeContentsBag) {
      const bags = r.field('bagValue').explicit(0, readSafeContents);
      r.optional(tags.set, (r) => r.any());
      return bags;
    }
    const value = r.field('bagValue').explicit(0, (r) => r.any());
    const attributes = r.field('bagAttributes').optional(tags.set, (r) => r.setOf(readAttribute)) ?? [];
    return [{ type, value, ...attributes.find((one) => 'friendlyName' in one), ...attributes.find((one) => 'localKeyId' in one) }];
  });
}

// PKCS12Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF ANY }
function readAttribute(r: DerReader): BagAttributes {
  return r.sequence((r) => {
    const type = r.field('attrId').oid();
    const values = r.field('attrValues').setOf((r) => {
      // Some programs write the terminator of the string too.
      if (type === oids.friendlyName) return { friendlyName: r.string().replace(/\0+$/, '') };
      if (type === oids.localKeyId) return { localKeyId: r.octetString() };
      r.any();
      return {};
    });
    return values[0] ?? {};
  });
}

// CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }            RFC 7292 4.2.3
/** The DER of an X.509 certificate, undefined for a certificate of another kind. */
export function readCertBag(r: DerReader): Uint8Array | undefined {
  return r.sequence((r) => {
    if (r.field('certId').oid() === oids.x509Certificate) return r.field('certValue').explicit(0, (r) => r.octetString());
    r.any();
    return undefined;
  });
}

export function encodeCertBag(certificate: Uint8Array, attributes: BagAttributes, ...others: readonly Uint8Array[]): Uint8Array {
  const value = sequence(oid(oids.x509Certificate), explicit(0, octetString(certificate)));
  return encodeSafeBag(oids.certBag, value, attributes, others);
}

/** A bag of a key; `encrypted` is an EncryptedPrivateKeyInfo. */
export function encodeShroudedKeyBag(encrypted: Uint8Array, attributes: BagAttributes): Uint8Array {
  return encodeSafeBag(oids.pkcs8ShroudedKeyBag, encrypted, attributes, []);
}

function encodeSafeBag(
  type: string,
  value: Uint8Array,
  { friendlyName, localKeyId }: BagAttributes,
  others: readonly Uint8Array[],
): Uint8Array {
  const attributes = [...others];
  if (friendlyName !== undefined) attributes.push(encodeAttribute(oids.friendlyName, bmpString(friendlyName)));
  if (localKeyId !== undefined) attributes.push(encodeAttribute(oids.localKeyId, octetString(localKeyId)));
  return sequence(oid(type), explicit(0, value), ...(attributes.length === 0 ? [] : [setOf(attributes)]));
}

export function encodeAttribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf([value]));
}
