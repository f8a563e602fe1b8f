use std::arch::x86_64::{
    __m256i, _mm_cvtsi32_si128, _mm_set_epi32, _mm256_add_epi64, _mm256_cvtepu32_epi64, _mm256_extract_epi64, _mm256_mul_epu32,
    _mm256_set1_epi64x, _mm256_sll_epi64, _mm256_srli_epi64,
};

use super::below;

/// Vectors of four primes each whose steps don't wait for each other.
const VECTORS: usize = 4;

/// As [`super::residues`].
#[target_feature(enable = "avx2")]
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let words = numbers[0].len();
    for (block, chunk) in primes.chunks(4 * VECTORS).enumerate() {
        // Lanes that are left over divide by 3.
        let divisors: [Divisors; VECTORS] = {
            let prime = |index: usize| chunk.get(index).copied().unwrap_or(3);
            let mut divisors = [Divisors::new([3; 4]); VECTORS];
            for (vector, divisors) in divisors.iter_mut().enumerate() {
                *divisors = Divisors::new([0, 1, 2, 3].map(|lane| prime(4 * vector + lane)));
            }
            divisors
        };
        let powers = powers_of_two(&divisors, 32 * (words as u32 + 1));
        for (i, number) in numbers.iter().enumerate() {
            let mut sums = [_mm256_set1_epi64x(0); VECTORS];
            for &word in *number {
                let word = _mm256_set1_epi64x(word.into());
                for (sum, divisors) in sums.iter_mut().zip(&divisors) {
                    *sum = divisors.reduce(_mm256_add_epi64(*sum, word));
                }
            }
            for (vector, (sum, divisors)) in sums.into_iter().zip(&divisors).enumerate() {
                let remainder = unpacked(divisors.reduce(_mm256_mul_epu32(sum, powers[vector])));
                for (lane, remainder) in remainder.into_iter().enumerate() {
                    let index = 4 * vector + lane;
                    if let Some(&prime) = chunk.get(index) {
                        remainders[i * primes.len() + block * 4 * VECTORS + index] = below(prime, remainder);
                    }
                }
            }
        }
    }
}

/// [`super::Divisor`] in each of four lanes of 64 bits, the values in their low halves.
#[derive(Clone, Copy)]
struct Divisors {
    primes: __m256i,
    inverses: __m256i,
    /// 2^32 modulo each.
    ones: __m256i,
}

impl Divisors {
    #[target_feature(enable = "avx2")]
    fn new(primes: [u32; 4]) -> Self {
        let divisors = primes.map(super::Divisor::new);
        Self {
            primes: packed(primes),
            inverses: packed(divisors.each_ref().map(|divisor| divisor.inverse)),
            ones: packed(primes.map(|prime| u32::MAX % prime + 1)),
        }
    }

    #[target_feature(enable = "avx2")]
    fn reduce(&self, values: __m256i) -> __m256i {
        let factors = _mm256_mul_epu32(values, self.inverses);
        _mm256_srli_epi64::<32>(_mm256_add_epi64(values, _mm256_mul_epu32(factors, self.primes)))
    }
}

/// [`super::Divisor::power_of_two`] in all lanes of all vectors, step by step.
#[target_feature(enable = "avx2")]
fn powers_of_two(divisors: &[Divisors; VECTORS], power: u32) -> [__m256i; VECTORS] {
    let mut results = [_mm256_set1_epi64x(0); VECTORS];
    for (result, divisors) in results.iter_mut().zip(divisors) {
        *result = divisors.ones;
    }
    for bit in (0..=power.ilog2()).rev() {
        let doublings = _mm_cvtsi32_si128((power >> bit & 1).cast_signed());
        for (result, divisors) in results.iter_mut().zip(divisors) {
            *result = _mm256_sll_epi64(divisors.reduce(_mm256_mul_epu32(*result, *result)), doublings);
        }
    }
    for (result, divisors) in results.iter_mut().zip(divisors) {
        *result = divisors.reduce(*result);
    }
    results
}

#[target_feature(enable = "avx2")]
fn packed(words: [u32; 4]) -> __m256i {
    let [a, b, c, d] = words.map(u32::cast_signed);
    _mm256_cvtepu32_epi64(_mm_set_epi32(d, c, b, a))
}

#[target_feature(enable = "avx2")]
fn unpacked(values: __m256i) -> [u32; 4] {
    [
        _mm256_extract_epi64::<0>(values) as u32,
        _mm256_extract_epi64::<1>(values) as u32,
        _mm256_extract_epi64::<2>(values) as u32,
        _mm256_extract_epi64::<3>(values) as u32,
    ]
}
