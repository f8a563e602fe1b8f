//! What a key's DER holds.

use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{AnyRef, ObjectIdentifier};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::ec::{self, Curve};
use crate::{Failure, rsa};

/// id-ecPublicKey (RFC 5480 2.1.1).
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// id-Ed25519 (RFC 8410 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// rsaEncryption (RFC 8017 A.1).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The type of a key; what else there is (other curves, RSASSA-PSS keys, DSA, X25519 …) is unsupported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    Rsa,
    Ec(Curve),
    Ed25519,
}

impl KeyType {
    fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, Failure> {
        match algorithm.oid {
            RSA => Ok(Self::Rsa),
            ED25519 => Ok(Self::Ed25519),
            EC => {
                let oid = algorithm.parameters.and_then(|parameters: AnyRef<'_>| parameters.decode_as::<ObjectIdentifier>().ok());
                let curve = oid.and_then(Curve::of_oid);
                curve.map(Self::Ec).ok_or_else(|| Failure::Unsupported("an EC key on this curve can't be used".into()))
            }
            oid => Err(Failure::Unsupported(format!("a key of type {oid} can't be used"))),
        }
    }

    /// The name that messages have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ec(_) => "ec",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// A private key: its type, and what is in its `PrivateKeyInfo`.
pub struct PrivateKey<'a> {
    pub kind: KeyType,
    /// `RSAPrivateKey`, `ECPrivateKey` or `CurvePrivateKey`.
    pub contents: &'a [u8],
    /// The whole `PrivateKeyInfo`.
    pub der: &'a [u8],
}

impl<'a> PrivateKey<'a> {
    pub fn read(der: &'a [u8]) -> Result<Self, Failure> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| bad_private_key())?;
        Ok(Self { kind: KeyType::of(&info.algorithm)?, contents: info.private_key.as_bytes(), der })
    }
}

pub fn bad_private_key() -> Failure {
    Failure::BadKey("the private key is not a PKCS#8 key that can be used".into())
}

/// A public key: its type, and what is in its `SubjectPublicKeyInfo`.
pub struct PublicKey<'a> {
    pub kind: KeyType,
    /// `RSAPublicKey`, a point or 32 bytes.
    pub contents: &'a [u8],
    /// The whole `SubjectPublicKeyInfo`.
    pub der: &'a [u8],
}

impl<'a> PublicKey<'a> {
    pub fn read(der: &'a [u8]) -> Result<Self, Failure> {
        let info = SubjectPublicKeyInfoRef::try_from(der).map_err(|_| bad_public_key())?;
        let contents = info.subject_public_key.as_bytes().ok_or_else(bad_public_key)?;
        Ok(Self { kind: KeyType::of(&info.algorithm)?, contents, der })
    }
}

pub fn bad_public_key() -> Failure {
    Failure::BadKey("the public key is not a SubjectPublicKeyInfo that can be used".into())
}

/// `CurvePrivateKey` (RFC 8410 7) is an OCTET STRING within the OCTET STRING.
pub fn ed25519_seed(contents: &[u8]) -> Result<Zeroizing<[u8; 32]>, Failure> {
    let [0x04, 32, seed @ ..] = contents else { return Err(bad_private_key()) };
    <[u8; 32]>::try_from(seed).map(Zeroizing::new).map_err(|_| bad_private_key())
}

/// The `SubjectPublicKeyInfo` of a private key. What an EC or Ed25519 key's file holds of a public key is not believed: it is computed. For RSA,
/// modulus and public exponent are parts of the private key; whether its parts belong together is for the caller to see.
///
/// # Errors
/// [`Failure::BadKey`] or [`Failure::Unsupported`].
pub fn public_key_of(private_key: &[u8]) -> Result<Vec<u8>, Failure> {
    let key = PrivateKey::read(private_key)?;
    match key.kind {
        KeyType::Rsa => rsa::public_key_of(key.contents),
        KeyType::Ec(curve) => ec::public_key_of(curve, key.contents),
        KeyType::Ed25519 => {
            use ed25519_dalek::pkcs8::EncodePublicKey;
            let signing = ed25519_dalek::SigningKey::from_bytes(&*ed25519_seed(key.contents)?);
            signing.verifying_key().to_public_key_der().map(|der| der.as_bytes().to_vec()).map_err(|_| bad_private_key())
        }
    }
}
