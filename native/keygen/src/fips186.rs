//! RSA primes and key pairs by FIPS 186-5, appendix A.1.
//!
//! Primes are found by an incremental search from a random start (Brandt and Damgård, 1992), with the conditions of A.1.3 on each
//! prime and on the pair. A.1.3 itself draws every candidate anew, so this is not a FIPS 140 validated method.

mod key_pair;
mod miller_rabin;
mod search;
mod sieve;
#[cfg(test)]
mod wycheproof;

pub use key_pair::{EXPONENT, KeyPair};
pub use search::expected_tests;
