use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::Error;

/// What a caller hears of a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The operating system has not gathered enough entropy yet; told once.
    WaitingForEntropy,
    /// The expected share of the work done: above 0, at most 1, always rising.
    Share(f64),
}

/// How many threads a search may have: those asked for, else all cores but one, so that the machine's other work goes on.
///
/// # Errors
/// [`Error::Threads`] for none, or more than the machine has cores.
pub fn threads(asked: Option<usize>) -> Result<NonZero<usize>, Error> {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let Some(asked) = asked else {
        return Ok(NonZero::new(cores.get() - 1).unwrap_or(NonZero::<usize>::MIN));
    };
    NonZero::new(asked).filter(|asked| *asked <= cores).ok_or(Error::Threads { asked, cores: cores.get() })
}

/// One generation as its caller sees it: a flag that stops it, and a listener of its progress.
pub struct Job<'a> {
    cancelled: &'a AtomicBool,
    listener: &'a mut dyn FnMut(Event),
    share: f64,
    waited: bool,
    threads: NonZero<usize>,
    kernel: Option<&'static str>,
}

impl<'a> Job<'a> {
    /// A job on the calling thread alone.
    pub fn new(cancelled: &'a AtomicBool, listener: &'a mut dyn FnMut(Event)) -> Self {
        Self { cancelled, listener, share: 0.0, waited: false, threads: NonZero::<usize>::MIN, kernel: None }
    }

    /// The same job on so many threads: the calling one and others.
    #[must_use]
    pub fn on_threads(self, threads: NonZero<usize>) -> Self {
        Self { threads, ..self }
    }

    /// The same job by the kernel of that name instead of the fastest one.
    #[cfg(feature = "measure")]
    #[must_use]
    pub(crate) fn by_kernel(self, kernel: Option<&'static str>) -> Self {
        Self { kernel, ..self }
    }

    pub(crate) fn threads(&self) -> NonZero<usize> {
        self.threads
    }

    pub(crate) fn kernel(&self) -> Option<&'static str> {
        self.kernel
    }

    /// Set when the job is to end.
    pub(crate) fn cancelled(&self) -> &'a AtomicBool {
        self.cancelled
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn report(&mut self, share: f64) {
        if share > self.share {
            self.share = share;
            (self.listener)(Event::Share(share));
        }
    }

    pub(crate) fn report_waiting_for_entropy(&mut self) {
        if !self.waited {
            self.waited = true;
            (self.listener)(Event::WaitingForEntropy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_only_of_progress_that_rises() {
        let mut heard = Vec::new();
        let mut listener = |event| heard.push(event);
        let cancelled = AtomicBool::new(false);
        let mut job = Job::new(&cancelled, &mut listener);
        for share in [0.0, 0.25, 0.25, 0.125, 0.5, 1.0] {
            job.report(share);
        }
        assert_eq!(heard, [0.25, 0.5, 1.0].map(Event::Share));
    }

    #[test]
    fn stops_when_the_flag_is_set() {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let job = Job::new(&cancelled, &mut ignore);
        assert_eq!(job.check(), Ok(()));
        cancelled.store(true, Ordering::Relaxed);
        assert_eq!(job.check(), Err(Error::Cancelled));
    }

    #[test]
    fn leaves_a_core_to_the_machine_and_refuses_more_than_it_has() {
        let cores = thread::available_parallelism().expect("known").get();
        assert_eq!(threads(None).map(NonZero::get), Ok((cores - 1).max(1)));
        assert_eq!(threads(Some(cores)).map(NonZero::get), Ok(cores));
        for asked in [0, cores + 1, usize::MAX] {
            assert_eq!(threads(Some(asked)), Err(Error::Threads { asked, cores }));
        }
    }
}
