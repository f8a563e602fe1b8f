//! The front door: what kind of key, how long it will take, and the key as DER.

mod key_pair;
mod rsa;

use std::hint::black_box;
use std::num::NonZero;

pub(crate) use key_pair::EXPONENT;
#[cfg(feature = "measure")]
pub(crate) use rsa::finish;
pub use signet_curve_keys::{Curve, GeneratedKey};
use signet_curve_keys::{generate_ec, generate_ed25519};
use signet_secret_memory::wiped;

use crate::entropy::{self, Seed};
use crate::{Error, Job};

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

/// Is this the public exponent that RSA keys have here?
///
/// # Errors
/// [`Error::Exponent`] for every other.
pub fn check_exponent(exponent: u32) -> Result<(), Error> {
    if exponent == EXPONENT { Ok(()) } else { Err(Error::Exponent { exponent }) }
}

/// Makes a key pair with random numbers of the operating system. The stack of every thread that takes part, the calling one included, is
/// wiped at the end; the calling one needs 256 KiB.
///
/// # Errors
/// [`Error`] says which.
pub fn generate(spec: KeySpec, job: &mut Job) -> Result<GeneratedKey, Error> {
    job.check()?;
    reserve(memory_of(spec, job.threads()))?;
    wiped(|| {
        let seed = entropy::seed(job)?;
        generate_from(spec, &seed, job)
    })
}

/// Bytes that a job has at once, at most; a test counts them.
fn memory_of(spec: KeySpec, threads: NonZero<usize>) -> usize {
    match spec {
        KeySpec::Rsa { .. } => threads.get() << 20,
        KeySpec::Ec(_) | KeySpec::Ed25519 => 64 << 10,
    }
}

/// Asks for memory and gives it back. An allocation that fails within the arithmetic would end the process, so it must not begin where
/// there is none to be had.
fn reserve(bytes: usize) -> Result<(), Error> {
    let mut memory = Vec::<u8>::new();
    memory.try_reserve_exact(bytes).map_err(|_| Error::Memory { bytes })?;
    // A compiler may leave out an allocation that nobody looks at.
    black_box(&memory);
    Ok(())
}

/// The key pair that follows from a seed.
pub(crate) fn generate_from(spec: KeySpec, seed: &Seed, job: &mut Job) -> Result<GeneratedKey, Error> {
    let key = match spec {
        KeySpec::Rsa { bits } => rsa::generate(bits, seed, job),
        KeySpec::Ec(curve) => generate_ec(curve, &mut seed.stream(0)).ok_or(Error::Inconsistent),
        KeySpec::Ed25519 => generate_ed25519(&mut seed.stream(0)).ok_or(Error::Inconsistent),
    }?;
    job.check()?;
    job.report(1.0);
    Ok(key)
}

/// Mean seconds that a key of this kind takes on this machine, as an order of magnitude, by one thread. A process that has made no RSA key
/// yet measures the kernels first, for some milliseconds.
///
/// # Errors
/// [`Error::Size`] for a size of an RSA key that is not offered.
pub fn expected_seconds(spec: KeySpec) -> Result<f64, Error> {
    match spec {
        KeySpec::Rsa { bits } => rsa::expected_seconds(bits),
        KeySpec::Ec(_) | KeySpec::Ed25519 => Ok(0.001),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::Event;

    #[test]
    fn offers_one_exponent() {
        assert_eq!(check_exponent(65_537), Ok(()));
        for exponent in [0, 1, 2, 3, 17, 65_536, 65_538, u32::MAX] {
            assert_eq!(check_exponent(exponent), Err(Error::Exponent { exponent }));
        }
    }

    #[test]
    fn reports_1_when_the_key_is_made_and_never_before() {
        for spec in [KeySpec::Rsa { bits: 1024 }, KeySpec::Ec(Curve::P256), KeySpec::Ed25519] {
            for cancels in [false, true] {
                let cancelled = AtomicBool::new(false);
                let mut heard = Vec::new();
                let mut listener = |event| {
                    heard.push(event);
                    cancelled.store(cancels, Ordering::Relaxed);
                };
                let key = generate_from(spec, &Seed::from_number(1), &mut Job::new(&cancelled, &mut listener));
                let ends = heard.iter().filter(|event| **event == Event::Share(1.0)).count();
                assert_eq!((ends, heard.last() == Some(&Event::Share(1.0))), if key.is_ok() { (1, true) } else { (0, false) }, "{spec:?}");
            }
        }
    }

    #[test]
    fn expects_a_time_for_each_size_that_is_offered() {
        for bits in [0, 7, 512, 1023, 1025, 8193, 8320, u32::MAX] {
            assert_eq!(expected_seconds(KeySpec::Rsa { bits }), Err(Error::Size { bits }));
        }
        let seconds = [1024, 1152, 2048, 8192].map(|bits| expected_seconds(KeySpec::Rsa { bits }).expect("offered"));
        assert!(seconds[0] > 0.0 && seconds.is_sorted());
    }

    #[test]
    fn begins_nothing_where_memory_is_missing() {
        assert_eq!(reserve(1 << 20), Ok(()));
        let bytes = isize::MAX as usize;
        assert_eq!(reserve(bytes), Err(Error::Memory { bytes }));
    }
}
