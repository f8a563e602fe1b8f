//! Which kernel does the work: of those that this CPU can run and that pass a known-answer test, the one that is the fastest on it.

use std::sync::OnceLock;
use std::time::Instant;

use super::{Batch, Constructor, KERNELS, Portable};
use crate::Error;
use crate::arith::kernel::Kernel;

/// Lengths of the numbers of the known-answer test, and of those that are timed: primes of RSA-1024 and RSA-2048.
const KNOWN_BITS: u32 = 512;
const TIMED_BITS: u32 = 1024;

/// A kernel that has passed its known-answer test in this process.
struct Trusted {
    name: &'static str,
    new: Constructor,
    /// What one test of a candidate of 1024 bits takes.
    seconds: f64,
}

/// The fastest first, but the portable one last: it is timed where it is the only one, since a small CPU takes long for that.
fn trusted() -> &'static [Trusted] {
    static TRUSTED: OnceLock<Vec<Trusted>> = OnceLock::new();
    TRUSTED.get_or_init(|| {
        let (portable, fast): (Vec<_>, Vec<_>) = KERNELS.iter().partition(|(name, _)| *name == Portable::NAME);
        let mut trusted: Vec<Trusted> = fast.into_iter().filter_map(|(name, new)| Trusted::try_new(name, new, seconds_per_test)).collect();
        trusted.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let seconds = if trusted.is_empty() { seconds_per_test } else { |_: &mut dyn Batch| f64::INFINITY };
        trusted.extend(portable.into_iter().filter_map(|(name, new)| Trusted::try_new(name, new, seconds)));
        trusted
    })
}

impl Trusted {
    /// `seconds` tells what a test takes.
    fn try_new(name: &'static str, new: Constructor, seconds: fn(&mut dyn Batch) -> f64) -> Option<Self> {
        if !gives_known_answers(&mut *new(KNOWN_BITS)?) {
            return None;
        }
        Some(Self { name, new, seconds: seconds(&mut *new(TIMED_BITS)?) })
    }
}

/// The names of the kernels that may be used here, the fastest first.
#[cfg(any(test, feature = "measure"))]
pub fn kernels() -> impl Iterator<Item = &'static str> {
    trusted().iter().map(|kernel| kernel.name)
}

/// Lanes for numbers of `bits` bits, by the kernel of that name, else by the fastest one.
///
/// # Errors
/// [`Error::Kernel`] when there is none that this CPU can run and that gives the known answers.
pub fn batch(bits: u32, kernel: Option<&str>) -> Result<Box<dyn Batch>, Error> {
    let mut chosen = trusted().iter().filter(|trusted| kernel.is_none_or(|name| name == trusted.name));
    chosen.find_map(|trusted| (trusted.new)(bits)).ok_or(Error::Kernel)
}

/// The fastest kernel that has one lane: for a power that is wanted by itself, where a batch's other lanes would be wasted.
///
/// # Panics
/// When not even the portable kernel gives the known answers.
pub fn one_lane(bits: u32) -> Box<dyn Batch> {
    let mut batches = trusted().iter().filter_map(|trusted| (trusted.new)(bits));
    batches.find(|batch| batch.lanes() == 1).expect("the portable kernel runs everywhere")
}

/// What the fastest kernel takes to test a candidate of `bits` bits, as an order of magnitude: a test is cubic in the length.
pub fn expected_seconds_per_test(bits: u32) -> f64 {
    let sample = trusted().first().map_or(f64::INFINITY, |kernel| kernel.seconds);
    sample * (f64::from(bits) / f64::from(TIMED_BITS)).powi(3)
}

