use ::ecdsa::hazmat::{sign_prehashed_rfc6979, verify_prehashed};
use ::ecdsa::{DigestAlgorithm, Signature};
use p256::NistP256;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, PublicKey, SecretKey};
use p384::NistP384;
use p521::NistP521;
use pkcs8::der::asn1::UintRef;
use pkcs8::der::{self, Decode, Encode, Reader, SliceReader};
use pkcs8::{AssociatedOid, EncodePublicKey};
use sec1::EcPrivateKey;
use signet_keygen::Curve;
use zeroize::{Zeroize, Zeroizing};

use crate::Failure;
use crate::key::{bad_private_key, bad_public_key};

/// `Ecdsa-Sig-Value` (RFC 3279 2.2.3) of a digest, by an `ECPrivateKey` (RFC 5915 3). The nonce follows from key and digest
/// by RFC 6979, with the curve's own hash function whichever made the digest.
pub fn sign(curve: Curve, key: &[u8], digest: &[u8]) -> Result<Vec<u8>, Failure> {
    match curve {
        Curve::P256 => sign_on::<NistP256>("prime256v1", key, digest),
        Curve::P384 => sign_on::<NistP384>("secp384r1", key, digest),
        Curve::P521 => sign_on::<NistP521>("secp521r1", key, digest),
    }
}

/// Is the signature one of this digest, by the key with this point (SEC 1 2.3.4)?
pub fn verify(curve: Curve, point: &[u8], signature: &[u8], digest: &[u8]) -> Result<bool, Failure> {
    match curve {
        Curve::P256 => verify_on::<NistP256>(point, signature, digest),
        Curve::P384 => verify_on::<NistP384>(point, signature, digest),
        Curve::P521 => verify_on::<NistP521>(point, signature, digest),
    }
}

/// `SubjectPublicKeyInfo`, computed from the scalar of an `ECPrivateKey`.
pub fn public_key_of(curve: Curve, key: &[u8]) -> Result<Vec<u8>, Failure> {
    match curve {
        Curve::P256 => public_key_on::<NistP256>("prime256v1", key),
        Curve::P384 => public_key_on::<NistP384>("secp384r1", key),
        Curve::P521 => public_key_on::<NistP521>("secp521r1", key),
    }
}

fn sign_on<C: DigestAlgorithm + CurveArithmetic>(curve: &str, key: &[u8], digest: &[u8]) -> Result<Vec<u8>, Failure> {
    let scalar = Zeroizing::new(secret_key::<C>(curve, key)?.to_nonzero_scalar());
    let (signature, _) = sign_prehashed_rfc6979::<C, C::Digest>(&scalar, digest, &[]);
    let (r, s) = signature.split_bytes();
    let encoded = UintRef::new(&r).and_then(|r| [r, UintRef::new(&s)?].to_der());
    encoded.map_err(|_| Failure::Failed("the host could not sign (ecdsa)".into()))
}

fn verify_on<C>(point: &[u8], signature: &[u8], digest: &[u8]) -> Result<bool, Failure>
where
    C: DigestAlgorithm + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let key = PublicKey::<C>::from_sec1_bytes(point).map_err(|_| bad_public_key())?;
    let Some(signature) = decode::<C>(signature) else { return Ok(false) };
    Ok(verify_prehashed(&key.to_projective(), digest, &signature).is_ok())
}

fn public_key_on<C>(curve: &str, key: &[u8]) -> Result<Vec<u8>, Failure>
where
    C: AssociatedOid + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let document = secret_key::<C>(curve, key)?.public_key().to_public_key_der().map_err(|_| bad_private_key())?;
    Ok(document.into_vec())
}

/// Of the DER, the scalar alone is read. Old programs left its leading zeros out.
fn secret_key<C: CurveArithmetic>(curve: &str, key: &[u8]) -> Result<SecretKey<C>, Failure> {
    let octets = EcPrivateKey::from_der(key).map_err(|_| bad_private_key())?.private_key;
    let mut scalar = field_bytes::<C>(octets).ok_or_else(bad_private_key)?;
    let key = SecretKey::from_bytes(&scalar).map_err(|_| Failure::BadKey(format!("the private scalar is not one of {curve}")));
    scalar.zeroize();
    key
}

// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }, in DER only
fn decode<C: DigestAlgorithm + CurveArithmetic>(signature: &[u8]) -> Option<Signature<C>> {
    let mut reader = SliceReader::new(signature).ok()?;
    let (r, s) = reader.sequence(|r| Ok::<_, der::Error>((UintRef::decode(r)?, UintRef::decode(r)?))).ok()?;
    reader.finish().ok()?;
    Signature::from_scalars(field_bytes::<C>(r.as_bytes())?, field_bytes::<C>(s.as_bytes())?).ok()
}

/// The octets with leading zeros; nothing when they are too many.
fn field_bytes<C: CurveArithmetic>(octets: &[u8]) -> Option<FieldBytes<C>> {
    let mut bytes = FieldBytes::<C>::default();
    let missing = bytes.len().checked_sub(octets.len())?;
    bytes[missing..].copy_from_slice(octets);
    Some(bytes)
}
