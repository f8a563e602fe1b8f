//! Keys on the NIST curves, and ECDSA (FIPS 186-5 6) with nonces by RFC 6979.

use pkcs8::der::Decode;
use pkcs8::der::asn1::ObjectIdentifier;
use sec1::EcPrivateKey;

use crate::Failure;
use crate::key::{bad_private_key, bad_public_key};

/// A NIST curve (RFC 5480 2.1.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
        const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
        const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
        match oid {
            P256 => Some(Self::P256),
            P384 => Some(Self::P384),
            P521 => Some(Self::P521),
            _ => None,
        }
    }

    /// RouterOS' name.
    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "prime256v1",
            Self::P384 => "secp384r1",
            Self::P521 => "secp521r1",
        }
    }

    /// Bytes of a scalar.
    const fn length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// Does the work with the curve's own crate under one name.
macro_rules! with_curve {
    ($curve:expr, $krate:ident => $work:block) => {
        match $curve {
            Curve::P256 => {
                use p256 as $krate;
                $work
            }
            Curve::P384 => {
                use p384 as $krate;
                $work
            }
            Curve::P521 => {
                use p521 as $krate;
                $work
            }
        }
    };
}

/// The scalar of an `ECPrivateKey` (RFC 5915 3), in just as many bytes as the curve asks for: some programs leave zeros out, or put them in front.
fn scalar(curve: Curve, contents: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
    let key = EcPrivateKey::from_der(contents).map_err(|_| bad_private_key())?;
    let significant = key.private_key.iter().position(|byte| *byte != 0).map_or(&[][..], |at| &key.private_key[at..]);
    padded(curve, significant).ok_or_else(|| no_scalar(curve)).map(zeroize::Zeroizing::new)
}

/// The number in as many bytes as a scalar has.
fn padded(curve: Curve, number: &[u8]) -> Option<Vec<u8>> {
    let zeros = curve.length().checked_sub(number.len())?;
    Some([&vec![0; zeros], number].concat())
}

fn no_scalar(curve: Curve) -> Failure {
    Failure::BadKey(format!("the private scalar is not one of {}", curve.name()))
}

pub fn public_key_of(curve: Curve, contents: &[u8]) -> Result<Vec<u8>, Failure> {
    let scalar = scalar(curve, contents)?;
    with_curve!(curve, krate => {
        use krate::pkcs8::EncodePublicKey;
        let key = krate::SecretKey::from_slice(&scalar).map_err(|_| no_scalar(curve))?;
        key.public_key().to_public_key_der().map(|der| der.as_bytes().to_vec()).map_err(|_| bad_private_key())
    })
}

/// What is signed of a digest: one that is shorter than the curve is the same number with zeros in front, which the crates want to see.
fn representative(curve: Curve, digest: &[u8]) -> Vec<u8> {
    padded(curve, digest).unwrap_or_else(|| digest.to_vec())
}

/// The DER of RFC 3279 2.2.3.
pub fn sign(curve: Curve, contents: &[u8], digest: &[u8]) -> Result<Vec<u8>, Failure> {
    let scalar = scalar(curve, contents)?;
    let representative = representative(curve, digest);
    with_curve!(curve, krate => {
        use krate::ecdsa::signature::hazmat::PrehashSigner;
        let key = krate::ecdsa::SigningKey::from_slice(&scalar).map_err(|_| no_scalar(curve))?;
        let signature: krate::ecdsa::Signature =
            key.sign_prehash(&representative).map_err(|_| Failure::Failed("the host could not sign (ecdsa)".into()))?;
        Ok(signature.to_der().as_bytes().to_vec())
    })
}

/// Whether the signature is right; one that is no DER is wrong.
pub fn verify(curve: Curve, point: &[u8], signature: &[u8], digest: &[u8]) -> Result<bool, Failure> {
    let representative = representative(curve, digest);
    with_curve!(curve, krate => {
        use krate::ecdsa::signature::hazmat::PrehashVerifier;
        let key = krate::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| bad_public_key())?;
        let signature = krate::ecdsa::Signature::from_der(signature);
        Ok(signature.is_ok_and(|signature| key.verify_prehash(&representative, &signature).is_ok()))
    })
}
