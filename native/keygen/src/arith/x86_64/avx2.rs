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
//! - `low` and what `high` of the column before carries: at most `(m + 1) * (2^(r-1) + 2^(r-2)) < 2^53`, which is exact.
//!
//! Montgomery reduction is of all limbs at once: `q = T * (-1 / N) mod R`, then `(T + q N) / R`. This has one column more than limb by
//! limb, but no product has to wait for a carry. Of `T + q N` the low half is a multiple of R by construction: its columns but the two
//! topmost ones are not computed, as those are enough to know which multiple.

use std::arch::x86_64::{
    __m256d, __m256i, _CMP_LT_OQ, _mm256_add_epi64, _mm256_add_pd, _mm256_and_pd, _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_cmp_pd,
    _mm256_fmadd_pd, _mm256_loadu_si256, _mm256_mul_pd, _mm256_set1_pd, _mm256_setzero_pd, _mm256_storeu_si256, _mm256_sub_epi64,
    _mm256_sub_pd,
};
use std::ops::{Deref, DerefMut};

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

const LANES: usize = 4;
/// Columns that are summed at once: their sums and what they are made from fit the 16 registers.
const BLOCK: usize = 4;
/// `1.5 * 2^52`: an integer that is added to it stands in its low bits.
const INTEGER: f64 = 6_755_399_441_055_744.0;

/// Four lanes in double-precision floating point.
pub struct Avx2 {
    radix: u32,
    limbs: usize,
    modulus: Factor,
    /// `-1 / N mod R`.
    inverse: Factor,
    x: Factor,
    /// `2 x` for squares, else the other factor.
    y: Factor,
    /// T, then `T + q N`.
    total: Vectors,
    quotient: Vectors,
}

impl Kernel for Avx2 {
    const NAME: &'static str = "avx2";
    const LANES: usize = LANES;
    type Word = u64;

    /// The largest that the bounds above allow.
    fn radix(bits: u32) -> u32 {
        (40..=50).rev().find(|radix| (bits + 5).div_ceil(*radix) + 2 <= 1 << (53 - radix)).expect("lengths of RSA's primes")
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then(|| Self {
            radix: Self::radix(bits),
            limbs,
            modulus: Factor::new(limbs),
            inverse: Factor::new(limbs),
            x: Factor::new(limbs),
            y: Factor::new(limbs),
            total: Vectors::new(2 * limbs + BLOCK),
            quotient: Vectors::new(limbs + BLOCK),
        })
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        for lane in 0..LANES {
            let mut modulus = Buffer::new(self.limbs);
            for (limb, word) in modulus.iter_mut().zip(moduli[lane..].iter().step_by(LANES)) {
                *limb = *word;
            }
            self.inverse.set_lane(lane, &negated_inverse_of_all(&modulus, self.radix), self.radix);
            self.modulus.set_lane(lane, &modulus, self.radix);
        }
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
                let sum = limb.cast_signed() + *carry;
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
        self.x.load(x, radix);
        for (twice, once) in self.y.limbs_mut().iter_mut().zip(self.x.limbs()) {
            *twice = _mm256_add_pd(*once, *once);
        }
        let mut carry = Carry::new(radix);
        for first in (0..2 * self.limbs).step_by(BLOCK) {
            let sums = square_columns(&self.x, &self.y, first, radix);
            carry.limbs(sums, &mut self.total[first..]);
        }
        self.reduce(radix);
        let factors = _mm256_add_pd(_mm256_set1_pd(1.0), integers(to_vector(doubled)));
        self.store(x, factors);
    }

    #[target_feature(enable = "avx2,fma")]
    fn multiply_in_vectors(&mut self, x: &mut [u64], y: &[u64]) {
        let radix = Radix::new(self.radix);
        self.x.load(x, radix);
        self.y.load(y, radix);
        let mut carry = Carry::new(radix);
        for first in (0..2 * self.limbs).step_by(BLOCK) {
            let sums = Sums::new(radix).product_columns(self.x.limbs(), &self.y, first);
            carry.limbs(sums, &mut self.total[first..]);
        }
        self.reduce(radix);
        self.store(x, _mm256_set1_pd(1.0));
    }

    /// The high half of `total` is `total / R mod N`.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn reduce(&mut self, radix: Radix) {
        let limbs = self.limbs;
        let mut carry = Carry::new(radix);
        for first in (0..limbs).step_by(BLOCK) {
            let sums = Sums::new(radix).product_columns(&self.total[..limbs], &self.inverse, first);
            carry.limbs(sums, &mut self.quotient[first..]);
        }
        // A quotient that is certainly positive, so that no value ever is negative. What carries made of the top limb is less than this.
        let little = _mm256_set1_pd(1024.0);
        let top = &mut self.quotient[limbs - 1];
        *top = _mm256_add_pd(*top, _mm256_and_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(*top, little), radix.base));
        let mut carry = Carry::after(estimate(&self.quotient[..limbs], &self.modulus, radix), radix);
        for first in (limbs - 1..2 * limbs).step_by(BLOCK) {
            let mut sums = Sums::new(radix);
            sums.low.copy_from_slice(&self.total[first..first + BLOCK]);
            let sums = sums.product_columns(&self.quotient[..limbs], &self.modulus, first);
            carry.limbs(sums, &mut self.total[first..]);
        }
    }

    /// `x = total / R * factors`
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn store(&self, x: &mut [u64], factors: __m256d) {
        let integer = _mm256_set1_pd(INTEGER);
        for (words, limb) in x.as_chunks_mut::<LANES>().0.iter_mut().zip(&self.total[self.limbs..]) {
            let shifted = _mm256_castpd_si256(_mm256_fmadd_pd(*limb, factors, integer));
            from_vector(_mm256_sub_epi64(shifted, _mm256_castpd_si256(integer)), words);
        }
    }
}

