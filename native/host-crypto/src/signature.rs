use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};

use crate::key::{KeyType, PrivateKey, PublicKey, bad_public_key, ed25519_seed};
use crate::{Failure, HashAlgorithm, ec, hash, rsa};

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2).
    RsaPkcs1(HashAlgorithm),
    /// RSASSA-PSS (RFC 8017 8.1); the mask is made by the same hash function.
    RsaPss {
        /// Of the message.
        digest: HashAlgorithm,
        /// In bytes.
        salt_length: usize,
    },
    /// ECDSA (FIPS 186-5 6).
    Ecdsa(HashAlgorithm),
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl SignatureScheme {
    /// The one of this name ("rsa-pkcs1", "rsa-pss", "ecdsa", "ed25519"), digest and length of the salt, as far as it has them.
    ///
    /// # Errors
    /// [`Failure::Unsupported`].
    pub fn named(name: &str, digest: &str, salt_length: usize) -> Result<Self, Failure> {
        Ok(match name {
            "rsa-pkcs1" => Self::RsaPkcs1(HashAlgorithm::named(digest)?),
            "rsa-pss" => Self::RsaPss { digest: HashAlgorithm::named(digest)?, salt_length },
            "ecdsa" => Self::Ecdsa(HashAlgorithm::named(digest)?),
            "ed25519" => Self::Ed25519,
            _ => return Err(Failure::Unsupported(format!("no signature scheme {name}"))),
        })
    }

    fn refuses(self, kind: KeyType) -> Failure {
        let name = match self {
            Self::RsaPkcs1(_) => "rsa-pkcs1",
            Self::RsaPss { .. } => "rsa-pss",
            Self::Ecdsa(_) => "ecdsa",
            Self::Ed25519 => "ed25519",
        };
        Failure::Unsupported(format!("{name} does not go with a key of type {}", kind.name()))
    }
}

/// Signs data with a private key.
///
/// # Errors
/// [`Failure`] says which.
pub fn sign(private_key: &[u8], scheme: SignatureScheme, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let key = PrivateKey::read(private_key)?;
    match (key.kind, scheme) {
        (KeyType::Rsa, SignatureScheme::RsaPkcs1(digest)) => rsa::sign(key.der, &rsa::pkcs1(digest), data),
        (KeyType::Rsa, SignatureScheme::RsaPss { digest, salt_length }) => rsa::sign(key.der, &rsa::pss(digest, salt_length), data),
        (KeyType::Ec(curve), SignatureScheme::Ecdsa(digest)) => ec::sign(curve, key.contents, &hash(digest, data)),
        (KeyType::Ed25519, SignatureScheme::Ed25519) => {
            Ok(SigningKey::from_bytes(&*ed25519_seed(key.contents)?).sign(data).to_bytes().to_vec())
        }
        (kind, scheme) => Err(scheme.refuses(kind)),
    }
}

/// False for a wrong signature and for one that is malformed.
///
/// # Errors
/// [`Failure::BadKey`] and [`Failure::Unsupported`] for a key that can't be used at all.
pub fn verify(public_key: &[u8], scheme: SignatureScheme, signature: &[u8], data: &[u8]) -> Result<bool, Failure> {
    let key = PublicKey::read(public_key)?;
    match (key.kind, scheme) {
        (KeyType::Rsa, SignatureScheme::RsaPkcs1(digest)) => rsa::verify(key.der, &rsa::pkcs1(digest), signature, data),
        (KeyType::Rsa, SignatureScheme::RsaPss { digest, salt_length }) => {
            rsa::verify(key.der, &rsa::pss(digest, salt_length), signature, data)
        }
        (KeyType::Ec(curve), SignatureScheme::Ecdsa(digest)) => ec::verify(curve, key.contents, signature, &hash(digest, data)),
        (KeyType::Ed25519, SignatureScheme::Ed25519) => {
            let bytes = <&[u8; 32]>::try_from(key.contents).map_err(|_| bad_public_key())?;
            let key = VerifyingKey::from_bytes(bytes).map_err(|_| bad_public_key())?;
            Ok(Signature::from_slice(signature).is_ok_and(|signature| key.verify(data, &signature).is_ok()))
        }
        (kind, scheme) => Err(scheme.refuses(kind)),
    }
}
