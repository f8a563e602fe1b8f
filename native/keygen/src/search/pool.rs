use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use chacha20::ChaCha20Rng;
use signet_secret_memory::wiped;

use super::expected::{expected_tests, sieve_bound};
use super::hunt::{Hunt, Ticket};
use super::miller_rabin::survivors;
use super::window::{Struck, sieve};
use crate::arith::{self, Batch, Natural, Stopped};
use crate::entropy::Seed;
use crate::{Error, Job};

/// How long a thread without work sleeps before it looks whether the job was cancelled.
const NAP: Duration = Duration::from_millis(20);

/// Two primes are searched by several threads that draw from one pool of candidates, those of p and q mixed, so that all lanes of all
/// threads have work to the end. What is found depends on the random numbers alone, not on the threads.
pub struct Pool {
    bits: u32,
    kernel: Option<&'static str>,
    state: Mutex<State>,
    changed: Condvar,
    /// The first ticket of each search that has passed: tests of later ones are given up.
    best: [AtomicU32; 2],
}

struct State {
    /// For p and for q.
    hunts: [Hunt; 2],
    seed: Seed,
    /// How many pairs have gone through the last rounds; each has random bases of its own.
    confirmations: u64,
    stage: Stage,
    /// Tests of candidates that came to an end, by thread.
    tests: Vec<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Filtering,
    /// A thread is at the last rounds of both.
    Confirming,
    Found,
    /// A thread has failed.
    Broken(Error),
}

/// What a thread does next.
enum Task {
    /// Filters candidates: the search, the place in it, the number.
    Filter(Vec<(usize, Ticket, Natural)>),
    /// The rounds of Miller-Rabin of both outcomes.
    Confirm([Natural; 2], Box<ChaCha20Rng>),
}

impl Pool {
    /// Searches for two primes of `bits` bits, a multiple of 32, by the streams of `seed` from 0 on. Without `kernel`, by the fastest.
    pub fn new(bits: u32, seed: &Seed, threads: NonZero<usize>, kernel: Option<&'static str>) -> Self {
        Self {
            bits,
            kernel,
            state: Mutex::new(State {
                hunts: [Hunt::new(bits, seed.stream(0)), Hunt::new(bits, seed.stream(1))],
                seed: seed.clone(),
                confirmations: 0,
                stage: Stage::Filtering,
                tests: vec![0; threads.get()],
            }),
            changed: Condvar::new(),
            best: [const { AtomicU32::new(Ticket::MAX) }; 2],
        }
    }

    /// Finds both primes. Without [`Pool::refuse_second`] in between the answer stays the same.
    pub fn primes(&self, job: &mut Job) -> Result<[Natural; 2], Error> {
        let cancelled = job.cancelled();
        self.sieve_first_windows(cancelled)?;
        thread::scope(|scope| {
            let mut others = Vec::new();
            for thread in 1..self.threads() {
                let worker = move || wiped(|| self.work(thread, cancelled, &mut |_| ()));
                // Where there is no other thread to be had, fewer do all the work.
                let Ok(other) = thread::Builder::new().name("keygen".into()).spawn_scoped(scope, worker) else { break };
                others.push(other);
            }
            let ended = self.work(0, cancelled, &mut |share| job.report(share));
            // Why one of them has failed is known already, so a panic of its ends here.
            for other in others {
                let _ = other.join();
            }
            ended
        })?;
        let state = self.lock();
        match [0, 1].map(|hunt: usize| state.hunts[hunt].outcome()) {
            [Some((_, p)), Some((_, q))] => Ok([p.clone(), q.clone()]),
            _ => Err(Error::Worker),
        }
    }

    /// Throws the second prime away; the search for it goes on behind it.
    pub fn refuse_second(&self) {
        let mut state = self.lock();
        self.refuse(&mut state, 1);
    }

    /// Tests of candidates so far, by thread.
    #[cfg(any(test, feature = "measure"))]
    pub fn tests(&self) -> Vec<u64> {
        self.lock().tests.clone()
    }