/// Every lane passes the prime 2^512 - 569 and refuses its neighbour, and has a power that Python has computed.
fn gives_known_answers(batch: &mut dyn Batch) -> bool {
    let prime = with_low_word(569_u32.wrapping_neg());
    let composite = with_low_word(571_u32.wrapping_neg());
    let base: Vec<u32> = (0..16).rev().map(|word| 0x0102_0304 + 0x0404_0404 * word).collect();
    let exponent: Vec<u32> = (0..16).map(|word| 0x0403_0201 + 0x0404_0404 * word).collect();
    let lanes = batch.lanes();
    let mixed: Vec<&[u32]> = (0..lanes).map(|lane| if lane % 3 == 1 { &composite[..] } else { &prime }).collect();
    let primes = (0..lanes).filter(|lane| lane % 3 != 1).fold(0, |set, lane| set | 1 << lane);
    let powers = batch.pow(&vec![&prime[..]; lanes], &vec![&base[..]; lanes], &vec![&exponent[..]; lanes], &|| false);
    powers.is_ok_and(|powers| powers.iter().all(|power| power[..] == KNOWN_POWER)) && batch.filter(&mixed, &|| false) == Ok(primes)
}

/// `2^512 - 2^32 + word`.
fn with_low_word(word: u32) -> [u32; 16] {
    let mut number = [u32::MAX; 16];
    number[0] = word;
    number
}

/// The bytes 1, 2, ... 64 raised to the bytes 64, 63, ... 1, modulo 2^512 - 569.
const KNOWN_POWER: [u32; 16] = [
    0x1b71_07e1,
    0x6f38_0587,
    0x1656_64a8,
    0x7703_7b1e,
    0x41c5_c1f8,
    0xa5d2_cfab,
    0xabd1_def3,
    0x8a87_2815,
    0x6870_f069,
    0xef1e_2e26,
    0x2d59_741b,
    0xd787_3d23,
    0xa452_e4f5,
    0x9a67_a0f7,
    0xdbcf_bc6f,
    0x0fd9_4f1b,
];

/// The better of two, because another thread may come between.
fn seconds_per_test(batch: &mut dyn Batch) -> f64 {
    let number = [u32::MAX; TIMED_BITS as usize / 32];
    let candidates = vec![&number[..]; batch.lanes()];
    let mut once = || {
        let begun = Instant::now();
        let _ = std::hint::black_box(batch.filter(&candidates, &|| false));
        begun.elapsed().as_secs_f64()
    };
    once().min(once()) / candidates.len() as f64
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Stop, Stopped};
    use super::*;
    use crate::arith::Natural;

    #[test]
    fn trusts_every_kernel_that_runs_here() {
        let runs = KERNELS.iter().filter(|(_, new)| new(64).is_some()).count();
        assert_eq!(trusted().len(), runs);
        assert_eq!(kernels().last(), Some(Portable::NAME));
    }

    /// The portable kernel with a fault in one lane.
    struct Faulty(Box<dyn Batch>);

    impl Batch for Faulty {
        fn name(&self) -> &'static str {
            "faulty"
        }

        fn lanes(&self) -> usize {
            1
        }

        fn filter(&mut self, candidates: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
            self.0.filter(candidates, stop)
        }

        fn strong(&mut self, candidates: &[&[u32]], bases: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
            self.0.strong(candidates, bases, stop)
        }

        fn pow(&mut self, moduli: &[&[u32]], bases: &[&[u32]], exponents: &[&[u32]], stop: Stop) -> Result<Vec<Natural>, Stopped> {
            let mut powers = self.0.pow(moduli, bases, exponents, stop)?;
            powers[0][7] ^= 1 << 20;
            Ok(powers)
        }

        #[cfg(feature = "measure")]
        fn forms(&self, number: &[u32]) -> [super::super::Form; 2] {
            self.0.forms(number)
        }
    }

    #[test]
    fn distrusts_a_kernel_with_one_wrong_bit() {
        let portable = || KERNELS.iter().find(|(name, _)| *name == Portable::NAME).and_then(|(_, new)| new(KNOWN_BITS)).expect("portable");
        assert!(gives_known_answers(&mut *portable()));
        assert!(!gives_known_answers(&mut Faulty(portable())));
    }

    #[test]
    fn refuses_a_kernel_that_is_not_there() {
        assert_eq!(batch(512, Some("abacus")).err(), Some(Error::Kernel));
    }
}
