//! One lane for MIPS32 release 2 without an FPU, in assembly: `mips/kernel.S` says how a product is made, this file of which pieces.
//!
//! A value has L limbs of 28 bits, cut into rows of n or n + 1 limbs (8 to 11). A square is the products of each row and all that is above
//! it, doubled, and the squares of the rows.
//!
//! Reduction, B being 2^28: for a row of n limbs let k = -1 / N mod B^n and M = (k N + 1) / B^n. Of a sum T with low limbs T0,
//! `T + T0 k N = (T - T0) + T0 M B^n`: the low limbs themselves are the quotient, and to add `T0 M` above them takes T down a row. As k N is
//! longer than N by a row, the last row is taken down by N itself, with the quotient `T0 k mod B^n`.
//!
//! Bounds: let x, y < 5 N, and R = B^L > 64 N. All rows but the last leave less than `x y / (R / B^n) + (1 + 2^-27) B^n N`, where n is the
//! length of the last row and of the one before it; the last one leaves less than `(25 / 64 + 1 + 2^-27 + 1) N < 2.4 N`, and the double of
//! that is less than 5 N again. No sum reaches R^2.

#![expect(unsafe_code, reason = "assembly is called")]

use super::buffer::Buffer;
use super::kernel::{Kernel, negated_inverse};

const RADIX: u32 = 28;
const MASK: u32 = (1 << RADIX) - 1;
/// Limbs of the longest row for which there are routines.
const LONGEST: usize = 11;
const SHORTEST: usize = 8;

type Routine = unsafe extern "C" fn();

unsafe extern "C" {
    fn signet_mips_run(steps: *const Step);
    fn signet_mips_rows_8();
    fn signet_mips_rows_9();
    fn signet_mips_rows_10();
    fn signet_mips_rows_11();
    fn signet_mips_squares_8();
    fn signet_mips_squares_9();
    fn signet_mips_squares_10();
    fn signet_mips_squares_11();
    fn signet_mips_low_8();
    fn signet_mips_low_9();
    fn signet_mips_low_10();
    fn signet_mips_low_11();
    fn signet_mips_finish();
}

const ROWS: [Routine; 4] = [signet_mips_rows_8, signet_mips_rows_9, signet_mips_rows_10, signet_mips_rows_11];
const SQUARES: [Routine; 4] = [signet_mips_squares_8, signet_mips_squares_9, signet_mips_squares_10, signet_mips_squares_11];
const LOW: [Routine; 4] = [signet_mips_low_8, signet_mips_low_9, signet_mips_low_10, signet_mips_low_11];

/// What a routine does: `kernel.S` says what the fields mean to each.
#[repr(C)]
#[derive(Clone, Copy)]
struct Step {
    routine: Option<Routine>,
    factor: *const u32,
    window: *const u32,
    sum: *mut u32,
    length: usize,
    rows: usize,
    shrink: usize,
    phase: usize,
    raise: u32,
    low: u32,
    high: u32,
}

const NOTHING: Step = Step {
    routine: None,
    factor: std::ptr::null(),
    window: std::ptr::null(),
    sum: std::ptr::null_mut(),
    length: 0,
    rows: 0,
    shrink: 0,
    phase: 0,
    raise: 0,
    low: 0,
    high: 0,
};

/// Rows of one length, of which the first begins at limb `start`.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    n: usize,
    rows: usize,
}

pub struct Mips {
    limbs: usize,
    modulus: Buffer<u32>,
    workspace: Buffer<u32>,
    /// The steps of a square and of a product; the first ones read x (and y).
    square: Vec<Step>,
    multiply: Vec<Step>,
    /// Where in x and y those first steps begin.
    square_starts: Vec<[usize; 2]>,
    multiply_starts: Vec<usize>,
}

// SAFETY: the pointers in the steps lead to the kernel's own workspace.
unsafe impl Send for Mips {}

impl Kernel for Mips {
    const NAME: &'static str = "mips32r2";
    const LANES: usize = 1;
    type Word = u32;

    fn radix(_bits: u32) -> u32 {
        RADIX
    }

    /// At least two rows. All shorter rows but one being equal would leave a last row that is shorter than the one before it.
    fn limbs(bits: u32) -> usize {
        let limbs = ((bits + 6).div_ceil(RADIX) as usize).max(2 * SHORTEST);
        let rows = limbs.div_ceil(LONGEST);
        limbs + usize::from(limbs % rows == rows - 1)
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        Some(Self {
            limbs,
            modulus: Buffer::new(limbs),
            workspace: Buffer::new(Workspace::length(limbs)),
            square: Vec::new(),
            multiply: Vec::new(),
            square_starts: Vec::new(),
            multiply_starts: Vec::new(),
        })
    }

