#![allow(unsafe_code, reason = "the instructions of AVX-512")]
#![allow(clippy::inline_always, reason = "all is compiled within two functions that have the instructions")]

use std::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_loadu_si512, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_setzero_si512, _mm512_sllv_epi64,
    _mm512_srli_epi64, _mm512_storeu_si512,
};

use super::{Limbs, Modulus, RADIX, Tile, Vector, scan};

/// A register of AVX-512.
#[derive(Clone, Copy)]
pub struct Zmm(__m512i);

/// Each function here but `supported` is called by [`square`] and [`multiply`] alone, in which it is compiled, and they only after
/// `supported`.
impl Vector for Zmm {
    const NAME: &'static str = "ifma";

    fn supported() -> bool {
        is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma")
    }

    fn square(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs) {
        // SAFETY: the CPU has the features, or there would be no kernel that calls this.
        unsafe { square(modulus, x, doubled) }
    }

    fn multiply(modulus: &mut Modulus, x: &mut [Tile], y: &[Tile]) {
        // SAFETY: the CPU has the features, or there would be no kernel that calls this.
        unsafe { multiply(modulus, x, y) }
    }

    #[inline(always)]
    fn zero() -> Self {
        // SAFETY: the CPU has AVX-512F, as above.
        Self(unsafe { _mm512_setzero_si512() })
    }

    #[inline(always)]
    fn load(words: &Limbs) -> Self {
        // SAFETY: the CPU has AVX-512F, as above; 64 bytes are there to be read, wherever they begin.
        Self(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, words: &mut Limbs) {
        // SAFETY: the CPU has AVX-512F, as above; 64 bytes are there to be written, wherever they begin.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        // SAFETY: the CPU has AVX-512F, as above.
        Self(unsafe { _mm512_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn plus_low(self, a: Self, b: Self) -> Self {
        // SAFETY: the CPU has AVX-512 IFMA, as above.
        Self(unsafe { _mm512_madd52lo_epu64(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn plus_high(self, a: Self, b: Self) -> Self {
        // SAFETY: the CPU has AVX-512 IFMA, as above.
        Self(unsafe { _mm512_madd52hi_epu64(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn carry(self) -> Self {
        // SAFETY: the CPU has AVX-512F, as above.
        Self(unsafe { _mm512_srli_epi64::<RADIX>(self.0) })
    }

    #[inline(always)]
    fn shifted_left(self, counts: Self) -> Self {
        // SAFETY: the CPU has AVX-512F, as above.
        Self(unsafe { _mm512_sllv_epi64(self.0, counts.0) })
    }
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn square(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs) {
    scan::square::<Zmm>(modulus, x, doubled);
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply(modulus: &mut Modulus, x: &mut [Tile], y: &[Tile]) {
    scan::multiply::<Zmm>(modulus, x, y);
}