    /// Finds both primes as threads of the same speed would, one batch each at a time; the tests of each.
    #[cfg(feature = "measure")]
    pub fn in_step(&self) -> Result<Vec<u64>, Error> {
        let never = AtomicBool::new(false);
        self.sieve_first_windows(&never)?;
        let mut batch = arith::batch(self.bits, self.kernel)?;
        while self.lock().stage != Stage::Found {
            self.go_on_behind_windows(&mut self.lock(), &never)?;
            let picked: Vec<Option<Task>> = (0..self.threads()).map(|_| self.lock().task(batch.lanes())).collect();
            for (thread, task) in picked.into_iter().enumerate().filter_map(|(thread, task)| Some((thread, task?))) {
                self.carry_out(task, thread, &mut *batch, &never)?;
            }
        }
        Ok(self.tests())
    }

    fn threads(&self) -> usize {
        self.lock().tests.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sieves the first windows of both, a share of the small primes on each thread.
    fn sieve_first_windows(&self, cancelled: &AtomicBool) -> Result<(), Error> {
        let mut state = self.lock();
        if !state.hunts.iter().all(Hunt::needs_window) {
            return Ok(());
        }
        arith::check_residues()?;
        let starts = [state.hunts[0].draw_start(), state.hunts[1].draw_start()];
        let numbers = [&starts[0][..], &starts[1][..]];
        let parts = u32::try_from(state.tests.len()).unwrap_or(u32::MAX);
        let share = |part| sieve(&numbers, sieve_bound(self.bits), (part, parts), self.kernel, cancelled);
        let windows = thread::scope(|scope| {
            let others: Vec<_> = (1..parts)
                .map(|part| {
                    thread::Builder::new().name("keygen".into()).spawn_scoped(scope, move || wiped(|| share(part))).map_err(|_| part)
                })
                .collect();
            let mut windows = share(0)?;
            for other in others {
                let shares = match other {
                    Ok(thread) => thread.join().map_err(|_| Error::Worker)??,
                    Err(part) => share(part)?,
                };
                windows.iter_mut().zip(&shares).for_each(|(window, share)| window.merge(share));
            }
            Ok::<Vec<Struck>, Error>(windows)
        })?;
        for ((hunt, start), window) in state.hunts.iter_mut().zip(starts).zip(&windows) {
            hunt.set_window(start, window);
        }
        Ok(())
    }

    /// What one thread does until both primes are found, or any thread fails. `report` hears the expected share of the work done.
    fn work(&self, thread: usize, cancelled: &AtomicBool, report: &mut dyn FnMut(f64)) -> Result<(), Error> {
        let mut end = End { pool: self, outcome: Err(Error::Worker) };
        end.outcome = self.find(thread, cancelled, report);
        end.outcome
    }

    fn find(&self, thread: usize, cancelled: &AtomicBool, report: &mut dyn FnMut(f64)) -> Result<(), Error> {
        let mut batch = arith::stoppable_batch(self.bits, self.kernel, &|| cancelled.load(Ordering::Relaxed))?;
        while let Some(task) = self.next_task(batch.lanes(), cancelled)? {
            let share = self.carry_out(task, thread, &mut *batch, cancelled)?;
            report(share);
        }
        Ok(())
    }

    /// Waits for something to do; nothing when both primes are found.
    fn next_task(&self, lanes: usize, cancelled: &AtomicBool) -> Result<Option<Task>, Error> {
        let mut state = self.lock();
        loop {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            match state.stage {
                Stage::Found => return Ok(None),
                Stage::Broken(error) => return Err(error),
                Stage::Filtering | Stage::Confirming => (),
            }
            self.go_on_behind_windows(&mut state, cancelled)?;
            if let Some(task) = state.task(lanes) {
                return Ok(Some(task));
            }
            state = self.changed.wait_timeout(state, NAP).map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
        }
    }

    /// Another window for each search that is at the end of one.
    fn go_on_behind_windows(&self, state: &mut State, cancelled: &AtomicBool) -> Result<(), Error> {
        for hunt in state.hunts.iter_mut().filter(|hunt| hunt.needs_window()) {
            let start = hunt.draw_start();
            let windows = sieve(&[&start], sieve_bound(self.bits), (0, 1), self.kernel, cancelled)?;
            hunt.set_window(start, &windows[0]);
        }
        Ok(())
    }

    /// Does a task and notes its outcome; the expected share of all work done.
    fn carry_out(&self, task: Task, thread: usize, batch: &mut dyn Batch, cancelled: &AtomicBool) -> Result<f64, Error> {
        let cancel = || cancelled.load(Ordering::Relaxed);
        match task {
            Task::Filter(picked) => {
                let candidates: Vec<&[u32]> = picked.iter().map(|(_, _, candidate)| &candidate[..]).collect();
                let is_late = || picked.iter().all(|(hunt, ticket, _)| *ticket > self.best[*hunt].load(Ordering::Relaxed));
                let passed = batch.filter(&candidates, &|| cancel() || is_late());
                let mut state = self.lock();
                for (lane, (hunt, ticket, _)) in picked.iter().enumerate() {
                    match passed {
                        Ok(passed) => state.hunts[*hunt].decide(*ticket, passed >> lane & 1 == 1),
                        Err(Stopped) => state.hunts[*hunt].give_back(*ticket),
                    }
                    self.note_best(&state, *hunt);
                }
                if passed.is_ok() {
                    state.tests[thread] += picked.len() as u64;
                }
                self.changed.notify_all();
                Ok(state.share(self.bits))
            }
            Task::Confirm([p, q], mut rng) => {
                let passed = survivors(batch, &[&p, &q], &mut *rng, &cancel).map_err(|Stopped| Error::Cancelled)?;
                let mut state = self.lock();
                state.enter(if passed == [true, true] { Stage::Found } else { Stage::Filtering });
                for hunt in (0..2).filter(|hunt| !passed[*hunt]) {
                    self.refuse(&mut state, hunt);
                }
                self.changed.notify_all();
                Ok(state.share(self.bits))
            }
        }
    }

    fn refuse(&self, state: &mut State, hunt: usize) {
        let refused = state.hunts[hunt].outcome().map(|(ticket, _)| ticket);
        if let Some(ticket) = refused {
            state.hunts[hunt].decide(ticket, false);
            state.enter(Stage::Filtering);
            self.note_best(state, hunt);
        }
    }

    fn note_best(&self, state: &State, hunt: usize) {
        self.best[hunt].store(state.hunts[hunt].best().unwrap_or(Ticket::MAX), Ordering::Relaxed);
    }
}

impl State {
    /// A failure is final, and the first one counts.
    fn enter(&mut self, stage: Stage) {
        if !matches!(self.stage, Stage::Broken(_)) {
            self.stage = stage;
        }
    }

