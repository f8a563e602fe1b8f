//! Four lanes in vectors of four 32-bit limbs, one column of products in two vectors of two 64-bit sums.
//!
//! Product scanning in blocks of eight columns, whose sums stay in sixteen registers. A step multiplies limb i of one operand with the
//! eight limbs `column - i` of the other, of which seven have been there in the step before: one pair of loads for sixteen `umlal`.

use core::arch::aarch64::{
    uint64x2_t, vaddq_s32, vandq_u32, vdupq_n_s32, vdupq_n_u32, vdupq_n_u64, vget_low_u32, vld1q_s32, vld1q_u32, vmlal_high_u32, vmlal_u32,
    vmulq_u32, vreinterpretq_u32_u64, vshlq_u32, vsraq_n_u64, vst1q_u32, vuzp1q_u32,
};

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

const LANES: usize = 4;
/// Columns of a block.
const BLOCK: usize = 8;
/// The longest moduli for limbs of 28 bits: a column has three products for each limb (the two of a doubled square, one of the reduction).
const LONGEST_28: u32 = 2340;

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
    /// 1 in those lanes whose square is doubled.
    doubled: Buffer<u32>,
}

impl Kernel for Neon {
    const NAME: &'static str = "neon";
    const LANES: usize = LANES;
    type Word = u32;

    fn radix(bits: u32) -> u32 {
        if bits <= LONGEST_28 { 28 } else { 27 }
    }

