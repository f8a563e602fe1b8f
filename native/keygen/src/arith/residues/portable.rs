use super::super::buffer::Buffer;
use super::super::kernel::negated_inverse;
use super::super::natural;

/// As [`super::residues`], for one prime at a time: digits of 64 bits, of which each step adds one and divides by 2^64. The steps of two
/// numbers don't wait for each other.
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let numbers: Vec<Buffer<u64>> = numbers.iter().map(|number| digits(number, u64::BITS)).collect();
    let power = u64::BITS * (numbers[0].len() as u32 + 1);
    for (k, &prime) in primes.iter().enumerate() {
        let divisor = Divisor::new(prime);
        let power = divisor.power_of_two(power);
        for (pair, numbers) in numbers.chunks(2).enumerate() {
            let mut quotients = [0; 2];
            for (&first, &second) in numbers[0].iter().zip(numbers[numbers.len() - 1].iter()) {
                for (quotient, digit) in quotients.iter_mut().zip([first, second]) {
                    *quotient = divisor.reduce(u128::from(*quotient) + u128::from(digit));
                }
            }
            for (i, quotient) in quotients[..numbers.len()].iter().enumerate() {
                let remainder = divisor.reduce(u128::from(*quotient) * u128::from(power)) as u32;
                remainders[(2 * pair + i) * primes.len() + k] = below(prime, remainder);
            }
        }
    }
}

/// A number in digits of so many bits, the least significant first.
pub fn digits(number: &[u32], radix: u32) -> Buffer<u64> {
    let mut digits = Buffer::new((number.len() as u32 * u32::BITS).div_ceil(radix) as usize);
    for (index, digit) in digits.iter_mut().enumerate() {
        *digit = natural::bits(number, index as u32 * radix, radix);
    }
    digits
}

/// A remainder that may be the prime itself.
pub fn below(prime: u32, remainder: u32) -> u32 {
    remainder - (prime & u32::from(remainder >= prime).wrapping_neg())
}

/// Division by 2^64 modulo a prime.
struct Divisor {
    prime: u64,
    /// -1 / prime mod 2^64.
    inverse: u64,
}

impl Divisor {
    fn new(prime: u32) -> Self {
        let prime = u64::from(prime);
        Self { prime, inverse: negated_inverse(prime) }
    }

    /// `value / 2^64` modulo the prime: at most the prime, for a value below `2^64 + prime`; at most twice that for one below `prime * 2^64`.
    fn reduce(&self, value: u128) -> u64 {
        let factor = (value as u64).wrapping_mul(self.inverse);
        ((value + u128::from(factor) * u128::from(self.prime)) >> 64) as u64
    }

    /// `2^power` modulo the prime, at most the prime, of a positive power: doublings and squarings of 2 in the form that `reduce` keeps,
    /// 2^64 times itself.
    fn power_of_two(&self, power: u32) -> u64 {
        let mut result = u64::MAX % self.prime + 1;
        for bit in (0..=power.ilog2()).rev() {
            result = self.reduce(u128::from(result) * u128::from(result)) << (power >> bit & 1);
        }
        self.reduce(result.into())
    }
}
