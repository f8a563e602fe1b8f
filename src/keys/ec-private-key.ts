import { equalBytes } from '../bytes/bytes.ts';
import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { contextTag, tags } from '../der/tags.ts';
import { bitString, explicit, integer, octetString, oid, sequence } from '../der/writer.ts';
import type { Curve } from '../platform/keygen.ts';
import { KeyError } from './errors.ts';
import { withSecret } from './secret.ts';

interface CurveParameters {
  readonly oid: string;
  /** Bytes of a coordinate and of the private scalar: ceil(log2(n) / 8). */
  readonly length: number;
}

const curves: Readonly<Record<Curve, CurveParameters>> = {
  prime256v1: { oid: oids.prime256v1, length: 32 },
  secp384r1: { oid: oids.secp384r1, length: 48 },
  secp521r1: { oid: oids.secp521r1, length: 66 },
};

const curveNames: readonly Curve[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** A private key on a curve; bytes are views of the key it was read from. */
export interface EcPrivateKey {
  readonly curve: Curve;
  /** The scalar, big-endian; as many bytes as a coordinate has, or fewer. */
  readonly scalar: Uint8Array;
  /** The public point that the file claims, in any form of SEC 1 2.3.3. */
  readonly point?: Uint8Array;
}

// ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER, … }                     RFC 5480 2.1.1
export function readCurve(r: DerReader): Curve {
  if (r.peekTag() !== tags.oid) throw new KeyError('unsupported', 'an EC key with parameters of its own; expected a named curve');
  const found = r.field('namedCurve').oid();
  const curve = curveNames.find((name) => curves[name].oid === found);
  if (curve === undefined) throw new KeyError('unsupported', `an EC key on the curve ${found}; expected ${curveNames.join(', ')}`);
  return curve;
}

export function encodeCurve(curve: Curve): Uint8Array {
  return oid(curves[curve].oid);
}

// ECPrivateKey ::= SEQUENCE {
//   version        INTEGER { ecPrivkeyVer1(1) },
//   privateKey     OCTET STRING,
//   parameters [0] EXPLICIT ECParameters OPTIONAL,
//   publicKey  [1] EXPLICIT BIT STRING OPTIONAL }                                  RFC 5915 3
/** `outer` is the curve of the PKCS#8 around it, which may leave out the inner one but not differ from it. */
export function readEcPrivateKey(r: DerReader, outer?: Curve): EcPrivateKey {
  return r.sequence((r) => {
    if (r.field('version').smallInteger(255) !== 1) throw new KeyError('damaged', 'EC key version: expected 1');
    const octets = r.field('privateKey').octetString();
    const inner = r.field('parameters').optionalExplicit(0, readCurve);
    const point = r.field('publicKey').optional(contextTag(1, 'constructed'), (r) => r.explicit(1, (r) => r.bitStringOctets()));
    const curve = outer ?? inner;
    if (curve === undefined) throw new KeyError('unsupported', 'an EC key that does not name its curve');
    if (inner !== undefined && inner !== curve) throw new KeyError('damaged', `EC key parameters: expected ${curve}, found ${inner}`);
    const scalar = octets.subarray(octets.findIndex((octet) => octet !== 0));
    if (scalar.length > curves[curve].length) throw new KeyError('damaged', `EC key privateKey: expected ${curves[curve].length} bytes`);
    return { curve, scalar, ...(point !== undefined && { point }) };
  });
}

/** Without parameters, which stand in the PKCS#8 around it. */
export function encodeEcPrivateKey({ curve, scalar, point }: EcPrivateKey): Uint8Array {
  const padded = new Uint8Array(curves[curve].length);
  padded.set(scalar, padded.length - scalar.length);
  return withSecret(padded, () =>
    withSecret(octetString(padded), (privateKey) =>
      sequence(integer(1), privateKey, ...(point === undefined ? [] : [explicit(1, bitString(point))])),
    ),
  );
}

/** Whether an encoded point, compressed or not (SEC 1 2.3.3), is the uncompressed one. */
export function isSamePoint(encoded: Uint8Array, uncompressed: Uint8Array): boolean {
  const half = (uncompressed.length - 1) / 2;
  const odd = (uncompressed.at(-1) ?? 0) & 1;
  const expected = encoded.length === uncompressed.length ? uncompressed : Uint8Array.of(2 + odd, ...uncompressed.subarray(1, 1 + half));
  return equalBytes(encoded, expected);
}
