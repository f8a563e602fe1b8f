//! What is known of some numbers, to try a kernel and the sieve's division on before they are used.

use super::integer::{self, Modulus, Secret};
use super::lanes::{Batch, Stop, Stopped};
use super::natural;

/// Length of the numbers of [`are_given`]: primes of RSA-1024.
pub const BITS: u32 = 512;

/// Every lane has a power that Python has computed, and in the filter and in a round of Miller-Rabin it passes the prime 2^512 - 569 and
/// refuses 2^512 - 571. `batch` is for numbers of [`BITS`] bits.
pub fn are_given(batch: &mut dyn Batch) -> bool {
    let [prime, composite] = [569_u32, 571].map(|less| {
        let mut number = [u32::MAX; 16];
        number[0] = less.wrapping_neg();
        number
    });
    let base: Vec<u32> = (0..16).rev().map(|word| 0x0102_0304 + 0x0404_0404 * word).collect();
    let exponent: Vec<u32> = (0..16).map(|word| 0x0403_0201 + 0x0404_0404 * word).collect();
    let lanes = batch.lanes();
    let bases = vec![&base[..]; lanes];
    let powers = batch.pow(&vec![&prime[..]; lanes], &bases, &vec![&exponent[..]; lanes], &|| false);
    powers.is_ok_and(|powers| powers.iter().all(|power| power[..] == POWER))
        && (0..2).all(|parity| {
            let mixed: Vec<&[u32]> = (0..lanes).map(|lane| if lane % 2 == parity { &prime[..] } else { &composite }).collect();
            let primes = (parity..lanes).step_by(2).fold(0, |set, lane| set | 1 << lane);
            batch.filter(&mixed, &|| false) == Ok(primes) && batch.strong(&mixed, &bases, &|| false) == Ok(primes)
        })
}

/// The bytes 1, 2, ... 64 raised to the bytes 64, 63, ... 1, modulo 2^512 - 569.
const POWER: [u32; 16] = [
    0x1b71_07e1,
    0x6f38_0587,
    0x1656_64a8,
    0x7703_7b1e,
    0x41c5_c1f8,
    0xa5d2_cfab,
    0xabd1_def3,
    0x8a87_2815,
    0x6870_f069,
    0xef1e_2e26,
    0x2d59_741b,
    0xd787_3d23,
    0xa452_e4f5,
    0x9a67_a0f7,
    0xdbcf_bc6f,
    0x0fd9_4f1b,
];

/// The shortest numbers for which there is an answer by length. No key has primes as short as that.
const SHORTEST: u32 = 64;

/// An exponent of 160 bits in which every digit of five bits comes once, and of four bits several times: each entry of a kernel's table is
/// multiplied by.
const EXPONENT: [u32; 5] = [0x6c65_434b, 0x9fed_b411, 0x73a8_be23, 0x6e3a_43e6, 0x911e_01d6];

