//! Four lanes of AVX2, in double-precision floating point.
//!
//! Integer products of vectors are 32 bits wide and, on many CPUs, one a cycle or less; a fused multiply-add has 53 bits and a unit more.
//! Products of whole limbs are had from it as follows (after N. Emmart and others). A limb is an integer in a double, in
//! `-2^(r-1) ..= 2^(r-1)` and a little more. The sum of a column's products is kept in two doubles, high and low: `high` begins
//! at `1.5 * 2^(52+r)` and stays between `2^(52+r)` and `2^(53+r)`, so that `sum = fma(a, b, high)` is rounded to a multiple of `2^r`. What
//! was rounded away, `a * b - (sum - high) = fma(a, b, high - sum)`, is an integer of at most `2^(r-1)`, which a double holds exactly, and is
//! added to `low`. Rounding is to nearest, as the ABI has it. No number here is denormal, infinite or not a number, so that time does not
//! depend on values.
//!
//! Bounds, where m is the number of limbs of a modulus, hence of products in a column, and at most `2^(53-r) - 2`:
//! - A product is at most `2^(2r-2)`; only the top limb of a quotient may be twice as large. The sum of a column is less than
//!   `(m + 1) * 2^(2r-2) <= 2^(51+r)`, so `high` stays where it should. Carries make a limb larger by `2^(55-r)` at most; the
//!   difference of two products' worth between m and its limit is room for that.
//! - `low`, with one more limb that is added: at most `(m + 1) * 2^(r-1) < 2^52`.
//! - `low` and what `high` of the column before carries: at most `(m + 1) * (2^(r-1) + 2^(r-2)) < 2^53`, which is exact. A square has half as
//!   many products in a column, hence at most `(2 m + 1) * 2^(r-2)`: it may count twice.
//!
//! Montgomery reduction is of all limbs at once: `q = T * (-1 / N) mod R`, then `(T + q N) / R`. This has one column more than limb by
//! limb, but no product has to wait for a carry. Of `T + q N` the low half is a multiple of R by construction: its columns but the two
//! topmost ones are not computed, as those are enough to know which multiple.

mod columns;
mod vectors;

use std::arch::x86_64::{_CMP_LT_OQ, _mm256_add_pd, _mm256_and_pd, _mm256_cmp_pd, _mm256_set1_pd};

use columns::{BLOCK, Carry, Plan, Radix, columns};
use vectors::{LANES, Padded, load, store, to_vector};

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

/// Four lanes in double-precision floating point. Words are the bits of doubles.
pub struct Avx2 {
    radix: u32,
    modulus: Padded,
    /// `-1 / N mod R`.
    inverse: Padded,
    x: Padded,
    /// `2 x` for squares, else the other factor.
    y: Padded,
    /// T, then `T + q N`.
    total: Padded,
    quotient: Padded,
    square: Plan<true>,
    product: Plan<false>,
    /// The low half, where the last block ends with it.
    low_half: Plan<false>,
    /// The high half and two columns below it.
    high_half: Plan<false>,
}

impl Kernel for Avx2 {
    const NAME: &'static str = "avx2";
    const LANES: usize = LANES;
    type Word = u64;

    /// The largest that the bounds above allow.
    fn radix(bits: u32) -> u32 {
        (44..=50).rev().find(|radix| (bits + 5).div_ceil(*radix) + 2 <= 1 << (53 - radix)).expect("lengths of RSA's primes")
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        let columns = limbs.cast_signed();
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then(|| Self {
            radix: Self::radix(bits),
            modulus: Padded::new(limbs),
            inverse: Padded::new(limbs),
            x: Padded::new(limbs),
            y: Padded::new(limbs),
            total: Padded::new(2 * limbs),
            quotient: Padded::new(limbs),
            square: Plan::new(limbs, 0..2 * columns),
            product: Plan::new(limbs, 0..2 * columns),
            low_half: Plan::new(limbs, columns - limbs.next_multiple_of(BLOCK).cast_signed()..columns),
            high_half: Plan::new(limbs, columns - 2..2 * columns),
        })
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        self.modulus.words_mut().copy_from_slice(moduli);
        balance(self.modulus.words_mut(), self.radix);
        for lane in 0..LANES {
            let mut modulus = Buffer::new(self.modulus.length);
            for (limb, word) in modulus.iter_mut().zip(moduli[lane..].iter().step_by(LANES)) {
                *limb = *word;
            }
            let inverse = negated_inverse_of_all(&modulus, self.radix);
            for (word, limb) in self.inverse.words_mut()[lane..].iter_mut().step_by(LANES).zip(&*inverse) {
                *word = *limb;
            }
        }
        balance(self.inverse.words_mut(), self.radix);
    }

