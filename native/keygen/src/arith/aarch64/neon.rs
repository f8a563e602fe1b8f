//! Four lanes in vectors of four 32-bit limbs, one column of products in two vectors of two 64-bit sums.
//!
//! Product scanning in blocks of eight columns, whose sums stay in sixteen registers. A step multiplies limb i of one operand with the
//! eight limbs `column - i` of the other, of which seven have been there in the step before: one pair of loads for sixteen `umlal`.

use core::arch::aarch64::{
    uint64x2_t, vaddq_u32, vandq_u32, vdupq_n_u32, vdupq_n_u64, vget_low_u32, vld1q_u32, vmlal_high_u32, vmlal_u32, vmulq_u32,
    vreinterpretq_u32_u64, vshlq_u32, vreinterpretq_s32_u32, vsraq_n_u64, vst1q_u32, vuzp1q_u32,
};

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

const LANES: usize = 4;
/// Columns of a block.
const BLOCK: usize = 8;
/// The longest moduli for limbs of 28 bits: a column has three products for each limb (the two of a doubled square, one of the reduction).
const LONGEST_28: u32 = 2340;

/// The sums of a block's columns, and of the carries into the next.
type Sums = [[uint64x2_t; 2]; BLOCK + 1];

/// Four lanes of NEON, limbs of 28 bits, or 27 where the sums of a column would overflow. Limbs are canonical between calls.
pub struct Neon {
    limbs: usize,
    radix: u32,
    /// Operands are followed by a block of zeros, so that a block of columns may reach over their ends.
    modulus: Buffer<u32>,
    /// -1 / N mod the radix, by lane.
    inverse: Buffer<u32>,
    /// The multiples of N that have been added.
    factors: Buffer<u32>,
    left: Buffer<u32>,
    right: Buffer<u32>,
    /// Limbs of the square's operand, doubled in those lanes whose square is.
    diagonal: Buffer<u32>,
}

impl Kernel for Neon {
    const NAME: &'static str = "neon";
    const LANES: usize = LANES;
    type Word = u32;

    fn radix(bits: u32) -> u32 {
        if bits <= LONGEST_28 { 28 } else { 27 }
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        let operand = || Buffer::new((limbs + BLOCK) * LANES);
        std::arch::is_aarch64_feature_detected!("neon").then(|| Self {
            limbs,
            radix: Self::radix(bits),
            modulus: operand(),
            inverse: Buffer::new(LANES),
            factors: operand(),
            left: operand(),
            right: operand(),
            diagonal: operand(),
        })
    }

    fn set_moduli(&mut self, moduli: &[u32]) {
        self.modulus[..self.limbs * LANES].copy_from_slice(moduli);
        for (inverse, &limb) in self.inverse.iter_mut().zip(moduli) {
            *inverse = negated_inverse(limb.into()) as u32;
        }
    }

    fn square(&mut self, x: &mut [u32], doubled: &[u32]) {
        assert!(x.len() == self.limbs * LANES && doubled.len() == LANES);
        // SAFETY: NEON is there, or `new` would have given nothing; the lengths are as promised.
        unsafe {
            self.prepare_square(x, doubled);
            if self.radix == 28 { self.scan::<28, true>(x) } else { self.scan::<27, true>(x) }
        }
    }

    fn multiply(&mut self, x: &mut [u32], y: &[u32]) {
        assert!(x.len() == self.limbs * LANES && y.len() == x.len());
        self.left[..x.len()].copy_from_slice(x);
        self.right[..y.len()].copy_from_slice(y);
        // SAFETY: as above.
        unsafe {
            if self.radix == 28 { self.scan::<28, false>(x) } else { self.scan::<27, false>(x) }
        }
    }

    fn normalize(&mut self, _x: &mut [u32]) {}
}

/// The same for each index, which is a constant, so that what is indexed stays in registers.
macro_rules! unroll {
    ($index:ident in [$($value:literal)*] $body:block) => {
        $({ const $index: usize = $value; $body })*
    };
}

/// The limb at `pointer + index` limbs.
macro_rules! load {
    ($pointer:expr, $index:expr) => {
        vld1q_u32($pointer.wrapping_add(($index) * LANES))
    };
}

/// Adds the product of two limbs to a column.
macro_rules! add_product {
    ($sum:expr, $a:expr, $b:expr) => {
        let (a, b) = ($a, $b);
        $sum[0] = vmlal_u32($sum[0], vget_low_u32(a), vget_low_u32(b));
        $sum[1] = vmlal_high_u32($sum[1], a, b);
    };
}