/// Whether each lane raises a number of `bits` bits to [`EXPONENT`] as `crypto-bigint` does; neighbouring lanes have different numbers, which
/// are as good as random. As a kernel takes the same time for exponents of any length, that is as long as a test of a candidate and some
/// hundred multiplications more.
pub fn are_given_at(bits: u32, batch: &mut dyn Batch, stop: Stop) -> Result<bool, Stopped> {
    if bits < SHORTEST {
        return Ok(true);
    }
    // An exponent has no more bits than a modulus.
    let exponent = &EXPONENT[..EXPONENT.len().min(bits as usize / 32)];
    let tasks = [0, 1].map(|seed| [number(bits, seed, 1), number(bits, seed + 2, 0)]);
    let part = |index: usize| -> Vec<&[u32]> { (0..batch.lanes()).map(|lane| &tasks[lane % 2][index][..]).collect() };
    let powers = batch.pow(&part(0), &part(1), &vec![exponent; batch.lanes()], stop)?;
    for (seed, [modulus, base]) in tasks.iter().enumerate() {
        let expected = power(modulus, base, exponent, stop)?;
        if powers.iter().skip(seed).step_by(2).any(|power| power[..] != integer::to_words(&expected, bits)[..]) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `base^exponent mod modulus` by `crypto-bigint`.
fn power(modulus: &[u32], base: &[u32], exponent: &[u32], stop: Stop) -> Result<Secret, Stopped> {
    let [modulus, base] = [modulus, base].map(integer::from_words);
    let modulus = Modulus::new(&modulus);
    let base = modulus.residue(&base);
    let mut power = modulus.one();
    for index in (0..exponent.len() as u32 * u32::BITS).rev() {
        if index.is_multiple_of(16) && stop() {
            return Err(Stopped);
        }
        power = power.square();
        if natural::bit(exponent, index) == 1 {
            power = power.times(&base);
        }
    }
    Ok(power.value())
}

/// A number whose highest and lowest of `bits` bits are `ends`.
fn number(bits: u32, seed: u32, ends: u32) -> Vec<u32> {
    let mut words: Vec<u32> =
        (0..bits.div_ceil(32)).map(|index| (64 * index + seed + 1).wrapping_mul(0x9e37_79b1).rotate_left(index)).collect();
    let top = (bits - 1) % 32;
    let last = words.len() - 1;
    words[last] = words[last] & ((1 << top) - 1) | ends << top;
    words[0] = words[0] & !1 | ends;
    words
}

/// Whether what the sieve divides by is what division by words leaves: for lengths that vectors of digits fill and that they don't, with a
/// small and a large prime in each lane.
pub fn are_given_by_residues(residues: fn(&[&[u32]], &[u32], &mut [u32])) -> bool {
    // The greatest are the last ones below 2^22, 2^23 and 2^24.
    const PRIMES: [u32; 13] = [3, 5, 7, 251, 257, 8191, 8209, 65_537, 262_139, 1_048_573, 4_194_301, 8_388_593, 16_777_213];
    // Each of them comes to each place of 16: 13 and 16 have no common factor. For other lengths a few are enough.
    let primes: Vec<u32> = PRIMES.into_iter().cycle().take(13 * 16 + 3).collect();
    [(16, 19), (33, primes.len()), (128, 19)].into_iter().all(|(words, count)| {
        let primes = &primes[..count];
        let numbers = [vec![u32::MAX; words], number(32 * words as u32, 0, 1)];
        let mut remainders = vec![0; 2 * primes.len()];
        residues(&[&numbers[0], &numbers[1]], primes, &mut remainders);
        let expected = numbers.iter().flat_map(|number| primes.iter().map(|prime| remainder_by_words(number, *prime)));
        remainders.iter().copied().eq(expected)
    })
}

/// `number` modulo `divisor`, word by word.
pub fn remainder_by_words(number: &[u32], divisor: u32) -> u32 {
    number.iter().rev().fold(0, |rest, word| (rest << 32 | u64::from(*word)) % u64::from(divisor)) as u32
}

#[cfg(test)]
mod tests {
    use super::super::{KERNELS, residues};
    use super::*;

    #[test]
    fn ask_for_every_power_of_a_table() {
        for digit_bits in [4, 5] {
            let mut digits: Vec<u64> =
                (0..160 / digit_bits).map(|index| natural::bits(&EXPONENT, index * digit_bits, digit_bits)).collect();
            digits.sort_unstable();
            digits.dedup();
            assert_eq!(digits.len(), 1 << digit_bits);
        }
    }

    /// The lengths of primes of keys, and others that a key from elsewhere may have.
    #[test]
    fn are_given_by_every_kernel_at_every_length() {
        for bits in (64..=1100).step_by(64).chain([65, 127, 500, 511, 513, 1000, 1023, 1025, 2048, 2111, 4096]) {
            assert_eq!(natural::bit_length(&number(bits, 7, 1)), bits);
            for (name, new) in KERNELS {
                if let Some(mut batch) = new(bits) {
                    assert_eq!(are_given_at(bits, &mut *batch, &|| false), Ok(true), "{name}, {bits} bits");
                }
            }
        }
        for (name, new) in KERNELS {
            assert!(new(BITS).is_none_or(|mut batch| are_given(&mut *batch)), "{name}");
        }
    }

    #[test]
    fn end_when_told_to() {
        let (_, portable) = KERNELS.last().expect("the portable kernel");
        assert_eq!(are_given_at(512, &mut *portable(512).expect("it runs everywhere"), &|| true), Err(Stopped));
    }

    #[test]
    fn are_given_by_the_residues_of_the_sieve_and_not_by_wrong_ones() {
        assert!(are_given_by_residues(|numbers, primes, remainders| residues(numbers, primes, remainders, None)));
        assert!(!are_given_by_residues(|numbers, primes, remainders| {
            residues(numbers, primes, remainders, None);
            *remainders.last_mut().expect("some") ^= 1;
        }));
    }
}
