//! Numbers as vectors: one limb of each lane, an integer in a double.

use std::arch::x86_64::{
    __m256d, __m256i, _mm256_add_epi64, _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_fmadd_pd, _mm256_loadu_si256, _mm256_set1_pd,
    _mm256_setzero_pd, _mm256_storeu_si256, _mm256_sub_pd,
};
use std::ops::{Deref, DerefMut};

use super::super::super::buffer::Buffer;
use super::columns::{BLOCK, Radix};

pub const LANES: usize = 4;
/// `1.5 * 2^52`: an integer that is added to it stands in its low bits.
pub const INTEGER: f64 = 6_755_399_441_055_744.0;

/// Doubles, four lanes each.
pub struct Vectors(Buffer<u64>);

impl Vectors {
    pub fn new(length: usize) -> Self {
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
pub struct Factor {
    padded: Vectors,
    limbs: usize,
}

impl Factor {
    pub fn new(limbs: usize) -> Self {
        Self { padded: Vectors::new(limbs + 2 * BLOCK), limbs }
    }

    pub fn limbs(&self) -> &[__m256d] {
        &self.padded[BLOCK..BLOCK + self.limbs]
    }

    pub fn limbs_mut(&mut self) -> &mut [__m256d] {
        &mut self.padded[BLOCK..BLOCK + self.limbs]
    }

    /// Zero a little after the limbs.
    pub fn limb(&self, index: usize) -> __m256d {
        self.padded[BLOCK + index]
    }

    /// The limbs that row `row` of a product has in the columns from `first` on.
    pub fn columns(&self, first: usize, row: usize) -> &[__m256d; BLOCK] {
        self.padded[BLOCK + first - row..].first_chunk().expect("padding")
    }

    /// The limbs that the rows `start..end` have there, those of the last row first.
    pub fn columns_of_rows(&self, first: usize, start: usize, end: usize) -> &[__m256d] {
        &self.padded[BLOCK + first + 1 - end..BLOCK + first - start + BLOCK]
    }

    /// Takes canonical limbs.
    pub fn set_lane(&mut self, lane: usize, limbs: &[u64], radix: u32) {
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
    pub fn load(&mut self, words: &[u64], radix: Radix) {
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
pub fn to_vector(words: &[u64]) -> __m256i {
    let words: &[u64; LANES] = words.try_into().expect("a word a lane");
    // SAFETY: four words are read, wherever they stand.
    unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn from_vector(vector: __m256i, words: &mut [u64; LANES]) {
    // SAFETY: four words are written, wherever they stand.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), vector) }
}

/// Integers of 51 bits and a sign as doubles.
#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn integers(words: __m256i) -> __m256d {
    let integer = _mm256_set1_pd(INTEGER);
    _mm256_sub_pd(_mm256_castsi256_pd(_mm256_add_epi64(words, _mm256_castpd_si256(integer))), integer)
}
