//! Which kernel does the work: of those that this CPU can run and that give known answers, the one that is the fastest on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::lanes::{Stop, Stopped};
use super::{Batch, Constructor, KERNELS, Portable, known_answers, residues};
use crate::Error;
use crate::arith::kernel::Kernel;

/// How long a thread sleeps that waits for what another one finds out.
const NAP: Duration = Duration::from_millis(1);

/// Length of the numbers that are timed: primes of RSA-2048.
const TIMED_BITS: u32 = 1024;

/// A kernel that this CPU can run.
struct Candidate {
    name: &'static str,
    lanes: usize,
    new: Constructor,
    /// What one test of a candidate of 1024 bits takes.
    seconds: f64,
    /// Whether it has given the known answers in this process: those of any length, and those of one length each.
    sound: OnceLock<bool>,
    sound_at: Mutex<BTreeMap<u32, bool>>,
}

/// The fastest first, but the portable one last: it is timed where it is the only one, since a small CPU takes long for that.
fn candidates() -> &'static [Candidate] {
    static CANDIDATES: OnceLock<Vec<Candidate>> = OnceLock::new();
    CANDIDATES.get_or_init(|| {
        let (portable, fast): (Vec<_>, Vec<_>) = KERNELS.iter().partition(|(name, _)| *name == Portable::NAME);
        let [mut portable, mut fast] =
            [portable, fast].map(|kernels| kernels.iter().filter_map(|(name, new)| Candidate::new(name, *new)).collect::<Vec<_>>());
        fast.retain(Candidate::is_sound);
        if fast.is_empty() { &mut portable } else { &mut fast }.iter_mut().for_each(Candidate::time);
        fast.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        fast.append(&mut portable);
        fast
    })
}

impl Candidate {
    fn new(name: &'static str, new: Constructor) -> Option<Self> {
        let lanes = new(TIMED_BITS)?.lanes();
        Some(Self { name, lanes, new, seconds: f64::INFINITY, sound: OnceLock::new(), sound_at: Mutex::default() })
    }

    fn time(&mut self) {
        self.seconds = (self.new)(TIMED_BITS).map_or(f64::INFINITY, |mut batch| seconds_per_test(&mut *batch));
    }

    fn is_sound(&self) -> bool {
        *self.sound.get_or_init(|| (self.new)(known_answers::BITS).is_some_and(|mut batch| known_answers::are_given(&mut *batch)))
    }

    /// Lanes for numbers of `bits` bits; nothing where they don't give the known answers, which is tried once in a process.
    fn batch(&self, bits: u32, stop: Stop) -> Result<Option<Box<dyn Batch>>, Stopped> {
        let Some(mut batch) = (self.new)(bits).filter(|_| self.is_sound()) else { return Ok(None) };
        // Other threads wait for the answer instead of working it out as well, unless they are stopped.
        let mut sound_at = loop {
            match self.sound_at.try_lock() {
                Ok(sound_at) => break sound_at,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                Err(TryLockError::WouldBlock) if stop() => return Err(Stopped),
                Err(TryLockError::WouldBlock) => thread::sleep(NAP),
            }
        };
        let sound = match sound_at.get(&bits) {
            Some(sound) => *sound,
            None => known_answers::are_given_at(bits, &mut *batch, stop)?,
        };
        sound_at.insert(bits, sound);
        Ok(sound.then_some(batch))
    }
}

/// The first batch of some kernels that gives the known answers.
fn first_sound<'a>(candidates: impl Iterator<Item = &'a Candidate>, bits: u32, stop: Stop) -> Result<Box<dyn Batch>, Error> {
    for candidate in candidates {
        if let Some(batch) = candidate.batch(bits, stop).map_err(|Stopped| Error::Cancelled)? {
            return Ok(batch);
        }
    }
    Err(Error::Kernel)
}

/// The names of the kernels that this CPU can run, the fastest first.
#[cfg(any(test, feature = "measure"))]
pub fn kernels() -> impl Iterator<Item = &'static str> {
    candidates().iter().map(|kernel| kernel.name)
}

/// Lanes for numbers of `bits` bits, by the kernel of that name, else by the fastest one. The first time in a process it is tried at this
/// length, which takes a little more than a test of a candidate and can be stopped.
///
/// # Errors
/// [`Error::Kernel`] when there is none that this CPU can run and that gives the known answers, or [`Error::Cancelled`].
pub fn stoppable_batch(bits: u32, kernel: Option<&str>, stop: Stop) -> Result<Box<dyn Batch>, Error> {
    first_sound(candidates().iter().filter(|candidate| kernel.is_none_or(|name| name == candidate.name)), bits, stop)
}

/// As [`stoppable_batch`], where nobody stops it.
///
/// # Errors
/// As there.
#[cfg(any(test, feature = "measure"))]
pub fn batch(bits: u32, kernel: Option<&str>) -> Result<Box<dyn Batch>, Error> {
    stoppable_batch(bits, kernel, &|| false)
}

/// The fastest kernel that has one lane: for a power that is wanted by itself, where a batch's other lanes would be wasted.
///
/// # Errors
/// [`Error::Kernel`] when not even the portable kernel gives the known answers.
pub fn one_lane(bits: u32) -> Result<Box<dyn Batch>, Error> {
    first_sound(candidates().iter().filter(|candidate| candidate.lanes == 1), bits, &|| false)
}

