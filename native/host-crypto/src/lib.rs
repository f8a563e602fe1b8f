//! What `src/platform/crypto.ts` asks of a host that has no such library of its own: digests, ciphers, signatures and key derivation by the
//! crates that share the traits of `digest` and `cipher`, RSA by `signet_keygen::rsa`. Keys are DER: `PrivateKeyInfo` (RFC 5958) and `SubjectPublicKeyInfo` (RFC 5280).

#![forbid(unsafe_code)]

mod cipher;
mod derivation;
mod digest;
mod ec;
mod failure;
mod key;
mod rsa;
mod signature;

pub use cipher::{CbcCipher, decrypt_cbc, encrypt_cbc, open, rc4, seal};
pub use derivation::{iterate_hash, pbkdf2, scrypt};
pub use digest::{HashAlgorithm, equal, hash, hmac};
pub use failure::Failure;
pub use key::public_key_of;
pub use signature::{SignatureScheme, sign, verify};
