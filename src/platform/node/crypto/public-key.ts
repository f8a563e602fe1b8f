import { createECDH, createPublicKey, type KeyObject } from 'node:crypto';
import { CryptoError } from '../../crypto.ts';
import { keyTypeOf, privateKeyFrom } from './key-object.ts';

export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const key = privateKeyFrom(privateKey);
  const publicKey = keyTypeOf(key) === 'ec' ? ecPublicKeyOf(key) : createPublicKey(key);
  return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
}

const jwkCurves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** OpenSSL takes the public point that a PKCS#8 file holds for granted, so the point is computed from the scalar here. */
function ecPublicKeyOf(key: KeyObject): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  const sec1 = key.export({ format: 'der', type: 'sec1' });
  try {
    const ecdh = createECDH(curve);
    ecdh.setPrivateKey(scalarOf(sec1));
    const point = ecdh.getPublicKey();
    const half = (point.length - 1) / 2;
    const x = point.toString('base64url', 1, 1 + half);
    const y = point.toString('base64url', 1 + half);
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: jwkCurves[curve] ?? '', x, y } });
  } catch {
    throw new CryptoError('bad-key', `the private scalar is not one of ${curve}`);
  } finally {
    sec1.fill(0);
  }
}

/** ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING, … } (RFC 5915 3), as OpenSSL writes it. */
function scalarOf(sec1: Buffer): Buffer {
  const version = sec1[1] === 0x81 ? 3 : 2;
  const octets = version + 3;
  const length = sec1[octets + 1] ?? 0;
  return sec1.subarray(octets + 2, octets + 2 + length);
}
