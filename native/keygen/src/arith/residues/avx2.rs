use core::arch::x86_64::{
    __m128i, __m256d, __m256i, _MM_FROUND_NO_EXC, _MM_FROUND_TO_NEAREST_INT, _mm_add_epi32, _mm_and_si128, _mm_cvtsi32_si128,
    _mm_setr_epi32, _mm_srai_epi32, _mm256_add_epi64, _mm256_cvtepi32_pd, _mm256_cvtepu32_epi64, _mm256_cvttpd_epi32, _mm256_div_pd,
    _mm256_extract_epi64, _mm256_fnmadd_pd, _mm256_mul_epu32, _mm256_mul_pd, _mm256_round_pd, _mm256_set1_epi32, _mm256_set1_epi64x,
    _mm256_set1_pd, _mm256_setzero_si256, _mm256_sll_epi64, _mm256_srli_epi64, _mm256_sub_epi64,
};
use core::array::from_fn;

use super::leading_bits;
use super::portable::below;

const LANES: usize = 4;
/// Vectors of primes whose steps don't wait for each other.
const VECTORS: usize = 4;
/// Primes of a round.
const BLOCK: usize = VECTORS * LANES;

/// As [`super::residues`]: each word times its power of two, which are computed once for two numbers. The sums stay
/// below 2^63 + 2^49.
#[target_feature(enable = "avx2,fma")]
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let words = numbers[0].len();
    for (block, chunk) in primes.chunks(BLOCK).enumerate() {
        // Lanes that are left over divide by 3.
        let mut chosen = [3; BLOCK];
        chosen[..chunk.len()].copy_from_slice(chunk);
        let divisors: [Divisors; VECTORS] = from_fn(|vector| Divisors::new(from_fn(|lane| chosen[vector * LANES + lane])));
        // Of the most significant word, two words higher than it belongs: the sum is reduced twice.
        let powers = divisors.each_ref().map(|divisors| divisors.power_of_two(32 * (words as u32 + 1)));
        for (pair, numbers) in numbers.chunks(2).enumerate() {
            let sums = sums(&divisors, powers, [numbers[0], numbers[numbers.len() - 1]]);
            for (i, sums) in sums[..numbers.len()].iter().enumerate() {
                let found: [[u32; LANES]; VECTORS] = from_fn(|vector| divisors[vector].remainders(sums[vector]));
                let start = (2 * pair + i) * primes.len() + block * BLOCK;
                remainders[start..start + chunk.len()].copy_from_slice(&found.as_flattened()[..chunk.len()]);
            }
        }
    }
}

/// The sum of the words of each number times `powers`, which is for the most significant word and 2^32 times less for each word below it.
#[target_feature(enable = "avx2,fma")]
fn sums(divisors: &[Divisors; VECTORS], mut powers: [__m256i; VECTORS], numbers: [&[u32]; 2]) -> [[__m256i; VECTORS]; 2] {
    let mut sums = [[_mm256_setzero_si256(); VECTORS]; 2];
    for (&first, &second) in numbers[0].iter().zip(numbers[1]).rev() {
        let words = [first, second].map(|word| _mm256_set1_epi32(word.cast_signed()));
        for (vector, power) in powers.iter_mut().enumerate() {
            for (sums, word) in sums.iter_mut().zip(words) {
                sums[vector] = _mm256_add_epi64(sums[vector], _mm256_mul_epu32(*power, word));
            }
            *power = divisors[vector].reduce(*power);
        }
    }
    sums
}

/// [`Divisor`](super::portable::Divisor) in each of four lanes of 64 bits, the values in their low halves.
#[derive(Clone, Copy)]
struct Divisors {
    primes: __m256i,
    inverses: __m256i,
    doubles: __m256d,
}

impl Divisors {
    #[target_feature(enable = "avx2,fma")]
    fn new(primes: [u32; LANES]) -> Self {
        let [a, b, c, d] = primes.map(u32::cast_signed);
        let packed = _mm_setr_epi32(a, b, c, d);
        let primes = _mm256_cvtepu32_epi64(packed);
        // As in one lane.
        let inverses = (0..4).fold(primes, |inverses, _| {
            let errors = _mm256_sub_epi64(_mm256_set1_epi64x(2), _mm256_mul_epu32(primes, inverses));
            _mm256_mul_epu32(inverses, errors)
        });
        Self { primes, inverses: _mm256_sub_epi64(_mm256_setzero_si256(), inverses), doubles: _mm256_cvtepi32_pd(packed) }
    }

    #[target_feature(enable = "avx2,fma")]
    fn reduce(&self, values: __m256i) -> __m256i {
        let factors = _mm256_mul_epu32(values, self.inverses);
        _mm256_srli_epi64::<32>(_mm256_add_epi64(values, _mm256_mul_epu32(factors, self.primes)))
    }

    /// `2^power` modulo the primes, `power <= 52`: the quotient fits a double and is right to one, and the remainder is exact.
    #[target_feature(enable = "avx2,fma")]
    fn small_power_of_two(&self, power: u32) -> __m256i {
        let numerator = _mm256_set1_pd((1_u64 << power) as f64);
        let quotients = _mm256_mul_pd(numerator, _mm256_div_pd(_mm256_set1_pd(1.0), self.doubles));
        let quotients = _mm256_round_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(quotients);
        let remainders: __m128i = _mm256_cvttpd_epi32(_mm256_fnmadd_pd(quotients, self.doubles, numerator));
        let primes = _mm256_cvttpd_epi32(self.doubles);
        let negative = _mm_srai_epi32::<31>(remainders);
        _mm256_cvtepu32_epi64(_mm_add_epi32(remainders, _mm_and_si128(negative, primes)))
    }

    /// [`Divisor::power_of_two`](super::portable::Divisor::power_of_two) in all lanes, of a power above 32.
    #[target_feature(enable = "avx2,fma")]
    fn power_of_two(&self, power: u32) -> __m256i {
        let (first, rest) = leading_bits(power - 32, 20);
        let mut result = self.small_power_of_two(32 + first);
        for doubled in rest {
            result = _mm256_sll_epi64(self.reduce(_mm256_mul_epu32(result, result)), _mm_cvtsi32_si128(doubled.cast_signed()));
        }
        result
    }

    /// What is left of sums below 2^64 - 2^56, which are divided by 2^64.
    #[target_feature(enable = "avx2,fma")]
    fn remainders(&self, sums: __m256i) -> [u32; LANES] {
        let values = self.reduce(self.reduce(sums));
        let primes = [
            _mm256_extract_epi64::<0>(self.primes),
            _mm256_extract_epi64::<1>(self.primes),
            _mm256_extract_epi64::<2>(self.primes),
            _mm256_extract_epi64::<3>(self.primes),
        ];
        let values = [
            _mm256_extract_epi64::<0>(values),
            _mm256_extract_epi64::<1>(values),
            _mm256_extract_epi64::<2>(values),
            _mm256_extract_epi64::<3>(values),
        ];
        from_fn(|lane| below(primes[lane] as u32, values[lane] as u32))
    }
}
