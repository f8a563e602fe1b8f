//! Sums of products by columns. The bounds are those of the kernel.

use std::arch::asm;
use std::arch::x86_64::{__m256d, _mm256_add_pd, _mm256_fmadd_pd, _mm256_set1_pd, _mm256_setzero_pd, _mm256_sub_pd};
use std::ops::Range;

use super::vectors::{Factor, INTEGER};

/// Columns that are summed at once: their sums and what they are made from fit the 16 registers.
pub const BLOCK: usize = 4;

/// Constants of a radix.
#[derive(Clone, Copy)]
pub struct Radix {
    /// `2^r`
    pub base: __m256d,
    /// `2^-r`
    pub inverse: __m256d,
    /// `1.5 * 2^(52+r)`: what is added to it is rounded to a multiple of `2^r`.
    rounding: __m256d,
    /// `-1.5 * 2^52`, what `rounding` leaves when it is carried.
    negative: __m256d,
}

impl Radix {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn new(bits: u32) -> Self {
        let base = (1_u64 << bits) as f64;
        Self {
            base: _mm256_set1_pd(base),
            inverse: _mm256_set1_pd(base.recip()),
            rounding: _mm256_set1_pd(INTEGER * base),
            negative: _mm256_set1_pd(-INTEGER),
        }
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn round(self, number: __m256d) -> __m256d {
        _mm256_sub_pd(_mm256_add_pd(number, self.rounding), self.rounding)
    }
}

/// Sums of products in a block of columns: of a square, where a is twice b, or of a product; beginning with limbs that are there or with
/// nothing.
pub struct Sums<const SQUARE: bool, const ADDED: bool> {
    high: [__m256d; BLOCK],
    low: [__m256d; BLOCK],
}

impl<const SQUARE: bool, const ADDED: bool> Sums<SQUARE, ADDED> {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(radix: Radix) -> Self {
        Self { high: [radix.rounding; BLOCK], low: [_mm256_setzero_pd(); BLOCK] }
    }

    /// Adds `a * b[column]` to the columns `FROM..TO`.
    #[expect(clippy::needless_range_loop, reason = "iterators are not unrolled before the sums go to memory")]
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add_row<const FROM: usize, const TO: usize>(&mut self, a: __m256d, b: &[__m256d; BLOCK]) {
        for column in FROM..TO {
            let sum = _mm256_fmadd_pd(a, b[column], self.high[column]);
            let rest = _mm256_fmadd_pd(a, b[column], _mm256_sub_pd(self.high[column], sum));
            self.high[column] = sum;
            self.low[column] = _mm256_add_pd(self.low[column], rest);
        }
    }

    /// Adds rows to all columns; what the first row takes of b begins at the last window, what the last row takes at the first one.
    ///
    /// In assembly, as compilers add half as many moves of registers as there are products: which register is what changes from one row
    /// to the next.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add_rows(&mut self, a: &[__m256d], b: &[__m256d]) {
        assert!(b.len() + 1 == a.len() + BLOCK, "a window of b for each row");
        let (pairs, single) = a.as_chunks::<2>();
        if let [last] = single {
            self.add_row::<0, BLOCK>(*last, b.first_chunk().expect("a window"));
        }
        if pairs.is_empty() {
            return;
        }
        let [mut high0, mut high1, mut high2, mut high3] = self.high;
        let [mut low0, mut low1, mut low2, mut low3] = self.low;
        #[rustfmt::skip]
        macro_rules! product {
            ($a:literal, $offset:literal, $high:literal, $sum:literal, $low:literal) => {
                concat!(
                    "vmovapd ", $sum, ", [{b} + ", $offset, "]\n",
                    "vfmadd213pd ", $sum, ", ", $a, ", ", $high, "\n",
                    "vsubpd ", $high, ", ", $high, ", ", $sum, "\n",
                    "vfmadd231pd ", $high, ", ", $a, ", [{b} + ", $offset, "]\n",
                    "vaddpd ", $low, ", ", $low, ", ", $high, "\n",
                )
            };
        }
        // SAFETY: two vectors of a are read for each pair; b has as many vectors as a and `BLOCK - 1` more, and is read from the window
        // of the first row down.
        unsafe {
            asm!(
                "2:",
                "vmovapd {even}, [{a}]",
                "vmovapd {odd}, [{a} + 32]",
                product!("{even}", "0", "{high0}", "{sum0}", "{low0}"),
                product!("{even}", "32", "{high1}", "{sum1}", "{low1}"),
                product!("{even}", "64", "{high2}", "{sum2}", "{low2}"),
                product!("{even}", "96", "{high3}", "{sum3}", "{low3}"),
                product!("{odd}", "-32", "{sum0}", "{high0}", "{low0}"),
                product!("{odd}", "0", "{sum1}", "{high1}", "{low1}"),
                product!("{odd}", "32", "{sum2}", "{high2}", "{low2}"),
                product!("{odd}", "64", "{sum3}", "{high3}", "{low3}"),
                "add {a}, 64",
                "sub {b}, 64",
                "dec {pairs}",
                "jnz 2b",
                a = inout(reg) a.as_ptr() => _,
                b = inout(reg) b.as_ptr().add(a.len() - 1) => _,
                pairs = inout(reg) pairs.len() => _,
                high0 = inout(ymm_reg) high0, high1 = inout(ymm_reg) high1, high2 = inout(ymm_reg) high2, high3 = inout(ymm_reg) high3,
                low0 = inout(ymm_reg) low0, low1 = inout(ymm_reg) low1, low2 = inout(ymm_reg) low2, low3 = inout(ymm_reg) low3,
                sum0 = out(ymm_reg) _, sum1 = out(ymm_reg) _, sum2 = out(ymm_reg) _, sum3 = out(ymm_reg) _,
                even = out(ymm_reg) _, odd = out(ymm_reg) _,
                options(nostack, readonly),
            );
        }
        self.high = [high0, high1, high2, high3];
        self.low = [low0, low1, low2, low3];
    }

