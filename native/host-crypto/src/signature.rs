use std::fmt;

use signet_keygen::rsa::{PssParameters, SignatureScheme as RsaScheme};

use crate::key::{KeyType, bad_public_key, private_key_info, public_key_info};
use crate::{Failure, HashAlgorithm, ecdsa, ed25519, hash, rsa};

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2).
    RsaPkcs1(HashAlgorithm),
    /// RSASSA-PSS (RFC 8017 8.1), with one digest for the message and the mask.
    RsaPss {
        /// Of the message and of MGF1.
        digest: HashAlgorithm,
        /// In bytes; a signature with another does not verify.
        salt_length: usize,
    },
    /// ECDSA (FIPS 186-5 6).
    Ecdsa(HashAlgorithm),
    /// Ed25519, which hashes by itself (RFC 8032).
    Ed25519,
}

impl SignatureScheme {
    /// By the port's fields: `type`, and where that has them `digest` and `saltLength`.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for an unknown name, or when a field is missing.
    pub fn new(name: &str, digest: Option<&str>, salt_length: Option<usize>) -> Result<Self, Failure> {
        let missing = |field: &str| Failure::Unsupported(format!("{name} needs {field}"));
        let digest = || digest.ok_or_else(|| missing("a digest"))?.parse();
        match name {
            "rsa-pkcs1" => Ok(Self::RsaPkcs1(digest()?)),
            "rsa-pss" => Ok(Self::RsaPss { digest: digest()?, salt_length: salt_length.ok_or_else(|| missing("a salt length"))? }),
            "ecdsa" => Ok(Self::Ecdsa(digest()?)),
            "ed25519" => Ok(Self::Ed25519),
            _ => Err(Failure::Unsupported(format!("there is no signature scheme {name}"))),
        }
    }

    /// What the data is hashed with before; Ed25519 hashes by itself.
    fn digest(self) -> Option<HashAlgorithm> {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss { digest, .. } | Self::Ecdsa(digest) => Some(digest),
            Self::Ed25519 => None,
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaPkcs1(_) => "rsa-pkcs1",
            Self::RsaPss { .. } => "rsa-pss",
            Self::Ecdsa(_) => "ecdsa",
            Self::Ed25519 => "ed25519",
        })
    }
}

/// A scheme with the type of key that it goes with.
enum Use {
    Rsa(RsaScheme),
    Ecdsa(signet_keygen::Curve, HashAlgorithm),
    Ed25519,
}

impl Use {
    fn of(key: KeyType, scheme: SignatureScheme) -> Result<Self, Failure> {
        match (key, scheme) {
            (KeyType::Rsa, SignatureScheme::RsaPkcs1(digest)) => Ok(Self::Rsa(RsaScheme::Pkcs1v15(digest.into()))),
            (KeyType::Rsa, SignatureScheme::RsaPss { digest, salt_length }) => {
                Ok(Self::Rsa(RsaScheme::Pss(PssParameters { salt_length, ..PssParameters::new(digest.into()) })))
            }
            (KeyType::Ec(curve), SignatureScheme::Ecdsa(digest)) => Ok(Self::Ecdsa(curve, digest)),
            (KeyType::Ed25519, SignatureScheme::Ed25519) => Ok(Self::Ed25519),
            _ => Err(Failure::Unsupported(format!("{scheme} does not go with a key of type {}", key.name()))),
        }
    }
}

/// Signs data with a `PrivateKeyInfo`.
///
/// # Errors
/// [`Failure::BadKey`]; [`Failure::Unsupported`] when key and scheme don't go together; [`Failure::Failed`] when the key is too short.
pub fn sign(private_key: &[u8], scheme: SignatureScheme, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let info = private_key_info(private_key)?;
    let key = info.private_key.as_bytes();
    match Use::of(KeyType::of(&info.algorithm)?, scheme)? {
        Use::Rsa(rsa_scheme) => rsa::sign(private_key, &rsa_scheme, scheme, data),
        Use::Ecdsa(curve, digest) => ecdsa::sign(curve, key, &hash(digest, data)),
        Use::Ed25519 => ed25519::sign(key, data),
    }
}

/// Is the signature one of the data that has this digest, by the key of a `SubjectPublicKeyInfo`? For data that came piece by piece.
///
/// # Errors
/// As [`verify`]; [`Failure::Unsupported`] for Ed25519, which reads everything twice.
pub fn verify_digest(public_key: &[u8], scheme: SignatureScheme, signature: &[u8], digest: &[u8]) -> Result<bool, Failure> {
    let info = public_key_info(public_key)?;
    let point = info.subject_public_key.as_bytes().ok_or_else(bad_public_key)?;
    match Use::of(KeyType::of(&info.algorithm)?, scheme)? {
        Use::Rsa(rsa_scheme) => rsa::verify(public_key, &rsa_scheme, signature, digest),
        Use::Ecdsa(curve, _) => ecdsa::verify(curve, point, signature, digest),
        Use::Ed25519 => Err(Failure::Unsupported("ed25519 is verified over all of the data at once".to_owned())),
    }
}

/// Is the signature one of the data, by the key of a `SubjectPublicKeyInfo`? No for one that is malformed.
///
/// # Errors
/// [`Failure::BadKey`] and [`Failure::Unsupported`], for a key that can't be used at all.
pub fn verify(public_key: &[u8], scheme: SignatureScheme, signature: &[u8], data: &[u8]) -> Result<bool, Failure> {
    if let Some(digest) = scheme.digest() {
        return verify_digest(public_key, scheme, signature, &hash(digest, data));
    }
    let info = public_key_info(public_key)?;
    let point = info.subject_public_key.as_bytes().ok_or_else(bad_public_key)?;
    Use::of(KeyType::of(&info.algorithm)?, scheme)?;
    ed25519::verify(point, signature, data)
}
