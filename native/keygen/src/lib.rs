//! Key pairs for a router's certificates: RSA, NIST curves and Ed25519, as PKCS#8 and `SubjectPublicKeyInfo`.
//!
//! Three layers, from what to call to what is delicate: [`generate`], the front door; `fips186`, what FIPS 186-5 says of RSA
//! primes and key pairs; `arith`, constant-time arithmetic on secret integers. Beside them, [`rsa`] signs and decrypts with keys that
//! exist. `SECURITY.md` says what is promised.

#![deny(unsafe_code)]

mod arith;
mod error;
mod fips186;
mod generate;
mod job;
pub mod rsa;

pub use error::Error;
pub use generate::{Curve, GeneratedKey, KeySpec, expected_seconds, generate};
pub use job::Job;