    /// The limbs of `a * b` in whole blocks of columns. A square's begin at an even one.
    #[target_feature(enable = "avx2,fma")]
    pub fn columns(a: &[__m256d], b: &Factor, columns: Range<usize>, limbs: &mut [__m256d], mut carry: Carry) {
        for first in columns.step_by(BLOCK) {
            let limbs = limbs[first..].first_chunk_mut().expect("limbs of whole blocks");
            let mut sums = Self::new(carry.radix);
            if ADDED {
                sums.low = *limbs;
            }
            // Rows that reach some of the columns only take zeros for the others.
            let start = (first + 1).saturating_sub(a.len());
            let end = if SQUARE { first / 2 } else { a.len().min(first + BLOCK) };
            if start < end {
                sums.add_rows(&a[start..end], b.columns_of_rows(first, start, end));
            }
            if SQUARE {
                // Each product of two different limbs is twice there; squares of single limbs are in the columns 0 and 2.
                let (row, next) = (b.limb(end), b.limb(end + 1));
                sums.add_row::<0, 1>(row, b.columns(first, end));
                sums.add_row::<1, BLOCK>(_mm256_add_pd(row, row), b.columns(first, end));
                sums.add_row::<2, 3>(next, b.columns(first, end + 1));
                sums.add_row::<3, BLOCK>(_mm256_add_pd(next, next), b.columns(first, end + 1));
            }
            *limbs = carry.limbs(sums.high, sums.low);
        }
    }
}

/// What column `limbs - 2` of `quotient * modulus` carries to the next one, less one limb's worth.
#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn estimate(quotient: &[__m256d], modulus: &Factor, radix: Radix) -> __m256d {
    let pairs = quotient.iter().zip(modulus.limbs()[..quotient.len() - 1].iter().rev());
    pairs.fold(radix.rounding, |sum, (a, b)| _mm256_fmadd_pd(*a, *b, sum))
}

/// What the columns so far carry to the next one.
pub struct Carry {
    radix: Radix,
    /// From the sums of the last column.
    high: __m256d,
    /// From rounding the last column, times the base.
    rounded: __m256d,
}

impl Carry {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn new(radix: Radix) -> Self {
        Self { radix, high: _mm256_setzero_pd(), rounded: _mm256_setzero_pd() }
    }

    /// After a column whose high sum is known.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn after(high: __m256d, radix: Radix) -> Self {
        Self { high: _mm256_fmadd_pd(high, radix.inverse, radix.negative), ..Self::new(radix) }
    }

    /// Each limb gets what its column has, rounded, and what the one before carries; there is no chain of carries.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn limbs(&mut self, high: [__m256d; BLOCK], mut limbs: [__m256d; BLOCK]) -> [__m256d; BLOCK] {
        for (high, limb) in high.into_iter().zip(&mut limbs) {
            let sum = _mm256_add_pd(*limb, self.high);
            let rounded = self.radix.round(sum);
            *limb = _mm256_fmadd_pd(self.rounded, self.radix.inverse, _mm256_sub_pd(sum, rounded));
            self.high = _mm256_fmadd_pd(high, self.radix.inverse, self.radix.negative);
            self.rounded = rounded;
        }
        limbs
    }
}
