use std::hint::black_box;

use zeroize::Zeroize;

use crate::registers;

/// Bytes of stack that are wiped behind a piece of work. What calls [`wiped`] has as much stack left, and some pages more.
pub const DEPTH: usize = 128 << 10;

/// Does the work, then wipes what it left behind on the stack (to [`DEPTH`] bytes below the caller) and in vector registers. What the work
/// returns is the caller's: a secret in it belongs on the heap.
pub fn wiped<R>(work: impl FnOnce() -> R) -> R {
    // However the work ends.
    let _wipe = Wipe;
    apart(work)
}

struct Wipe;

impl Drop for Wipe {
    fn drop(&mut self) {
        wipe_stack();
        registers::wipe();
    }
}

/// Puts a gap above the frames of the work, which is wider than what lies between the caller and what [`wipe_stack`] wipes.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    black_box(&mut [0_u64; 64]);
    below(work)
}

#[inline(never)]
fn below<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "the stack is what is to be wiped")]
fn wipe_stack() {
    let mut stack = [0_u64; DEPTH / size_of::<u64>()];
    stack.zeroize();
    black_box(&mut stack);
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    const MARK: u64 = 0x5ec2_e75e_c2e7_5ec2;

    /// Leaves marks in nearly all of the stack that is to be wiped.
    #[inline(never)]
    #[allow(clippy::large_stack_arrays, reason = "the stack is what is to be written to")]
    fn scribble() {
        black_box(&mut [black_box(MARK); (DEPTH - 4096) / 8]);
    }

    /// How many marks are left below here.
    fn marks() -> usize {
        let here = 0_u8;
        let from = ((&raw const here).addr() - DEPTH) / 8 * 8;
        let mut below = vec![0; DEPTH];
        File::open("/proc/self/mem").and_then(|memory| memory.read_exact_at(&mut below, from as u64)).expect("readable");
        below.as_chunks::<8>().0.iter().filter(|word| u64::from_ne_bytes(**word) == MARK).count()
    }

    #[test]
    fn leaves_nothing_of_the_work_on_the_stack() {
        scribble();
        assert!(marks() > 10_000, "without wiping they are there");
        wiped(scribble);
        assert_eq!(marks(), 0);
    }

    #[test]
    fn leaves_nothing_of_work_that_panics() {
        let work = || {
            scribble();
            panic!("on purpose");
        };
        assert!(catch_unwind(AssertUnwindSafe(|| wiped(work))).is_err());
        assert_eq!(marks(), 0);
    }

    #[test]
    fn hands_out_what_the_work_returns() {
        assert_eq!(wiped(|| vec![1, 2, 3]), [1, 2, 3]);
    }
}
