use ::hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::Failure;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// Only for what old files and servers ask for.
    Md5,
    /// Only for old signatures and files.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Calls a generic function by the hash function of a value.
macro_rules! with_hash {
    ($algorithm:expr, $function:ident ( $($argument:expr),* )) => {
        match $algorithm {
            HashAlgorithm::Md5 => $function::<md5::Md5>($($argument),*),
            HashAlgorithm::Sha1 => $function::<sha1::Sha1>($($argument),*),
            HashAlgorithm::Sha224 => $function::<sha2::Sha224>($($argument),*),
            HashAlgorithm::Sha256 => $function::<sha2::Sha256>($($argument),*),
            HashAlgorithm::Sha384 => $function::<sha2::Sha384>($($argument),*),
            HashAlgorithm::Sha512 => $function::<sha2::Sha512>($($argument),*),
        }
    };
}
pub(crate) use with_hash;

impl HashAlgorithm {
    /// The one of this name: "sha256".
    ///
    /// # Errors
    /// [`Failure::Unsupported`].
    pub fn named(name: &str) -> Result<Self, Failure> {
        Ok(match name {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return Err(Failure::Unsupported(format!("no hash function {name}"))),
        })
    }
}

/// The digest of data.
#[must_use]
pub fn hash(algorithm: HashAlgorithm, data: &[u8]) -> Vec<u8> {
    fn digest<D: Digest>(data: &[u8]) -> Vec<u8> {
        D::digest(data).to_vec()
    }
    with_hash!(algorithm, digest(data))
}

/// HMAC (RFC 2104), with a key of any length.
#[must_use]
pub fn hmac(algorithm: HashAlgorithm, key: &[u8], data: &[u8]) -> Vec<u8> {
    macro_rules! mac {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(key).unwrap_or_else(|_| unreachable!("keys of any length fit"));
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match algorithm {
        HashAlgorithm::Md5 => mac!(Md5),
        HashAlgorithm::Sha1 => mac!(Sha1),
        HashAlgorithm::Sha224 => mac!(Sha224),
        HashAlgorithm::Sha256 => mac!(Sha256),
        HashAlgorithm::Sha384 => mac!(Sha384),
        HashAlgorithm::Sha512 => mac!(Sha512),
    }
}

/// Equality in a time that depends on the lengths alone.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