    fn adopt(&self, x: &mut [u64]) {
        balance(x, self.radix);
    }

    fn square(&mut self, x: &mut [u64], doubled: &[u64]) {
        // SAFETY: `new` has found the CPU to have what this function needs.
        unsafe { self.square_in_vectors(x, doubled) }
    }

    fn multiply(&mut self, x: &mut [u64], y: &[u64]) {
        // SAFETY: `new` has found the CPU to have what this function needs.
        unsafe { self.multiply_in_vectors(x, y) }
    }

    fn normalize(&mut self, x: &mut [u64]) {
        let mut carries = [0; LANES];
        for limbs in x.as_chunks_mut::<LANES>().0 {
            for (limb, carry) in limbs.iter_mut().zip(&mut carries) {
                let sum = f64::from_bits(*limb) as i64 + *carry;
                *carry = sum >> self.radix;
                *limb = sum.cast_unsigned() & ((1 << self.radix) - 1);
            }
        }
    }
}

impl Avx2 {
    #[target_feature(enable = "avx2,fma")]
    fn square_in_vectors(&mut self, x: &mut [u64], doubled: &[u64]) {
        let radix = Radix::new(self.radix);
        load(x, &mut self.x);
        for (twice, once) in self.y.limbs_mut().iter_mut().zip(self.x.limbs()) {
            *twice = _mm256_add_pd(*once, *once);
        }
        let factors: [f64; LANES] = std::array::from_fn(|lane| 1.0 + doubled[lane] as f64);
        let carry = Carry::multiplying(radix, to_vector(&factors.map(f64::to_bits)));
        columns::<true, false>(&self.square, &self.y, &self.x, &mut self.total, carry);
        self.reduce(radix, x);
    }

    #[target_feature(enable = "avx2,fma")]
    fn multiply_in_vectors(&mut self, x: &mut [u64], y: &[u64]) {
        let radix = Radix::new(self.radix);
        load(x, &mut self.x);
        load(y, &mut self.y);
        columns::<false, false>(&self.product, &self.x, &self.y, &mut self.total, Carry::new(radix));
        self.reduce(radix, x);
    }

    /// `x = total / R mod N`
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn reduce(&mut self, radix: Radix, x: &mut [u64]) {
        columns::<false, false>(&self.low_half, &self.total, &self.inverse, &mut self.quotient, Carry::new(radix));
        // A quotient that is certainly positive, so that no value ever is negative. What carries made of the top limb is less than this.
        let little = _mm256_set1_pd(1024.0);
        let top = self.quotient.limbs_mut().last_mut().expect("limbs");
        *top = _mm256_add_pd(*top, _mm256_and_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(*top, little), radix.base));
        columns::<false, true>(&self.high_half, &self.quotient, &self.modulus, &mut self.total, Carry::new(radix));
        store(&self.total.limbs()[self.modulus.length..], x);
    }
}

/// Canonical limbs become integers in doubles, from `-2^(radix-1)` on.
fn balance(words: &mut [u64], radix: u32) {
    let mut carries = [0; LANES];
    for limbs in words.as_chunks_mut::<LANES>().0 {
        for (limb, carry) in limbs.iter_mut().zip(&mut carries) {
            let sum = limb.cast_signed() + *carry;
            *carry = (sum + (1 << (radix - 1))) >> radix;
            *limb = ((sum - (*carry << radix)) as f64).to_bits();
        }
    }
}

/// `-1 / modulus mod R`: those limbs by which the modulus gives -1 limb by limb.
fn negated_inverse_of_all(modulus: &[u64], radix: u32) -> Buffer<u64> {
    let mask = (1 << radix) - 1;
    let inverse_of_one = negated_inverse(modulus[0]);
    let mut inverse = Buffer::new(modulus.len());
    // 1 + inverse * modulus, whose limbs become zero one by one.
    let mut rest: Buffer<u64> = Buffer::new(modulus.len());
    rest[0] = 1;
    for index in 0..modulus.len() {
        let limb = rest[index].wrapping_mul(inverse_of_one) & mask;
        inverse[index] = limb;
        let mut carry = 0;
        for (rest, &modulus) in rest[index..].iter_mut().zip(modulus) {
            let sum = u128::from(limb) * u128::from(modulus) + u128::from(*rest) + carry;
            *rest = sum as u64 & mask;
            carry = sum >> radix;
        }
    }
    inverse
}