    fn set_moduli(&mut self, moduli: &[u32]) {
        self.modulus.copy_from_slice(moduli);
        let (shorter, longer) = runs(self.limbs);
        let mut workspace = Workspace::new(&mut self.workspace, self.limbs);
        workspace.set_modulus(moduli, shorter.n);
        let parts = workspace.into_parts();
        let reduction = parts.reduction(self.limbs, shorter, longer);
        (self.square, self.square_starts) = parts.square(self.limbs, shorter, longer);
        self.square.extend_from_slice(&reduction);
        (self.multiply, self.multiply_starts) = parts.multiply(self.limbs, shorter, longer);
        self.multiply.extend_from_slice(&reduction);
    }

    fn square(&mut self, x: &mut [u32], doubled: &[u32]) {
        assert_eq!(x.len(), self.limbs);
        // One pointer, as x is read and written to.
        let x = x.as_mut_ptr();
        for (step, [factor, window]) in self.square.iter_mut().zip(&self.square_starts) {
            step.factor = x.wrapping_add(*factor);
            step.window = x.wrapping_add(*window);
        }
        run(&mut self.square, x, doubled[0]);
    }

    fn multiply(&mut self, x: &mut [u32], y: &[u32]) {
        assert_eq!((x.len(), y.len()), (self.limbs, self.limbs));
        let x = x.as_mut_ptr();
        for (step, factor) in self.multiply.iter_mut().zip(&self.multiply_starts) {
            step.factor = x.wrapping_add(*factor);
            step.window = y.as_ptr();
        }
        run(&mut self.multiply, x, 0);
    }

    /// The limbs are canonical already; from a value less than 5 N this takes 2 N where it can.
    fn normalize(&mut self, x: &mut [u32]) {
        let mut difference = Buffer::<u32>::new(x.len());
        let (mut borrow, mut top) = (0, 0);
        for ((difference, &limb), &modulus) in difference.iter_mut().zip(&*x).zip(&*self.modulus) {
            let wide = limb.wrapping_sub(modulus << 1 & MASK | top).wrapping_sub(borrow);
            top = modulus >> (RADIX - 1);
            borrow = wide >> 31;
            *difference = wide & MASK;
        }
        let keep = borrow.wrapping_neg();
        for (limb, &difference) in x.iter_mut().zip(&*difference) {
            *limb = *limb & keep | difference & !keep;
        }
    }
}

/// Runs steps of which the last but one writes x, doubled where `doubled` is 1 and not where it is 0.
fn run(steps: &mut [Step], x: *mut u32, doubled: u32) {
    let [.., finish, _end] = steps else { return };
    finish.sum = x;
    finish.low = 4 - doubled;
    // SAFETY: the steps were made for a workspace that lives as long as they, and for factors of the length of x.
    unsafe { signet_mips_run(steps.as_ptr()) }
}

/// The rows of a value: those of n limbs, then those of n + 1.
fn runs(limbs: usize) -> (Run, Run) {
    let rows = limbs.div_ceil(LONGEST);
    let (n, longer) = (limbs / rows, limbs % rows);
    let shorter = Run { start: 0, n, rows: rows - longer };
    (shorter, Run { start: shorter.rows * n, n: n + 1, rows: longer })
}

/// Limbs that a row's other factor lacks for a multiple of n.
fn phase(length: usize, n: usize) -> usize {
    length.next_multiple_of(n) - length
}

/// The workspace of a kernel, by its parts.
struct Workspace<'a> {
    /// A product or square.
    sums: &'a mut [u32],
    /// The quotient of the last row.
    quotient: &'a mut [u32],
    /// k of the last row.
    inverse: &'a mut [u32],
    modulus: &'a mut [u32],
    /// M of rows of n and of n + 1 limbs.
    multiples: [&'a mut [u32]; 2],
}

impl<'a> Workspace<'a> {
    fn length(limbs: usize) -> usize {
        5 * limbs + LONGEST + LONGEST + 1
    }

    fn new(memory: &'a mut [u32], limbs: usize) -> Self {
        let (sums, memory) = memory.split_at_mut(2 * limbs);
        let (modulus, memory) = memory.split_at_mut(limbs);
        let (shorter, memory) = memory.split_at_mut(limbs);
        let (longer, memory) = memory.split_at_mut(limbs);
        let (quotient, inverse) = memory.split_at_mut(LONGEST);
        Self { sums, quotient, inverse, modulus, multiples: [shorter, longer] }
    }

    /// k and M, limb by limb: each takes the low limb of 1 + k N to zero.
    fn set_modulus(&mut self, modulus: &[u32], n: usize) {
        self.modulus.copy_from_slice(modulus);
        let negated_inverse = negated_inverse(modulus[0].into()) as u32;
        let mut multiple = Buffer::<u32>::new(modulus.len());
        multiple[0] = 1;
        for index in 0..=n {
            if index == n {
                self.multiples[0].copy_from_slice(&multiple);
            }
            let factor = multiple[0].wrapping_mul(negated_inverse) & MASK;
            self.inverse[index] = factor;
            let mut carry = 0;
            for (i, &limb) in modulus.iter().enumerate() {
                let wide = u64::from(factor) * u64::from(limb) + u64::from(multiple[i]) + carry;
                if let Some(below) = i.checked_sub(1) {
                    multiple[below] = wide as u32 & MASK;
                }
                carry = wide >> RADIX;
            }
            multiple[modulus.len() - 1] = carry as u32;
        }
        self.multiples[1].copy_from_slice(&multiple);
    }

