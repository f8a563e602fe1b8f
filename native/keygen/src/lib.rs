//! Key pairs for a router's certificates: RSA, NIST curves and Ed25519, as PKCS#8 and `SubjectPublicKeyInfo`.
//!
//! Three layers, from what to call to what is delicate: [`generate`], the front door, with what FIPS 186-5 says of key pairs; `search`, for
//! primes; `arith`, arithmetic on secret integers, with the kernels. Beside them, [`rsa`] signs and decrypts with keys that exist.
//! `SECURITY.md` says what is promised.

#![deny(unsafe_code)]

mod arith;
mod entropy;
mod error;
mod generate;
mod job;
#[cfg(feature = "measure")]
pub mod measure;
pub mod rsa;
mod search;

pub use error::Error;
pub use generate::{Curve, GeneratedKey, KeySpec, check_exponent, expected_seconds, generate};
pub use job::{Event, Job, threads};