/// Whether the division that the sieve does gives the known answers; tried once in a process.
///
/// # Errors
/// [`Error::Kernel`] when it doesn't.
pub fn check_residues() -> Result<(), Error> {
    static SOUND: OnceLock<bool> = OnceLock::new();
    let division = |numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]| residues(numbers, primes, remainders, None);
    if *SOUND.get_or_init(|| known_answers::are_given_by_residues(division)) { Ok(()) } else { Err(Error::Kernel) }
}

/// What the fastest kernel takes to test a candidate of `bits` bits, as an order of magnitude: a test is cubic in the length.
pub fn expected_seconds_per_test(bits: u32) -> f64 {
    let sample = candidates().first().map_or(f64::INFINITY, |kernel| kernel.seconds);
    sample * (f64::from(bits) / f64::from(TIMED_BITS)).powi(3)
}

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
    use super::*;
    use crate::arith::Natural;

    #[test]
    fn trusts_every_kernel_that_runs_here() {
        let runs = KERNELS.iter().filter(|(_, new)| new(TIMED_BITS).is_some()).count();
        assert_eq!(candidates().iter().filter(|candidate| candidate.is_sound()).count(), runs);
        assert_eq!(kernels().last(), Some(Portable::NAME));
        assert_eq!(check_residues(), Ok(()));
    }

    /// The portable kernel with a fault in one of its answers.
    struct Faulty {
        portable: Box<dyn Batch>,
        fault: Fault,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Fault {
        /// None.
        Nowhere,
        Power,
        Filter,
        /// A round of Miller-Rabin passes everything.
        Round,
        /// It passes nothing.
        Refusing,
    }

    impl Batch for Faulty {
        fn name(&self) -> &'static str {
            "faulty"
        }

        fn lanes(&self) -> usize {
            1
        }

        fn filter(&mut self, candidates: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
            Ok(self.portable.filter(candidates, stop)? | u32::from(self.fault == Fault::Filter))
        }

        fn strong(&mut self, candidates: &[&[u32]], bases: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
            let passed = self.portable.strong(candidates, bases, stop)?;
            Ok(if self.fault == Fault::Refusing { 0 } else { passed | u32::from(self.fault == Fault::Round) })
        }

        fn pow(&mut self, moduli: &[&[u32]], bases: &[&[u32]], exponents: &[&[u32]], stop: Stop) -> Result<Vec<Natural>, Stopped> {
            let mut powers = self.portable.pow(moduli, bases, exponents, stop)?;
            powers[0][7] ^= u32::from(self.fault == Fault::Power) << 20;
            Ok(powers)
        }

        #[cfg(feature = "measure")]
        fn forms(&self, number: &[u32]) -> [super::super::Form; 2] {
            self.portable.forms(number)
        }
    }

    fn faulty(bits: u32, fault: Fault) -> Option<Box<dyn Batch>> {
        let (_, portable) = KERNELS.last()?;
        Some(Box::new(Faulty { portable: portable(bits)?, fault }))
    }

    #[test]
    fn distrusts_a_kernel_with_one_wrong_answer() {
        let sound = |fault| known_answers::are_given(&mut *faulty(known_answers::BITS, fault).expect("portable"));
        assert!(sound(Fault::Nowhere));
        for fault in [Fault::Power, Fault::Filter, Fault::Round, Fault::Refusing] {
            assert!(!sound(fault));
        }
    }

    #[test]
    fn leaves_a_length_that_a_kernel_is_wrong_at_to_the_next_one() {
        let portable = *KERNELS.last().expect("the portable kernel");
        let new: Constructor = |bits| faulty(bits, if bits == 1024 { Fault::Power } else { Fault::Nowhere });
        let candidates =
            [Candidate::new("faulty", new), Candidate::new(portable.0, portable.1)].map(|candidate| candidate.expect("both run"));
        for (bits, name) in [(512, "faulty"), (1024, Portable::NAME), (1088, "faulty"), (1024, Portable::NAME)] {
            let batch = first_sound(candidates.iter(), bits, &|| false);
            assert_eq!(batch.map(|batch| batch.name()), Ok(name), "{bits} bits");
        }
        assert_eq!(first_sound(candidates[..1].iter(), 1024, &|| false).err(), Some(Error::Kernel));
    }

    #[test]
    fn tries_a_length_again_when_it_was_stopped() {
        let (name, new) = *KERNELS.last().expect("the portable kernel");
        let candidates = [Candidate::new(name, new).expect("it runs everywhere")];
        assert_eq!(first_sound(candidates.iter(), 1024, &|| true).err(), Some(Error::Cancelled));
        let answering = candidates[0].sound_at.lock();
        assert_eq!(first_sound(candidates.iter(), 1024, &|| true).err(), Some(Error::Cancelled));
        drop(answering);
        assert!(first_sound(candidates.iter(), 1024, &|| false).is_ok());
    }

    #[test]
    fn refuses_a_kernel_that_is_not_there() {
        assert_eq!(batch(512, Some("abacus")).err(), Some(Error::Kernel));
    }
}