/// Constants of a radix.
#[derive(Clone, Copy)]
struct Radix {
    /// `2^r`
    base: __m256d,
    /// `2^-r`
    inverse: __m256d,
    /// `1.5 * 2^(52+r)`: what is added to it is rounded to a multiple of `2^r`.
    rounding: __m256d,
    /// `-1.5 * 2^52`, what `rounding` leaves when it is carried.
    negative: __m256d,
}

impl Radix {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(bits: u32) -> Self {
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
    fn round(self, number: __m256d) -> __m256d {
        _mm256_sub_pd(_mm256_add_pd(number, self.rounding), self.rounding)
    }
}

/// Sums of products in a block of columns.
struct Sums {
    high: [__m256d; BLOCK],
    low: [__m256d; BLOCK],
}

impl Sums {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(radix: Radix) -> Self {
        Self { high: [radix.rounding; BLOCK], low: [_mm256_setzero_pd(); BLOCK] }
    }

    /// Adds `a * b[column]` to the columns `FROM..TO`.
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

    /// Adds the columns of `a * b` from `first` on.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn product_columns(mut self, a: &[__m256d], b: &Factor, first: usize) -> Self {
        let limbs = a.len();
        // Rows that reach columns of this block, but not all of them: the first row of column c is first + c - (limbs - 1), the last
        // is first + c.
        if first + BLOCK > limbs {
            let row = |column: usize| (first + column + 1).checked_sub(limbs).filter(|row| *row < limbs);
            if let Some(row) = row(0) {
                self.add_row::<0, 1>(a[row], b.columns(first, row));
            }
            if let Some(row) = row(1) {
                self.add_row::<0, 2>(a[row], b.columns(first, row));
            }
            if let Some(row) = row(2) {
                self.add_row::<0, 3>(a[row], b.columns(first, row));
            }
        }
        let (start, end) = ((first + BLOCK).saturating_sub(limbs), limbs.min(first + 1));
        if start < end {
            for (a, b) in a[start..end].iter().zip(b.columns_of_rows(first, start, end)) {
                self.add_row::<0, BLOCK>(*a, b);
            }
        }
        if first + 1 < limbs {
            self.add_row::<1, BLOCK>(a[first + 1], b.columns(first, first + 1));
        }
        if first + 2 < limbs {
            self.add_row::<2, BLOCK>(a[first + 2], b.columns(first, first + 2));
        }
        if first + 3 < limbs {
            self.add_row::<3, BLOCK>(a[first + 3], b.columns(first, first + 3));
        }
        self
    }
}

/// The columns of x^2 from `first` on, which is even; `twice` is `2 x`.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn square_columns(x: &Factor, twice: &Factor, first: usize, radix: Radix) -> Sums {
    let mut sums = Sums::new(radix);
    let (limbs, middle) = (x.limbs().len(), first / 2);
    if first + BLOCK > limbs {
        let row = |column: usize| (first + column + 1).checked_sub(limbs).filter(|row| *row < middle);
        if let Some(row) = row(0) {
            sums.add_row::<0, 1>(twice.limbs()[row], x.columns(first, row));
        }
        if let Some(row) = row(1) {
            sums.add_row::<0, 2>(twice.limbs()[row], x.columns(first, row));
        }
        if let Some(row) = row(2) {
            sums.add_row::<0, 3>(twice.limbs()[row], x.columns(first, row));
        }
    }
    let start = (first + BLOCK).saturating_sub(limbs);
    if start < middle {
        for (a, b) in twice.limbs()[start..middle].iter().zip(x.columns_of_rows(first, start, middle)) {
            sums.add_row::<0, BLOCK>(*a, b);
        }
    }
    // Squares of single limbs are in the columns 0 and 2.
    sums.add_row::<0, 1>(x.limb(middle), x.columns(first, middle));
    sums.add_row::<1, BLOCK>(twice.limb(middle), x.columns(first, middle));
    sums.add_row::<2, 3>(x.limb(middle + 1), x.columns(first, middle + 1));
    sums.add_row::<3, BLOCK>(twice.limb(middle + 1), x.columns(first, middle + 1));
    sums
}

