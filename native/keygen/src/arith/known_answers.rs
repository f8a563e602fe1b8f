//! What is known of some numbers, to try a kernel and the sieve's division on before they are used.

use super::lanes::{Batch, Stop, Stopped};

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

/// Whether each lane raises a number of `bits` bits to a power as long: a round of Miller-Rabin, and one that needs no tables of primes.
///
/// Of `n = c^2 + 1`, where c is twice an odd number, c is a square root of -1. As `n - 1` is four times an odd square d, which is 1
/// modulo 4, `c^d = c`, and its square is -1: every such n passes with the base c, prime or not, and with a wrong step anywhere it does not.
pub fn are_given_at(bits: u32, batch: &mut dyn Batch, stop: Stop) -> Result<bool, Stopped> {
    if bits < SHORTEST {
        return Ok(true);
    }
    let lanes = batch.lanes();
    let roots: Vec<Vec<u32>> = (0..lanes as u32).map(|lane| root_of_minus_one(bits, lane)).collect();
    let moduli: Vec<Vec<u32>> = roots.iter().map(|root| square_plus_one(root, bits)).collect();
    let [moduli, roots] = [&moduli, &roots].map(|numbers| numbers.iter().map(Vec::as_slice).collect::<Vec<_>>());
    Ok(batch.strong(&moduli, &roots, stop)? == u32::MAX >> (u32::BITS - lanes as u32))
}

/// Twice an odd number, whose square has exactly `bits` bits.
fn root_of_minus_one(bits: u32, lane: u32) -> Vec<u32> {
    let length = bits.div_ceil(2);
    let mut root: Vec<u32> =
        (0..length.div_ceil(32)).map(|index| (32 * index + lane + 1).wrapping_mul(0x9e37_79b1).rotate_left(index)).collect();
    let mut set = |index: u32, value: u32| {
        let word = &mut root[index as usize / 32];
        *word = *word & !(1 << (index % 32)) | value << (index % 32);
    };
    // 1.5 at least of an even number of bits; of an odd one at most 1.25, which is less than the root of two.
    let [next, last] = if bits.is_multiple_of(2) { [1, 0] } else { [0, 0] };
    for (index, value) in [(0, 0), (1, 1), (length - 1, 1), (length - 2, next), (length - 3, last)] {
        set(index, value);
    }
    (length..length.next_multiple_of(32)).for_each(|index| set(index, 0));
    root
}

/// `even^2 + 1`, which has `bits` bits.
fn square_plus_one(even: &[u32], bits: u32) -> Vec<u32> {
    let mut square = vec![0; 2 * even.len()];
    for (row, &factor) in even.iter().enumerate() {
        let mut carry = 0;
        for (word, &other) in square[row..].iter_mut().zip(even) {
            let wide = u64::from(factor) * u64::from(other) + u64::from(*word) + carry;
            (*word, carry) = (wide as u32, wide >> 32);
        }
        square[row + even.len()] = carry as u32;
    }
    square[0] |= 1;
    square.truncate(bits.div_ceil(32) as usize);
    square
}

/// Whether what the sieve divides by is what division by words leaves.
pub fn are_given_by_residues(residues: fn(&[&[u32]], &[u32], &mut [u32])) -> bool {
    // Some that fill vectors and some that don't, up to the greatest one below 2^24.
    const PRIMES: [u32; 19] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 65_537, 262_139, 1_048_573, 4_194_301, 16_777_213];
    let numbers = [vec![u32::MAX; 33], (0..33_u32).map(|index| (index + 1).wrapping_mul(0x9e37_79b1)).collect()];
    let mut remainders = [0; 2 * PRIMES.len()];
    residues(&[&numbers[0], &numbers[1]], &PRIMES, &mut remainders);
    let divided = |number: &[u32], prime: u32| number.iter().rev().fold(0, |rest, word| (rest << 32 | u64::from(*word)) % u64::from(prime));
    let expected = numbers.iter().flat_map(|number| PRIMES.iter().map(|prime| divided(number, *prime)));
    remainders.iter().map(|remainder| u64::from(*remainder)).eq(expected)
}

#[cfg(test)]
mod tests {
    use super::super::{KERNELS, natural, residues};
    use super::*;

    /// The lengths of primes of keys, and others that a key from elsewhere may have.
    #[test]
    fn are_given_by_every_kernel_at_every_length() {
        for bits in (64..=1100).step_by(64).chain([65, 127, 511, 513, 1023, 1025, 2048, 2111, 4096]) {
            for lane in [0, 7] {
                let modulus = square_plus_one(&root_of_minus_one(bits, lane), bits);
                assert_eq!((modulus.len() as u32, natural::bit_length(&modulus)), (bits.div_ceil(32), bits));
            }
            for (name, new) in KERNELS {
                // NEON leaves short numbers to others.
                if let Some(mut batch) = new(bits).filter(|_| bits >= 256 || *name != "neon") {
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
            remainders[37] ^= 1;
        }));
    }
}
