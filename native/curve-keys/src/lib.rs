//! EC and Ed25519 key pairs: the curves' own crates make them, and here they are checked and written as DER.
//!
//! A crate of its own since nearly all of it is generic code of the curves' crates, which is compiled here: for speed, also where the
//! generator for RSA is compiled for size. So nothing public here is generic.

#![forbid(unsafe_code)]

mod edwards;
mod weierstrass;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

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

/// A new key pair.
pub struct GeneratedKey {
    /// `PrivateKeyInfo` (RFC 5208), wiped when dropped.
    pub private_key: Zeroizing<Vec<u8>>,
    /// `SubjectPublicKeyInfo` (RFC 5280 4.1).
    pub public_key: Vec<u8>,
}

/// A key pair for ECDSA or ECDH; nothing when it fails the check of its pair.
pub fn generate_ec(curve: Curve, rng: &mut dyn CryptoRng) -> Option<GeneratedKey> {
    weierstrass::generate(curve, rng).ok()
}

/// A key pair for Ed25519 (RFC 8032); nothing when it fails the check of its pair.
pub fn generate_ed25519(rng: &mut dyn CryptoRng) -> Option<GeneratedKey> {
    edwards::generate(rng).ok()
}
