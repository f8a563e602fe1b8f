use core::arch::aarch64::{
    uint32x4_t, uint64x2_t, vaddl_high_u32, vaddl_u32, vdupq_n_s32, vdupq_n_u32, vget_low_u32, vgetq_lane_u32, vminq_u32, vmlal_high_u32,
    vmlal_u32, vmlsq_u32, vmovl_high_u32, vmovl_u32, vmull_high_u32, vmull_u32, vmulq_u32, vreinterpretq_u32_u64, vsetq_lane_u32,
    vshlq_u32, vsubq_u32, vuzp1q_u32, vuzp2q_u32,
};
use core::array::from_fn;

const LANES: usize = 4;
/// Vectors of primes whose steps don't wait for each other.
const VECTORS: usize = 4;
/// Primes of a round.
const BLOCK: usize = VECTORS * LANES;

/// As [`super::residues`].
#[target_feature(enable = "neon")]
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let words = numbers[0].len();
    for (block, chunk) in primes.chunks(BLOCK).enumerate() {
        // Lanes that are left over divide by 3.
        let mut chosen = [3; BLOCK];
        chosen[..chunk.len()].copy_from_slice(chunk);
        let divisors: [Divisors; VECTORS] = from_fn(|vector| Divisors::new(from_fn(|lane| chosen[vector * LANES + lane])));
        let powers = divisors.each_ref().map(|divisors| divisors.power_of_two(32 * (words as u32 + 1)));
        for (i, number) in numbers.iter().enumerate() {
            let mut sums = [vdupq_n_u32(0); VECTORS];
            for &word in *number {
                let word = vdupq_n_u32(word);
                for (sum, divisors) in sums.iter_mut().zip(&divisors) {
                    *sum = divisors.reduce([vaddl_u32(vget_low_u32(*sum), vget_low_u32(word)), vaddl_high_u32(*sum, word)]);
                }
            }
            let found: [[u32; LANES]; VECTORS] = from_fn(|vector| divisors[vector].remainders(product(sums[vector], powers[vector])));
            let start = i * primes.len() + block * BLOCK;
            remainders[start..start + chunk.len()].copy_from_slice(&found.as_flattened()[..chunk.len()]);
        }
    }
}

/// [`Divisor`](super::portable::Divisor) in each of four lanes. A value of 64 bits is in one of two vectors.
#[derive(Clone, Copy)]
struct Divisors {
    primes: uint32x4_t,
    inverses: uint32x4_t,
    /// 2^32 modulo each.
    ones: uint32x4_t,
}

impl Divisors {
    #[target_feature(enable = "neon")]
    fn new(primes: [u32; LANES]) -> Self {
        let ones = packed(primes.map(|prime| u32::MAX % prime + 1));
        let primes = packed(primes);
        let inverses = (0..4).fold(primes, |inverses, _| vmulq_u32(inverses, vmlsq_u32(vdupq_n_u32(2), primes, inverses)));
        Self { primes, inverses: vsubq_u32(vdupq_n_u32(0), inverses), ones }
    }

    #[target_feature(enable = "neon")]
    fn reduce(&self, values: [uint64x2_t; 2]) -> uint32x4_t {
        let low_words = vuzp1q_u32(vreinterpretq_u32_u64(values[0]), vreinterpretq_u32_u64(values[1]));
        let factors = vmulq_u32(low_words, self.inverses);
        let low = vmlal_u32(values[0], vget_low_u32(factors), vget_low_u32(self.primes));
        let high = vmlal_high_u32(values[1], factors, self.primes);
        vuzp2q_u32(vreinterpretq_u32_u64(low), vreinterpretq_u32_u64(high))
    }

    /// [`Divisor::power_of_two`](super::portable::Divisor::power_of_two) in all lanes.
    #[target_feature(enable = "neon")]
    fn power_of_two(&self, power: u32) -> uint32x4_t {
        let mut result = self.ones;
        for bit in (0..=power.ilog2()).rev() {
            let doublings = vdupq_n_s32((power >> bit & 1).cast_signed());
            result = vshlq_u32(self.reduce(product(result, result)), doublings);
        }
        self.reduce([vmovl_u32(vget_low_u32(result)), vmovl_high_u32(result)])
    }

    /// What [`Self::reduce`] gives, below the primes.
    #[target_feature(enable = "neon")]
    fn remainders(&self, values: [uint64x2_t; 2]) -> [u32; LANES] {
        let remainders = self.reduce(values);
        // A difference below zero wraps round to a large number.
        let remainders = vminq_u32(remainders, vsubq_u32(remainders, self.primes));
        [vgetq_lane_u32::<0>(remainders), vgetq_lane_u32::<1>(remainders), vgetq_lane_u32::<2>(remainders), vgetq_lane_u32::<3>(remainders)]
    }
}

#[target_feature(enable = "neon")]
fn product(a: uint32x4_t, b: uint32x4_t) -> [uint64x2_t; 2] {
    [vmull_u32(vget_low_u32(a), vget_low_u32(b)), vmull_high_u32(a, b)]
}

#[target_feature(enable = "neon")]
fn packed(words: [u32; LANES]) -> uint32x4_t {
    let vector = vsetq_lane_u32::<0>(words[0], vdupq_n_u32(0));
    let vector = vsetq_lane_u32::<1>(words[1], vector);
    let vector = vsetq_lane_u32::<2>(words[2], vector);
    vsetq_lane_u32::<3>(words[3], vector)
}
