//! RSA with keys that exist: signatures and decryption by RFC 8017, for hosts whose own are slower or missing.
//!
//! [`PrivateKey`] signs and decrypts, [`PublicKey`] verifies and encrypts. A key is checked when it is read; each private operation
//! is blinded, and verified before its result leaves.

mod data_conversion;
mod error;
mod factor;
mod hash;
mod import;
mod pkcs1_encryption;
mod pkcs1_signature;
mod private_key;
mod pss;
mod public_key;

pub use error::Error;
pub use hash::Hash;
pub use private_key::PrivateKey;
pub use pss::PssParameters;
pub use public_key::PublicKey;

/// A signature scheme with appendix (RFC 8017 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1v15(Hash),
    /// RSASSA-PSS.
    Pss(PssParameters),
}

impl SignatureScheme {
    /// What the message is hashed with.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        match self {
            Self::Pkcs1v15(hash) => *hash,
            Self::Pss(parameters) => parameters.hash,
        }
    }
}
