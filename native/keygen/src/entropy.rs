//! The seed of a job's generator, from the operating system.

use std::thread;
use std::time::Duration;

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;
use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};
use zeroize::Zeroizing;

use crate::{Error, Job};

/// Between two looks whether the system has entropy.
const NAP: Duration = Duration::from_millis(20);

/// What all random numbers of one job follow from.
#[derive(Clone, Default)]
pub struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    #[cfg(any(test, feature = "measure"))]
    pub fn from_number(number: u64) -> Self {
        let mut seed = Self::default();
        seed.0[..8].copy_from_slice(&number.to_le_bytes());
        seed
    }

    /// One of its generators; each stream is independent of the others.
    pub fn stream(&self, stream: u64) -> ChaCha20Rng {
        let mut rng = ChaCha20Rng::from_seed(*self.0);
        rng.set_stream(stream);
        rng
    }
}

/// A new seed. A machine that has just started may have to wait for it: then the job is told so, and can be cancelled.
pub fn seed(job: &mut Job) -> Result<Seed, Error> {
    seed_from(job, |buffer| getrandom(buffer, GetRandomFlags::NONBLOCK))
}

fn seed_from(job: &mut Job, mut source: impl FnMut(&mut [u8]) -> Result<usize, Errno>) -> Result<Seed, Error> {
    let mut seed = Seed::default();
    loop {
        job.check()?;
        match source(&mut *seed.0) {
            // No more than 256 bytes are always given whole.
            Ok(length) if length == seed.0.len() => return Ok(seed),
            Ok(_) | Err(Errno::INTR) => (),
            Err(Errno::AGAIN) => {
                job.report_waiting_for_entropy();
                thread::sleep(NAP);
            }
            Err(_) => return Err(Error::Entropy),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::Event;

    #[test]
    fn is_new_each_time() {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let mut job = Job::new(&cancelled, &mut ignore);
        assert_ne!(*seed(&mut job).expect("entropy").0, *seed(&mut job).expect("entropy").0);
    }

    #[test]
    fn is_waited_for_and_the_waiting_is_told_once() {
        let cancelled = AtomicBool::new(false);
        let mut heard = Vec::new();
        let mut listener = |event| heard.push(event);
        let mut answers = [Err(Errno::AGAIN), Err(Errno::INTR), Err(Errno::AGAIN), Ok(7), Ok(32)].into_iter();
        let outcome = seed_from(&mut Job::new(&cancelled, &mut listener), |buffer| {
            buffer.fill(9);
            answers.next().expect("enough answers")
        });
        assert_eq!(outcome.expect("at last").0.as_slice(), [9; 32]);
        assert_eq!(heard, [Event::WaitingForEntropy]);
    }

    #[test]
    fn can_be_cancelled_while_it_is_waited_for() {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let outcome = seed_from(&mut Job::new(&cancelled, &mut ignore), |_| {
            cancelled.store(true, Ordering::Relaxed);
            Err(Errno::AGAIN)
        });
        assert_eq!(outcome.err(), Some(Error::Cancelled));
    }

    #[test]
    fn is_missing_where_the_system_has_none() {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let outcome = seed_from(&mut Job::new(&cancelled, &mut ignore), |_| Err(Errno::NOSYS));
        assert_eq!(outcome.err(), Some(Error::Entropy));
    }
}