    fn into_parts(self) -> Parts {
        Parts {
            sums: self.sums.as_mut_ptr(),
            quotient: self.quotient.as_mut_ptr(),
            inverse: self.inverse.as_ptr(),
            modulus: self.modulus.as_ptr(),
            multiples: self.multiples.map(|multiple| multiple.as_ptr()),
        }
    }
}

/// Where the parts of a workspace begin, for the steps that are done there: all that they use of a part they reach by one pointer.
struct Parts {
    sums: *mut u32,
    quotient: *mut u32,
    inverse: *const u32,
    modulus: *const u32,
    multiples: [*const u32; 2],
}

impl Parts {
    fn square(&self, limbs: usize, shorter: Run, longer: Run) -> (Vec<Step>, Vec<[usize; 2]>) {
        let (mut steps, mut starts) = (Vec::new(), Vec::new());
        // There is nothing above the last row.
        let runs = match longer.rows {
            0 => [Run { rows: shorter.rows - 1, ..shorter }, longer],
            rows => [shorter, Run { rows: rows - 1, ..longer }],
        };
        for run in runs.into_iter().filter(|run| run.rows > 0) {
            let length = limbs - run.start - run.n;
            let low = u32::from(run.start > 0);
            let shrink = run.n;
            steps.push(self.rows(run, 2 * run.start + run.n, Step { raise: 1, low, high: 0, ..lengths(length, shrink, run.n) }));
            starts.push([run.start, run.start + run.n]);
        }
        for run in [shorter, longer].into_iter().filter(|run| run.rows > 0) {
            let low = if run.start == 0 { 0 } else { 2 };
            let high = if run.start + run.n * run.rows == limbs { 0 } else { 2 };
            let sum = self.sums.wrapping_add(2 * run.start);
            steps.push(Step { routine: Some(SQUARES[run.n - SHORTEST]), sum, rows: run.rows, low, high, ..NOTHING });
            starts.push([run.start, run.start]);
        }
        (steps, starts)
    }

    fn multiply(&self, limbs: usize, shorter: Run, longer: Run) -> (Vec<Step>, Vec<usize>) {
        let (mut steps, mut starts) = (Vec::new(), Vec::new());
        for run in [shorter, longer].into_iter().filter(|run| run.rows > 0) {
            let low = u32::from(run.start > 0);
            steps.push(self.rows(run, run.start, Step { raise: 1, low, high: 0, ..lengths(limbs, 0, run.n) }));
            starts.push(run.start);
        }
        (steps, starts)
    }

    /// Longer rows first, so that the last row is not shorter than the one before it; then the limbs of the result, and the end.
    fn reduction(&self, limbs: usize, shorter: Run, longer: Run) -> Vec<Step> {
        let mut steps = Vec::new();
        let first = Run { start: 0, ..longer };
        let then = Run { start: longer.rows * longer.n, n: shorter.n, rows: shorter.rows - 1 };
        for (run, multiple) in [(first, 1), (then, 0)].into_iter().filter(|(run, _)| run.rows > 0) {
            let factor = self.sums.wrapping_add(run.start);
            let window = self.multiples[multiple];
            steps.push(self.rows(run, run.start + run.n, Step { factor, window, low: 1, high: 1, ..lengths(limbs, 0, run.n) }));
        }
        let last = Run { start: limbs - shorter.n, n: shorter.n, rows: 1 };
        steps.push(Step {
            routine: Some(LOW[last.n - SHORTEST]),
            factor: self.sums.wrapping_add(last.start),
            window: self.inverse,
            sum: self.quotient,
            ..NOTHING
        });
        let (factor, window) = (self.quotient, self.modulus);
        steps.push(self.rows(last, last.start, Step { factor, window, low: 1, high: 1, ..lengths(limbs, 0, last.n) }));
        let factor = self.sums.wrapping_add(limbs);
        steps.push(Step { routine: Some(signet_mips_finish), factor, ..lengths(limbs, 0, 8) });
        steps.push(NOTHING);
        steps
    }

    /// The rows of a run, whose first column goes to limb `column` of the sums.
    fn rows(&self, run: Run, column: usize, step: Step) -> Step {
        Step { routine: Some(ROWS[run.n - SHORTEST]), rows: run.rows, sum: self.sums.wrapping_add(column), ..step }
    }
}

/// A step with another factor of `length` limbs, less `shrink` from row to row, in steps of n.
fn lengths(length: usize, shrink: usize, n: usize) -> Step {
    Step { length: length * size_of::<u32>(), shrink: shrink * size_of::<u32>(), phase: phase(length, n), ..NOTHING }
}
