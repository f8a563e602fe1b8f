//! Numbers as vectors: one limb of each lane, an integer in a double.

use std::arch::x86_64::{__m256d, _mm256_loadu_pd, _mm256_storeu_pd};

use super::super::super::buffer::Buffer;
use super::columns::BLOCK;

pub const LANES: usize = 4;
/// `1.5 * 2^52`: an integer that is added to it stands in its low bits.
pub const INTEGER: f64 = 6_755_399_441_055_744.0;

/// Limbs of four lanes each, between zeros: a block of columns may reach over the edges.
pub struct Padded {
    words: Buffer<u64>,
    pub length: usize,
}

impl Padded {
    pub fn new(length: usize) -> Self {
        Self { words: Buffer::new((length + 2 * BLOCK) * LANES), length }
    }

    /// Without the zeros.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words[BLOCK * LANES..(BLOCK + self.length) * LANES]
    }

    /// Without the zeros.
    pub fn limbs(&self) -> &[__m256d] {
        &self.vectors()[BLOCK..BLOCK + self.length]
    }

    /// Without the zeros.
    pub fn limbs_mut(&mut self) -> &mut [__m256d] {
        let length = self.length;
        &mut self.vectors_mut()[BLOCK..BLOCK + length]
    }

    /// The limb at an index, which may be up to a block outside, and by the same pointer all others.
    pub fn at(&self, index: isize) -> *const __m256d {
        let (vectors, index) = (self.vectors(), (BLOCK.cast_signed() + index).cast_unsigned());
        assert!(index < vectors.len(), "a limb or a zero beside them");
        vectors.as_ptr().wrapping_add(index)
    }

    /// The limbs from an index on, which may be up to a block outside.
    pub fn block_mut(&mut self, index: isize) -> &mut [__m256d; BLOCK] {
        self.vectors_mut()[(BLOCK.cast_signed() + index).cast_unsigned()..].first_chunk_mut().expect("a whole block")
    }

    fn vectors(&self) -> &[__m256d] {
        // SAFETY: a buffer is aligned more strictly than a vector, and any bits are four doubles.
        unsafe { std::slice::from_raw_parts(self.words.as_ptr().cast(), self.words.len() / LANES) }
    }

    fn vectors_mut(&mut self) -> &mut [__m256d] {
        // SAFETY: a buffer is aligned more strictly than a vector, and any bits are four doubles or four words.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.words.len() / LANES) }
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn to_vector(words: &[u64; LANES]) -> __m256d {
    // SAFETY: four words are read, wherever they stand.
    unsafe { _mm256_loadu_pd(words.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn load(words: &[u64], limbs: &mut Padded) {
    for (limb, words) in limbs.limbs_mut().iter_mut().zip(words.as_chunks().0) {
        *limb = to_vector(words);
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn store(limbs: &[__m256d], words: &mut [u64]) {
    for (limb, words) in limbs.iter().zip(words.as_chunks_mut::<LANES>().0) {
        // SAFETY: four words are written, wherever they stand.
        unsafe { _mm256_storeu_pd(words.as_mut_ptr().cast(), *limb) }
    }
}
