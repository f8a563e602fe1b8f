use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use ::hmac::{Hmac, KeyInit, Mac};
use sha2::digest::{Digest, DynDigest};
use zeroize::Zeroizing;

use crate::Failure;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// Only for old files and old SCEP servers: collisions are found in seconds.
    Md5,
    /// Only for old files and identifiers: collisions have been found.
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

impl FromStr for HashAlgorithm {
    type Err = Failure;

    /// By the port's name, such as `sha256`.
    fn from_str(name: &str) -> Result<Self, Failure> {
        match name {
            "md5" => Ok(Self::Md5),
            "sha1" => Ok(Self::Sha1),
            "sha224" => Ok(Self::Sha224),
            "sha256" => Ok(Self::Sha256),
            "sha384" => Ok(Self::Sha384),
            "sha512" => Ok(Self::Sha512),
            _ => Err(Failure::Unsupported(format!("there is no hash algorithm {name}"))),
        }
    }
}

/// Evaluates an expression in which a name stands for the type of the algorithm's digest.
macro_rules! with_digest {
    ($algorithm:expr, $D:ident => $value:expr) => {
        match $algorithm {
            HashAlgorithm::Md5 => with_digest!(@ md5::Md5, $D, $value),
            HashAlgorithm::Sha1 => with_digest!(@ sha1::Sha1, $D, $value),
            HashAlgorithm::Sha224 => with_digest!(@ sha2::Sha224, $D, $value),
            HashAlgorithm::Sha256 => with_digest!(@ sha2::Sha256, $D, $value),
            HashAlgorithm::Sha384 => with_digest!(@ sha2::Sha384, $D, $value),
            HashAlgorithm::Sha512 => with_digest!(@ sha2::Sha512, $D, $value),
        }
    };
    (@ $digest:ty, $D:ident, $value:expr) => {{
        type $D = $digest;
        $value
    }};
}
pub(crate) use with_digest;

/// The digest of the data.
#[must_use]
pub fn hash(algorithm: HashAlgorithm, data: &[u8]) -> Vec<u8> {
    with_digest!(algorithm, D => D::digest(data).to_vec())
}

/// A digest of what comes piece by piece.
pub struct Digester(Box<dyn DynDigest>);

impl Digester {
    /// Of nothing yet.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm) -> Self {
        Self(with_digest!(algorithm, D => Box::new(D::default())))
    }

    /// The next bytes.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// Of all that came; from here on it is a digest of nothing again.
    #[allow(clippy::missing_panics_doc, reason = "the buffer has the digest's own length")]
    pub fn finish(&mut self) -> Vec<u8> {
        let mut digest = vec![0; self.0.output_size()];
        self.0.finalize_into_reset(&mut digest).expect("as long as the digest");
        digest
    }
}

/// HMAC (RFC 2104).
#[must_use]
pub fn hmac(algorithm: HashAlgorithm, key: &[u8], data: &[u8]) -> Vec<u8> {
    with_digest!(algorithm, D => keyed::<Hmac<D>>(key).chain_update(data).finalize().into_bytes().to_vec())
}

/// The digest of the digest … of the data, `rounds` times (at least once).
///
/// # Errors
/// [`Failure::Cancelled`] soon after `cancel` became true.
pub fn iterate_hash(algorithm: HashAlgorithm, data: &[u8], rounds: u64, cancel: &AtomicBool) -> Result<Vec<u8>, Failure> {
    with_digest!(algorithm, D => iterate::<D>(data, rounds, cancel))
}

fn iterate<D: Digest>(data: &[u8], rounds: u64, cancel: &AtomicBool) -> Result<Vec<u8>, Failure> {
    check(cancel)?;
    let mut digest = Zeroizing::new(D::digest(data));
    for _ in 1..rounds {
        check(cancel)?;
        *digest = D::digest(&*digest);
    }
    Ok(digest.to_vec())
}

/// HMAC with its key.
pub fn keyed<M: Mac + KeyInit>(key: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Whether to go on. Looked at in every round: a round takes longer by far than the look, and on a slow CPU long enough.
pub fn check(cancel: &AtomicBool) -> Result<(), Failure> {
    if cancel.load(Ordering::Relaxed) { Err(Failure::Cancelled) } else { Ok(()) }
}
