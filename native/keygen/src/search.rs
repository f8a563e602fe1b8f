//! The search for the primes of an RSA key, by FIPS 186-5, appendix A.1.
//!
//! Both primes are the first of their kind behind a random start (incremental search: Brandt and Damgård, 1992), with the conditions of
//! A.1.3 on each of them. A.1.3 itself draws every candidate anew, so this is not a FIPS 140 validated method. A window of odd numbers
//! behind each start is sieved (`window`), what is left goes through a filter in the lanes of a kernel (`pool`, `hunt`), and what the
//! filter lets through through the rounds of Miller-Rabin.

mod expected;
mod hunt;
mod miller_rabin;
mod pool;
mod small_primes;
mod window;
#[cfg(test)]
mod wycheproof;

pub use expected::expected_tests;
#[cfg(feature = "measure")]
pub use expected::sieve_bound;
#[cfg(feature = "measure")]
pub use miller_rabin::survivors;
pub use pool::Pool;
#[cfg(feature = "measure")]
pub use window::sieve;