/// `count` steps of a block: step t multiplies limb t of a with limbs `-t .. 8 - t` of b.
macro_rules! add_steps {
    ($sums:ident, $a:expr, $b:expr, $count:expr) => {
        let (mut a, mut b, count): (*const u32, *const u32, usize) = ($a, $b, $count);
        if count & 1 != 0 {
            add_few!($sums, a, b, 1);
        }
        if count & 2 != 0 {
            add_few!($sums, a, b, 2);
        }
        if count & !3 != 0 {
            let mut window = [vdupq_n_u32(0); BLOCK];
            for column in 1..BLOCK {
                window[column] = load!(b, column);
            }
            for _ in 0..count / 8 {
                unroll!(STEP in [0 1 2 3 4 5 6 7] {
                    add_step!($sums, a, b, window, STEP);
                });
                a = a.wrapping_add(8 * LANES);
                b = b.wrapping_sub(8 * LANES);
            }
            if count & 4 != 0 {
                unroll!(STEP in [0 1 2 3] {
                    add_step!($sums, a, b, window, STEP);
                });
            }
        }
    };
}

macro_rules! add_few {
    ($sums:ident, $a:ident, $b:ident, $count:literal) => {
        let mut window = [vdupq_n_u32(0); BLOCK];
        for column in 1..BLOCK {
            window[column] = load!($b, column);
        }
        for step in 0..$count {
            add_step!($sums, $a, $b, window, step);
        }
        $a = $a.wrapping_add($count * LANES);
        $b = $b.wrapping_sub($count * LANES);
    };
}

/// Limb i of the window is where the limb i modulo 8 of b is.
macro_rules! add_step {
    ($sums:ident, $a:ident, $b:ident, $window:ident, $step:expr) => {
        let limb = load!($a, $step);
        $window[(BLOCK - $step) % BLOCK] = vld1q_u32($b.wrapping_sub($step * LANES));
        for column in 0..BLOCK {
            add_product!($sums[column], limb, $window[(BLOCK + column - $step) % BLOCK]);
        }
    };
}

/// The corner before the steps of a block in the upper half: step t multiplies limb t of a with the last `t + 1` limbs of b, which
/// ends at `end`.
macro_rules! add_corner {
    ($sums:ident, $a:expr, $end:expr) => {
        let (a, end): (*const u32, *const u32) = ($a, $end);
        let mut last = [vdupq_n_u32(0); BLOCK];
        unroll!(STEP in [0 1 2 3 4 5 6] {
            let limb = load!(a, STEP);
            last[STEP] = vld1q_u32(end.wrapping_sub((STEP + 1) * LANES));
            for column in 0..=STEP {
                add_product!($sums[column], limb, last[STEP - column]);
            }
        });
    };
}

impl Neon {
    /// The doubled operand on the left, the operand on the right.
    #[target_feature(enable = "neon")]
    unsafe fn prepare_square(&mut self, x: &[u32], doubled: &[u32]) {
        // SAFETY: the lengths are those of whole vectors.
        unsafe {
            let once = vld1q_u32(doubled.as_ptr());
            let twice = vaddq_u32(once, vdupq_n_u32(1));
            let (once, twice) = (vreinterpretq_s32_u32(once), vreinterpretq_s32_u32(twice));
            for index in (0..x.len()).step_by(LANES) {
                let limb = vld1q_u32(x.as_ptr().add(index));
                vst1q_u32(self.right.as_mut_ptr().add(index), limb);
                vst1q_u32(self.diagonal.as_mut_ptr().add(index), vshlq_u32(limb, once));
                vst1q_u32(self.left.as_mut_ptr().add(index), vshlq_u32(limb, twice));
            }
        }
    }

    /// The columns of a square from `block` on, which are too short for whole steps.
    #[inline(never)]
    #[target_feature(enable = "neon")]
    unsafe fn short_columns(&self, block: usize, sums: &mut [[uint64x2_t; 2]; BLOCK]) {
        let (left, right, diagonal) = (self.left.as_ptr(), self.right.as_ptr(), self.diagonal.as_ptr());
        // SAFETY: i and `index - i` are less than the number of limbs, where the loop is not empty.
        unsafe {
            for (column, sum) in sums.iter_mut().enumerate() {
                let index = block + column;
                if column > 0 {
                    *sum = [vdupq_n_u64(0); 2];
                }
                for i in index + 1 - self.limbs..index.div_ceil(2) {
                    add_product!(sum, load!(left, i), load!(right, index - i));
                }
                if index % 2 == 0 && index / 2 < self.limbs {
                    add_product!(sum, load!(diagonal, index / 2), load!(right, index / 2));
                }
            }
        }
    }

