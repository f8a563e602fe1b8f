//! What kind of key a file holds, and the public key of a private one.

use pkcs1::ALGORITHM_OID as RSA_ENCRYPTION;
use pkcs8::der::Decode;
use pkcs8::der::asn1::ObjectIdentifier;
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{AssociatedOid, PrivateKeyInfoRef};
use signet_keygen::Curve;

use crate::{Failure, ecdsa, ed25519, rsa};

const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Known by name, to say what it is that can't be used.
const OTHERS: [(ObjectIdentifier, &str); 7] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), "rsa-pss"),
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.1"), "dsa"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.3.1"), "dh"),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), "x25519"),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), "x448"),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), "ed448"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), "secp256k1"),
];

/// A type of key that signs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// Also for RSASSA-PSS.
    Rsa,
    /// On a curve of NIST.
    Ec(Curve),
    /// RFC 8032.
    Ed25519,
}

impl KeyType {
    /// As the port's messages call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ec(_) => "ec",
            Self::Ed25519 => "ed25519",
        }
    }

    /// Of a `PrivateKeyInfo`.
    ///
    /// # Errors
    /// [`Failure::BadKey`] or [`Failure::Unsupported`].
    pub fn of_private_key(pkcs8: &[u8]) -> Result<Self, Failure> {
        Self::of(&private_key_info(pkcs8)?.algorithm)
    }

    /// Of a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`Failure::BadKey`] or [`Failure::Unsupported`].
    pub fn of_public_key(spki: &[u8]) -> Result<Self, Failure> {
        Self::of(&public_key_info(spki)?.algorithm)
    }

    /// Refuses, with `Unsupported`, other curves, RSASSA-PSS keys, DSA, X25519 …
    pub(crate) fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, Failure> {
        match algorithm.oid {
            RSA_ENCRYPTION => Ok(Self::Rsa),
            ID_EC_PUBLIC_KEY => named_curve(algorithm).map(Self::Ec),
            ID_ED25519 => Ok(Self::Ed25519),
            other => Err(Failure::Unsupported(format!("a key of type {} can't be used", name_of(other)))),
        }
    }
}

// ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER, … } (RFC 5480 2.1.1)
fn named_curve(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Curve, Failure> {
    let unnamed = || Failure::Unsupported("an EC key on an unnamed curve can't be used".into());
    match algorithm.parameters_oid().map_err(|_| unnamed())? {
        p256::NistP256::OID => Ok(Curve::P256),
        p384::NistP384::OID => Ok(Curve::P384),
        p521::NistP521::OID => Ok(Curve::P521),
        other => Err(Failure::Unsupported(format!("an EC key on {} can't be used", name_of(other)))),
    }
}

fn name_of(oid: ObjectIdentifier) -> String {
    OTHERS.iter().find(|(known, _)| *known == oid).map_or_else(|| oid.to_string(), |(_, name)| (*name).into())
}

/// A `PrivateKeyInfo` in parts.
pub fn private_key_info(pkcs8: &[u8]) -> Result<PrivateKeyInfoRef<'_>, Failure> {
    PrivateKeyInfoRef::from_der(pkcs8).map_err(|_| bad_private_key())
}

/// A `SubjectPublicKeyInfo` in parts.
pub fn public_key_info(spki: &[u8]) -> Result<SubjectPublicKeyInfoRef<'_>, Failure> {
    SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| bad_public_key())
}

pub fn bad_private_key() -> Failure {
    Failure::BadKey("the private key is not a PKCS#8 key that can be used".into())
}

pub fn bad_public_key() -> Failure {
    Failure::BadKey("the public key is not a SubjectPublicKeyInfo that can be used".into())
}

/// The `SubjectPublicKeyInfo` of a private key. A public key that the file holds for EC and Ed25519 is not believed: it is computed.
/// For RSA, modulus and public exponent are parts of the private key; whether its parts belong together is for the caller to see.
///
/// # Errors
/// [`Failure::BadKey`] or [`Failure::Unsupported`].
pub fn public_key_of(private_key: &[u8]) -> Result<Vec<u8>, Failure> {
    let info = private_key_info(private_key)?;
    let key = info.private_key.as_bytes();
    match KeyType::of(&info.algorithm)? {
        KeyType::Rsa => rsa::public_key_of(key),
        KeyType::Ec(curve) => ecdsa::public_key_of(curve, key),
        KeyType::Ed25519 => ed25519::public_key_of(key),
    }
}
