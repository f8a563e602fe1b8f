use std::fs;
use std::time::Instant;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// CPU time and wall clock since it was made.
pub struct Clock {
    id: ClockId,
    cpu: f64,
    wall: Instant,
}

impl Clock {
    /// Of the calling thread.
    pub fn of_thread() -> Self {
        Self::start(ClockId::ThreadCPUTime)
    }

    /// Of all threads of the process, ended ones among them.
    pub fn of_process() -> Self {
        Self::start(ClockId::ProcessCPUTime)
    }

    /// CPU seconds.
    pub fn seconds(&self) -> f64 {
        now(self.id) - self.cpu
    }

    /// Seconds of the wall clock.
    pub fn elapsed(&self) -> f64 {
        self.wall.elapsed().as_secs_f64()
    }

    fn start(id: ClockId) -> Self {
        Self { id, cpu: now(id), wall: Instant::now() }
    }
}

#[allow(clippy::cast_precision_loss, reason = "no clock here runs for 2^53 nanoseconds")]
fn now(id: ClockId) -> f64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(id);
    tv_sec as f64 + tv_nsec as f64 / 1e9
}

/// The process's largest resident set so far, by the kernel (`VmHWM` of proc(5)); 0 where it does not say.
pub fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}
