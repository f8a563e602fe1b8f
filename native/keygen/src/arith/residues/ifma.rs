use core::arch::x86_64::{
    __m256i, __m512d, __m512i, _MM_FROUND_NO_EXC, _MM_FROUND_TO_NEAREST_INT, _mm_cvtsi32_si128, _mm256_loadu_si256, _mm256_storeu_si256,
    _mm512_add_epi64, _mm512_cmplt_epi64_mask, _mm512_cvtepi32_epi64, _mm512_cvtepi32_pd, _mm512_cvtepi64_epi32, _mm512_cvtepu32_epi64,
    _mm512_cvttpd_epi32, _mm512_div_pd, _mm512_fnmadd_pd, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_add_epi64,
    _mm512_roundscale_pd, _mm512_set1_epi64, _mm512_set1_pd, _mm512_setzero_si512, _mm512_sll_epi64, _mm512_srli_epi64, _mm512_sub_epi64,
};
use core::array::from_fn;

use super::super::buffer::Buffer;
use super::leading_bits;
use super::portable::{below, digits};

const LANES: usize = 8;
/// Vectors of primes; with two numbers that makes four chains of steps that don't wait for each other.
const VECTORS: usize = 2;
/// Primes of a round.
const BLOCK: usize = VECTORS * LANES;
/// Bits of a digit.
const RADIX: u32 = 52;

/// As [`super::residues`], by digits of 52 bits: each step adds one and divides by 2^52.
#[target_feature(enable = "avx512f,avx512ifma")]
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let numbers: Vec<Buffer<u64>> = numbers.iter().map(|number| digits(number, RADIX)).collect();
    let power = RADIX * (numbers[0].len() as u32 + 1);
    for (block, chunk) in primes.chunks(BLOCK).enumerate() {
        // Lanes that are left over divide by 3.
        let mut chosen = [3; BLOCK];
        chosen[..chunk.len()].copy_from_slice(chunk);
        let divisors: [Divisors; VECTORS] = from_fn(|vector| Divisors::new(chosen.as_chunks().0[vector]));
        let powers = divisors.each_ref().map(|divisors| divisors.power_of_two(power));
        for (pair, numbers) in numbers.chunks(2).enumerate() {
            let quotients = quotients(&divisors, [&numbers[0], &numbers[numbers.len() - 1]]);
            for (i, quotients) in quotients[..numbers.len()].iter().enumerate() {
                let found: [[u32; LANES]; VECTORS] = from_fn(|vector| divisors[vector].products(quotients[vector], powers[vector]));
                let start = (2 * pair + i) * primes.len() + block * BLOCK;
                remainders[start..start + chunk.len()].copy_from_slice(&found.as_flattened()[..chunk.len()]);
            }
        }
    }
}

/// Each number divided by two to the power of all its digits' bits.
#[target_feature(enable = "avx512f,avx512ifma")]
fn quotients(divisors: &[Divisors; VECTORS], numbers: [&[u64]; 2]) -> [[__m512i; VECTORS]; 2] {
    let mut quotients = [[_mm512_setzero_si512(); VECTORS]; 2];
    for (&first, &second) in numbers[0].iter().zip(numbers[1]) {
        for (quotients, digit) in quotients.iter_mut().zip([first, second]) {
            let digit = _mm512_set1_epi64(digit.cast_signed());
            for (quotient, divisors) in quotients.iter_mut().zip(divisors) {
                *quotient = divisors.reduce(_mm512_add_epi64(*quotient, digit), _mm512_setzero_si512());
            }
        }
    }
    quotients
}

/// [`Divisor`](super::portable::Divisor) in each of eight lanes, for division by 2^52.
#[derive(Clone, Copy)]
struct Divisors {
    primes: __m512i,
    inverses: __m512i,
    doubles: __m512d,
}

impl Divisors {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new(primes: [u32; LANES]) -> Self {
        #[allow(unsafe_code, reason = "vectors are read from memory")]
        // SAFETY: 32 bytes are there to be read, wherever they begin.
        let packed: __m256i = unsafe { _mm256_loadu_si256(primes.as_ptr().cast()) };
        let primes = _mm512_cvtepu32_epi64(packed);
        let zero = _mm512_setzero_si512();
        // As in one lane, with a step more.
        let inverses = (0..5).fold(primes, |inverses, _| {
            let errors = _mm512_sub_epi64(_mm512_set1_epi64(2), _mm512_madd52lo_epu64(zero, primes, inverses));
            _mm512_madd52lo_epu64(zero, inverses, errors)
        });
        Self { primes, inverses: _mm512_sub_epi64(zero, inverses), doubles: _mm512_cvtepi32_pd(packed) }
    }

    /// `(low + 2^52 high) / 2^52` modulo the primes, at most a prime and what of the value is above the lowest 52 bits, and one.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn reduce(&self, low: __m512i, high: __m512i) -> __m512i {
        let factors = _mm512_madd52lo_epu64(_mm512_setzero_si512(), low, self.inverses);
        // The low half of the product makes the lowest 52 bits zero, so only rounding up is left of it.
        let carry = _mm512_srli_epi64::<RADIX>(_mm512_add_epi64(low, _mm512_set1_epi64((1 << RADIX) - 1)));
        _mm512_madd52hi_epu64(_mm512_add_epi64(high, carry), factors, self.primes)
    }

    /// `a * b / 2^52` modulo the primes.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn product(&self, a: __m512i, b: __m512i) -> __m512i {
        let zero = _mm512_setzero_si512();
        self.reduce(_mm512_madd52lo_epu64(zero, a, b), _mm512_madd52hi_epu64(zero, a, b))
    }

    /// [`Divisor::power_of_two`](super::portable::Divisor::power_of_two) in all lanes, of a multiple of 52 above it. Such a power ends in two
    /// zero bits, so the last steps double nothing and the result is at most the prime.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_of_two(&self, power: u32) -> __m512i {
        // 2^52: the quotient fits a double and is right to one, and the remainder is exact.
        let numerator = _mm512_set1_pd((1_u64 << RADIX) as f64);
        let quotients = _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(_mm512_div_pd(numerator, self.doubles));
        let remainders = _mm512_cvtepi32_epi64(_mm512_cvttpd_epi32(_mm512_fnmadd_pd(quotients, self.doubles, numerator)));
        let negative = _mm512_cmplt_epi64_mask(remainders, _mm512_setzero_si512());
        let one = _mm512_mask_add_epi64(remainders, negative, remainders, self.primes);
        // Shifted so far it is less than 2^44, and its square a product of two digits.
        let (first, rest) = leading_bits(power - RADIX, 20);
        let mut result = _mm512_sll_epi64(one, _mm_cvtsi32_si128(first.cast_signed()));
        for doubled in rest {
            result = _mm512_sll_epi64(self.product(result, result), _mm_cvtsi32_si128(doubled.cast_signed()));
        }
        result
    }

    /// The products of values and powers, divided by 2^52.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn products(&self, values: __m512i, powers: __m512i) -> [u32; LANES] {
        let remainders = _mm512_cvtepi64_epi32(self.product(values, powers));
        let packed = |values: __m256i| {
            let mut words = [0; LANES];
            #[allow(unsafe_code, reason = "vectors are written to memory")]
            // SAFETY: 32 bytes are there to be written, wherever they begin.
            unsafe {
                _mm256_storeu_si256(words.as_mut_ptr().cast(), values);
            }
            words
        };
        let (remainders, primes) = (packed(remainders), packed(_mm512_cvtepi64_epi32(self.primes)));
        from_fn(|lane| below(primes[lane], remainders[lane]))
    }
}