    fn task(&mut self, lanes: usize) -> Option<Task> {
        if let (Stage::Filtering, [Some((_, p)), Some((_, q))]) = (self.stage, self.hunts.each_ref().map(Hunt::outcome)) {
            let task = Task::Confirm([p.clone(), q.clone()], Box::new(self.seed.stream(2 + self.confirmations)));
            self.confirmations += 1;
            self.stage = Stage::Confirming;
            return Some(task);
        }
        let mut picked = Vec::with_capacity(lanes);
        // By turns, until neither has any.
        let mut idle = 0;
        for hunt in [0, 1].into_iter().cycle() {
            if picked.len() == lanes || idle == 2 {
                break;
            }
            match self.hunts[hunt].take() {
                Some((ticket, candidate)) => {
                    picked.push((hunt, ticket, candidate));
                    idle = 0;
                }
                None => idle += 1,
            }
        }
        (!picked.is_empty()).then_some(Task::Filter(picked))
    }

    /// Whatever was done, as much is expected to be left as at a prime's start: a search has no memory. When both are found something is left as
    /// well: the key.
    fn share(&self, bits: u32) -> f64 {
        let done = self.tests.iter().sum::<u64>() as f64;
        let missing = self.hunts.iter().filter(|hunt| hunt.best().is_none()).count() as f64;
        done / (done + missing.max(0.05) * expected_tests(bits))
    }
}

/// The end of a thread's work, by a panic unless it is told otherwise. When it has failed the other threads end for the same reason.
struct End<'a> {
    pool: &'a Pool,
    outcome: Result<(), Error>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.outcome {
            self.pool.lock().enter(Stage::Broken(error));
            self.pool.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
