use std::sync::atomic::{AtomicBool, Ordering};

use crate::Error;

/// One generation as its caller sees it: a flag that stops it, and a listener of its progress.
pub struct Job<'a> {
    cancelled: &'a AtomicBool,
    progress: &'a mut dyn FnMut(f64),
    share: f64,
}

impl<'a> Job<'a> {
    /// `progress` hears the expected share of the work done: above 0, at most 1, always rising.
    pub fn new(cancelled: &'a AtomicBool, progress: &'a mut dyn FnMut(f64)) -> Self {
        Self { cancelled, progress, share: 0.0 }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn report(&mut self, share: f64) {
        if share > self.share {
            self.share = share;
            (self.progress)(share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_only_of_progress_that_rises() {
        let mut heard = Vec::new();
        let mut listener = |share| heard.push(share);
        let cancelled = AtomicBool::new(false);
        let mut job = Job::new(&cancelled, &mut listener);
        for share in [0.0, 0.25, 0.25, 0.125, 0.5, 1.0] {
            job.report(share);
        }
        assert_eq!(heard, [0.25, 0.5, 1.0]);
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
}
