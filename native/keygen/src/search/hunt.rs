use std::collections::BTreeMap;

use chacha20::ChaCha20Rng;
use rand_core::Rng;
use zeroize::Zeroizing;

use super::window::Struck;
use crate::arith::{Natural, natural};

/// The place of a candidate in the order in which one prime's candidates are tried.
pub type Ticket = u32;

/// What is known of a candidate that is not known to be composite.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Waiting,
    Tested,
    Passed,
}

/// The search for one prime: the candidates of its windows, in order, and what is known of them. Its outcome is the first candidate in
/// that order that passes, whoever tests which when, so it depends on the random starts alone.
pub struct Hunt {
    bits: u32,
    rng: ChaCha20Rng,
    start: Natural,
    /// What is left of the newest window, the last offset first.
    offsets: Zeroizing<Vec<u32>>,
    next: Ticket,
    open: BTreeMap<Ticket, (Natural, Standing)>,
}

impl Hunt {
    /// For a prime of `bits` bits; a multiple of 32. A window is still to be given.
    pub fn new(bits: u32, rng: ChaCha20Rng) -> Self {
        Self { bits, rng, start: Natural::default(), offsets: Zeroizing::default(), next: 0, open: BTreeMap::new() }
    }

    /// A random odd number with its two top bits set, so that every prime after it is greater than sqrt(2) * 2^(bits - 1) and the product of
    /// two has twice the bits (FIPS 186-5 A.1.3, steps 4.4 and 5.4).
    pub fn draw_start(&mut self) -> Natural {
        let mut start = Natural::new((0..self.bits / 32).map(|_| self.rng.next_u32()).collect());
        start[0] |= 1;
        *start.last_mut().expect("words") |= 0b11 << 30;
        start
    }

    /// Goes on with the window at `start`.
    pub fn set_window(&mut self, start: Natural, struck: &Struck) {
        self.start = start;
        self.offsets = struck.survivors();
        self.offsets.reverse();
    }

    /// Is there nothing left to hand out, though no candidate has passed?
    pub fn needs_window(&self) -> bool {
        self.offsets.is_empty() && self.best().is_none() && !self.open.values().any(|(_, standing)| *standing == Standing::Waiting)
    }

    /// A candidate to test; nothing when one that comes earlier has passed, or at the end of a window.
    pub fn take(&mut self) -> Option<(Ticket, Natural)> {
        let before = self.best().unwrap_or(Ticket::MAX);
        let waiting = self.open.range_mut(..before).find(|(_, (_, standing))| *standing == Standing::Waiting);
        if let Some((&ticket, (candidate, standing))) = waiting {
            *standing = Standing::Tested;
            return Some((ticket, candidate.clone()));
        }
        if before < Ticket::MAX {
            return None;
        }
        // What is past the last number of this length is not in the window.
        let candidate = natural::checked_add(&self.start, self.offsets.pop()?)?;
        let ticket = self.next;
        self.next += 1;
        self.open.insert(ticket, (candidate.clone(), Standing::Tested));
        Some((ticket, candidate))
    }

    /// The outcome of a test.
    pub fn decide(&mut self, ticket: Ticket, passed: bool) {
        match self.open.get_mut(&ticket) {
            Some((_, standing)) if passed => *standing = Standing::Passed,
            _ => drop(self.open.remove(&ticket)),
        }
    }

    /// A test that came to no end.
    pub fn give_back(&mut self, ticket: Ticket) {
        if let Some((_, standing)) = self.open.get_mut(&ticket) {
            *standing = Standing::Waiting;
        }
    }

    /// The first candidate that has passed, whatever becomes of those before it.
    pub fn best(&self) -> Option<Ticket> {
        self.open.iter().find(|(_, (_, standing))| *standing == Standing::Passed).map(|(ticket, _)| *ticket)
    }

    /// The candidate that has passed, when all before it have not.
    pub fn outcome(&self) -> Option<(Ticket, &Natural)> {
        let (ticket, (candidate, standing)) = self.open.first_key_value()?;
        (*standing == Standing::Passed).then_some((*ticket, candidate))
    }
}