    /// `x = left * right / R`; of a square, the products left of the diagonal and the diagonal.
    #[target_feature(enable = "neon")]
    unsafe fn scan<const RADIX: i32, const SQUARE: bool>(&mut self, x: &mut [u32]) {
        // SAFETY: every address is in its operand or the block of zeros behind it, by the bounds in the comments.
        unsafe {
            let limbs = self.limbs;
            let (left, right, diagonal) = (self.left.as_ptr(), self.right.as_ptr(), self.diagonal.as_ptr());
            let (modulus, factors) = (self.modulus.as_ptr(), self.factors.as_mut_ptr());
            let inverse = vld1q_u32(self.inverse.as_ptr());
            let mask = vdupq_n_u32((1 << RADIX) - 1);
            let mut carry = [vdupq_n_u64(0); 2];
            for block in (0..2 * limbs).step_by(BLOCK) {
                let mut sums: Sums = [[vdupq_n_u64(0); 2]; BLOCK + 1];
                sums[0] = carry;
                // The first limb of a whole step.
                let first = if block < limbs { 0 } else { block + BLOCK - limbs };
                let half = block / 2;
                if SQUARE && first > half {
                    let mut short = [carry; BLOCK];
                    self.short_columns(block, &mut short);
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] { sums[COLUMN] = short[COLUMN]; });
                } else {
                    if block >= limbs {
                        add_corner!(sums, left.add((block + 1 - limbs) * LANES), right.add(limbs * LANES));
                    }
                    let last = if SQUARE { half } else { block.min(limbs) };
                    if last > first {
                        add_steps!(sums, left.add(first * LANES), right.add((block - first) * LANES), last - first);
                    }
                    if SQUARE {
                        unroll!(STEP in [0 1 2 3] {
                            let (a, square) = (load!(left, half + STEP), load!(diagonal, half + STEP));
                            add_product!(sums[2 * STEP], square, load!(right, half + STEP));
                            for column in 2 * STEP + 1..BLOCK {
                                add_product!(sums[column], a, load!(right, half + column - STEP));
                            }
                        });
                    } else if block < limbs {
                        unroll!(STEP in [0 1 2 3 4 5 6 7] {
                            let a = load!(left, block + STEP);
                            for column in STEP..BLOCK {
                                add_product!(sums[column], a, load!(right, column - STEP));
                            }
                        });
                    }
                }
                if block >= limbs {
                    add_corner!(sums, factors.add((block + 1 - limbs) * LANES).cast_const(), modulus.add(limbs * LANES));
                }
                let last = block.min(limbs);
                if last > first {
                    add_steps!(sums, factors.add(first * LANES).cast_const(), modulus.add((block - first) * LANES), last - first);
                }
                macro_rules! carry {
                    ($column:expr) => {
                        for half in 0..2 {
                            sums[$column + 1][half] = vsraq_n_u64::<RADIX>(sums[$column + 1][half], sums[$column][half]);
                        }
                    };
                }
                macro_rules! low_words {
                    ($column:expr) => {
                        vuzp1q_u32(vreinterpretq_u32_u64(sums[$column][0]), vreinterpretq_u32_u64(sums[$column][1]))
                    };
                }
                macro_rules! reduce {
                    ($column:expr) => {
                        let factor = vandq_u32(vmulq_u32(low_words!($column), inverse), mask);
                        vst1q_u32(factors.add((block + $column) * LANES), factor);
                        for column in $column..BLOCK {
                            add_product!(sums[column], factor, load!(modulus, column - $column));
                        }
                        carry!($column);
                    };
                }
                macro_rules! give {
                    ($column:expr) => {
                        vst1q_u32(x.as_mut_ptr().add((block + $column - limbs) * LANES), vandq_u32(low_words!($column), mask));
                        carry!($column);
                    };
                }
                if block + BLOCK <= limbs {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] { reduce!(COLUMN); });
                } else if block >= limbs && block + BLOCK <= 2 * limbs {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] { give!(COLUMN); });
                } else {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] {
                        if block + COLUMN < limbs {
                            reduce!(COLUMN);
                        } else if block + COLUMN < 2 * limbs {
                            give!(COLUMN);
                        }
                    });
                }
                carry = sums[BLOCK];
            }
        }
    }
}

