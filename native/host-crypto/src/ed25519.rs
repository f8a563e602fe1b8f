use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use pkcs8::der::Decode;
use pkcs8::der::asn1::OctetStringRef;

use crate::Failure;
use crate::key::{bad_private_key, bad_public_key};

/// By a `CurvePrivateKey` (RFC 8410 7).
pub fn sign(key: &[u8], data: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(signing_key(key)?.sign(data).to_vec())
}

/// Refuses points of small order, too, by which one signature is good for many messages. What is no point at all is not a malformed key,
/// as it is none to OpenSSL: nobody has signed with it.
pub fn verify(point: &[u8], signature: &[u8], data: &[u8]) -> Result<bool, Failure> {
    let point = point.try_into().map_err(|_| bad_public_key())?;
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(point), Signature::from_slice(signature)) else { return Ok(false) };
    Ok(key.verify_strict(data, &signature).is_ok())
}

/// `SubjectPublicKeyInfo`, computed from the seed.
pub fn public_key_of(key: &[u8]) -> Result<Vec<u8>, Failure> {
    let document = signing_key(key)?.verifying_key().to_public_key_der().map_err(|_| bad_private_key())?;
    Ok(document.into_vec())
}

fn signing_key(key: &[u8]) -> Result<SigningKey, Failure> {
    let seed = <&OctetStringRef>::from_der(key).map_err(|_| bad_private_key())?;
    SigningKey::try_from(seed.as_bytes()).map_err(|_| bad_private_key())
}
