//! The cryptography of the compact host: what the core's port `Crypto` asks for, with the answers that Node's OpenSSL gives.
//!
//! Functions have the port's names and take slices. Keys are DER: `PrivateKeyInfo` (RFC 5208, RFC 5958) and `SubjectPublicKeyInfo`
//! (RFC 5280 4.1); an ECDSA signature is the SEQUENCE of RFC 3279 2.2.3. Nothing here starts a thread: what may take long is for
//! the caller to put on one, and stops when its `cancel` is set.

#![forbid(unsafe_code)]

mod cbc;
mod digest;
mod ecdsa;
mod ed25519;
mod failure;
mod gcm;
mod key;
mod key_derivation;
mod random;
mod rc4;
mod rsa;
mod signature;

pub use cbc::{CbcCipher, decrypt_cbc, encrypt_cbc};
pub use digest::{Digester, HashAlgorithm, hash, hmac, iterate_hash};
pub use failure::Failure;
pub use gcm::{open, seal};
pub use key::{KeyType, public_key_of};
pub use key_derivation::{pbkdf2, scrypt};
pub use random::fill_random;
pub use rc4::rc4;
pub use signature::{SignatureScheme, sign, verify, verify_digest};

use ctutils::CtEq;

/// Equality in a time that depends on the lengths alone.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).to_bool()
}