/// What column `limbs - 2` of `quotient * modulus` carries to the next one, less one limb's worth.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn estimate(quotient: &[__m256d], modulus: &Factor, radix: Radix) -> __m256d {
    let pairs = quotient.iter().zip(modulus.limbs()[..quotient.len() - 1].iter().rev());
    pairs.fold(radix.rounding, |sum, (a, b)| _mm256_fmadd_pd(*a, *b, sum))
}

/// What the columns so far carry to the next one.
struct Carry {
    radix: Radix,
    /// From the sums of the last column.
    high: __m256d,
    /// From rounding the last column, times the base.
    rounded: __m256d,
}

impl Carry {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(radix: Radix) -> Self {
        Self { radix, high: _mm256_setzero_pd(), rounded: _mm256_setzero_pd() }
    }

    /// After a column whose high sum is known.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn after(high: __m256d, radix: Radix) -> Self {
        Self { high: _mm256_fmadd_pd(high, radix.inverse, radix.negative), ..Self::new(radix) }
    }

    /// Each limb gets what its column has, rounded, and what the one before carries; there is no chain of carries.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn limbs(&mut self, sums: Sums, limbs: &mut [__m256d]) {
        for ((high, low), limb) in sums.high.into_iter().zip(sums.low).zip(limbs) {
            let sum = _mm256_add_pd(low, self.high);
            let rounded = self.radix.round(sum);
            *limb = _mm256_fmadd_pd(self.rounded, self.radix.inverse, _mm256_sub_pd(sum, rounded));
            self.high = _mm256_fmadd_pd(high, self.radix.inverse, self.radix.negative);
            self.rounded = rounded;
        }
    }
}

/// Doubles, four lanes each.
struct Vectors(Buffer<u64>);

impl Vectors {
    fn new(length: usize) -> Self {
        Self(Buffer::new(length * LANES))
    }
}

impl Deref for Vectors {
    type Target = [__m256d];

    fn deref(&self) -> &[__m256d] {
        // SAFETY: a buffer is aligned more strictly than a vector, and any bits are four doubles.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() / LANES) }
    }
}

impl DerefMut for Vectors {
    fn deref_mut(&mut self) -> &mut [__m256d] {
        // SAFETY: a buffer is aligned more strictly than a vector, and any bits are four doubles or four words.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() / LANES) }
    }
}

/// Limbs between zeros, so that a block of columns may reach over the edges.
struct Factor {
    padded: Vectors,
    limbs: usize,
}

impl Factor {
    fn new(limbs: usize) -> Self {
        Self { padded: Vectors::new(limbs + 2 * BLOCK), limbs }
    }

    fn limbs(&self) -> &[__m256d] {
        &self.padded[BLOCK..BLOCK + self.limbs]
    }

    fn limbs_mut(&mut self) -> &mut [__m256d] {
        &mut self.padded[BLOCK..BLOCK + self.limbs]
    }

    /// Zero a little after the limbs.
    fn limb(&self, index: usize) -> __m256d {
        self.padded[BLOCK + index]
    }

    /// The limbs that row `row` of a product has in the columns from `first` on.
    fn columns(&self, first: usize, row: usize) -> &[__m256d; BLOCK] {
        self.padded[BLOCK + first - row..].first_chunk().expect("padding")
    }

    /// The same of many rows.
    fn columns_of_rows(&self, first: usize, start: usize, end: usize) -> impl Iterator<Item = &[__m256d; BLOCK]> {
        self.padded[BLOCK + first + 1 - end..BLOCK + first - start + BLOCK].array_windows().rev()
    }

    /// Takes canonical limbs.
    fn set_lane(&mut self, lane: usize, limbs: &[u64], radix: u32) {
        let mut carry = 0;
        for (word, limb) in self.padded.0[BLOCK * LANES + lane..].iter_mut().step_by(LANES).zip(limbs) {
            let sum = limb.cast_signed() + carry;
            carry = (sum + (1 << (radix - 1))) >> radix;
            *word = ((sum - (carry << radix)) as f64).to_bits();
        }
    }

    /// Takes limbs that may be negative or twice too large.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn load(&mut self, words: &[u64], radix: Radix) {
        let mut carried = _mm256_setzero_pd();
        for (limb, words) in self.limbs_mut().iter_mut().zip(words.as_chunks::<LANES>().0) {
            let number = integers(to_vector(words));
            let rounded = radix.round(number);
            *limb = _mm256_fmadd_pd(carried, radix.inverse, _mm256_sub_pd(number, rounded));
            carried = rounded;
        }
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn to_vector(words: &[u64]) -> __m256i {
    let words: &[u64; LANES] = words.try_into().expect("a word a lane");
    // SAFETY: four words are read, wherever they stand.
    unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn from_vector(vector: __m256i, words: &mut [u64; LANES]) {
    // SAFETY: four words are written, wherever they stand.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), vector) }
}

/// Integers of 51 bits and a sign as doubles.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn integers(words: __m256i) -> __m256d {
    let integer = _mm256_set1_pd(INTEGER);
    _mm256_sub_pd(_mm256_castsi256_pd(_mm256_add_epi64(words, _mm256_castpd_si256(integer))), integer)
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