    /// Nothing for numbers that are shorter than two blocks, which `scan` is not made for: they are for the portable kernel.
    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        let operand = || Buffer::new((limbs + BLOCK) * LANES);
        (limbs >= 2 * BLOCK && std::arch::is_aarch64_feature_detected!("neon")).then(|| Self {
            limbs,
            radix: Self::radix(bits),
            modulus: operand(),
            inverse: Buffer::new(LANES),
            factors: operand(),
            left: operand(),
            right: operand(),
            doubled: Buffer::new(LANES),
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
        // SAFETY: NEON is there, or `new` would have given nothing.
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
        unsafe { if self.radix == 28 { self.scan::<28, false>(x) } else { self.scan::<27, false>(x) } }
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

/// The sum of a column goes on into the next one.
macro_rules! carry {
    ($sums:ident[$column:expr]) => {
        $sums[$column + 1][0] = vsraq_n_u64::<RADIX>($sums[$column + 1][0], $sums[$column][0]);
        $sums[$column + 1][1] = vsraq_n_u64::<RADIX>($sums[$column + 1][1], $sums[$column][1]);
    };
}

/// The low 32 bits of a column.
macro_rules! low_words {
    ($sum:expr) => {
        vuzp1q_u32(vreinterpretq_u32_u64($sum[0]), vreinterpretq_u32_u64($sum[1]))
    };
}

impl Neon {
    /// The operand on the right; on the left it is doubled, because of the products on the other side of the diagonal, and once more
    /// where the square is.
    #[target_feature(enable = "neon")]
    fn prepare_square(&mut self, x: &[u32], doubled: &[u32]) {
        self.doubled.copy_from_slice(doubled);
        self.right[..x.len()].copy_from_slice(x);
        // SAFETY: whole vectors of buffers of one length.
        unsafe {
            let shift = vaddq_s32(vld1q_s32(self.doubled.as_ptr().cast()), vdupq_n_s32(1));
            for index in (0..x.len()).step_by(4 * LANES) {
                let (from, to) = (self.right.as_ptr().add(index), self.left.as_mut_ptr().add(index));
                let limbs = [load!(from, 0), load!(from, 1), load!(from, 2), load!(from, 3)];
                for (offset, limb) in limbs.into_iter().enumerate() {
                    vst1q_u32(to.add(offset * LANES), vshlq_u32(limb, shift));
                }
            }
        }
    }

    /// `x = left * right / R`.
    #[allow(clippy::needless_range_loop, reason = "a column is an index of sums and of limbs")]
    #[target_feature(enable = "neon")]
    fn scan<const RADIX: i32, const SQUARE: bool>(&mut self, x: &mut [u32]) {
        let limbs = self.limbs;
        let (left, right) = (self.left.as_ptr(), self.right.as_ptr());
        let (modulus, factors) = (self.modulus.as_ptr(), self.factors.as_mut_ptr());
        let mut carry = [vdupq_n_u64(0); 2];
        let mut block = 0;
        // SAFETY: limbs i and j with `i + j < block + BLOCK` and `i, j < limbs + BLOCK`, which is how long the operands are; those that
        // are written are less than `limbs`.
        unsafe {
            let inverse = vld1q_u32(self.inverse.as_ptr());
            let mask = vdupq_n_u32((1 << RADIX) - 1);
            while block <= 2 * (limbs - BLOCK) {
                let mut sums = [[vdupq_n_u64(0); 2]; BLOCK + 1];
                sums[0] = carry;
                let mut first = 0;
                if block >= limbs {
                    let corner = (block + 1 - limbs) * LANES;
                    add_corner!(sums, left.add(corner), right.add(limbs * LANES));
                    add_corner!(sums, factors.add(corner).cast_const(), modulus.add(limbs * LANES));
                    first = block + BLOCK - limbs;
                }
                let opposite = (block - first) * LANES;
                let half = block / 2;
                let last = block.min(limbs);
                add_steps!(sums, left.add(first * LANES), right.add(opposite), if SQUARE { half } else { last } - first);
                if SQUARE {
                    let doubled = vld1q_s32(self.doubled.as_ptr().cast());
                    unroll!(STEP in [0 1 2 3] {
                        let (a, b) = (load!(left, half + STEP), load!(right, half + STEP));
                        add_product!(sums[2 * STEP], vshlq_u32(b, doubled), b);
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
                add_steps!(sums, factors.add(first * LANES).cast_const(), modulus.add(opposite), last - first);
                macro_rules! reduce {
                    ($column:expr) => {
                        let factor = vandq_u32(vmulq_u32(low_words!(sums[$column]), inverse), mask);
                        vst1q_u32(factors.add((block + $column) * LANES), factor);
                        for column in $column..BLOCK {
                            add_product!(sums[column], factor, load!(modulus, column - $column));
                        }
                        carry!(sums[$column]);
                    };
                }
                macro_rules! give {
                    ($column:expr) => {
                        let limb = vandq_u32(low_words!(sums[$column]), mask);
                        vst1q_u32(x.as_mut_ptr().add((block + $column - limbs) * LANES), limb);
                        carry!(sums[$column]);
                    };
                }
                if block + BLOCK <= limbs {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] { reduce!(COLUMN); });
                } else if block >= limbs {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] { give!(COLUMN); });
                } else {
                    unroll!(COLUMN in [0 1 2 3 4 5 6 7] {
                        if block + COLUMN < limbs {
                            reduce!(COLUMN);
                        } else {
                            give!(COLUMN);
                        }
                    });
                }
                carry = sums[BLOCK];
                block += BLOCK;
            }
        }
        self.scan_last::<RADIX, SQUARE>(block, carry, x);
    }

    /// The columns from `from` on, which are too short for whole steps.
    #[inline(never)]
    #[target_feature(enable = "neon")]
    fn scan_last<const RADIX: i32, const SQUARE: bool>(&self, from: usize, carry: [uint64x2_t; 2], x: &mut [u32]) {
        let limbs = self.limbs;
        let (left, right) = (self.left.as_ptr(), self.right.as_ptr());
        let (modulus, factors) = (self.modulus.as_ptr(), self.factors.as_ptr());
        let mut sums = [carry, [vdupq_n_u64(0); 2]];
        // SAFETY: i and `column - i` are less than `limbs`.
        unsafe {
            let doubled = vld1q_s32(self.doubled.as_ptr().cast());
            for column in from..2 * limbs {
                let first = column + 1 - limbs;
                for i in first..limbs {
                    add_product!(sums[0], load!(factors, i), load!(modulus, column - i));
                }
                for i in first..if SQUARE { column.div_ceil(2) } else { limbs } {
                    add_product!(sums[0], load!(left, i), load!(right, column - i));
                }
                if SQUARE && column % 2 == 0 {
                    let limb = load!(right, column / 2);
                    add_product!(sums[0], vshlq_u32(limb, doubled), limb);
                }
                vst1q_u32(x.as_mut_ptr().add((column - limbs) * LANES), vandq_u32(low_words!(sums[0]), vdupq_n_u32((1 << RADIX) - 1)));
                carry!(sums[0]);
                sums = [sums[1], [vdupq_n_u64(0); 2]];
            }
        }
    }
}
