//! The front door: what kind of key, how long it will take, and the key as DER.

mod edwards;
mod key_pair;
mod rsa;
mod weierstrass;

pub(crate) use key_pair::EXPONENT;
use zeroize::Zeroizing;

use crate::entropy::{self, Seed};
use crate::{Error, Job};

/// A NIST curve (RFC 5480 2.1.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// secp256r1, prime256v1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
}

/// What key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    /// RSA with the public exponent 65537.
    Rsa {
        /// Length of the modulus: 1024 to 8192, a multiple of 128.
        bits: u32,
    },
    /// A key for ECDSA or ECDH.
    Ec(Curve),
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// A new key pair.
pub struct GeneratedKey {
    /// `PrivateKeyInfo` (RFC 5208), wiped when dropped.
    pub private_key: Zeroizing<Vec<u8>>,
    /// `SubjectPublicKeyInfo` (RFC 5280 4.1).
    pub public_key: Vec<u8>,
}

/// Makes a key pair with random numbers of the operating system.
///
/// # Errors
/// [`Error`] says which.
pub fn generate(spec: KeySpec, job: &mut Job) -> Result<GeneratedKey, Error> {
    job.check()?;
    let seed = entropy::seed(job)?;
    generate_from(spec, &seed, job)
}

/// The key pair that follows from a seed.
pub(crate) fn generate_from(spec: KeySpec, seed: &Seed, job: &mut Job) -> Result<GeneratedKey, Error> {
    let key = match spec {
        KeySpec::Rsa { bits } => rsa::generate(bits, seed, job),
        KeySpec::Ec(curve) => weierstrass::generate(curve, &mut seed.stream(0)),
        KeySpec::Ed25519 => edwards::generate(&mut seed.stream(0)),
    }?;
    job.check()?;
    job.report(1.0);
    Ok(key)
}

/// Mean seconds that a key of this kind takes on this machine, as an order of magnitude, by one thread.
#[must_use]
pub fn expected_seconds(spec: KeySpec) -> f64 {
    match spec {
        KeySpec::Rsa { bits } => rsa::expected_seconds(bits),
        KeySpec::Ec(_) | KeySpec::Ed25519 => 0.001,
    }
}
