//! Natural numbers as little-endian words of 32 bits: the form in which numbers go into a kernel and come out. Nothing here branches on
//! a word.

use zeroize::Zeroizing;

/// Little-endian words of 32 bits, wiped when dropped.
pub type Natural = Zeroizing<Vec<u32>>;

/// Bit `index` of `number`, which counts as followed by zeros.
pub fn bit(number: &[u32], index: u32) -> u32 {
    number.get(index as usize / 32).map_or(0, |word| word >> (index % 32) & 1)
}

/// Bits `from .. from + count` of `number`, which counts as followed by zeros; `count` is at most 64.
pub fn bits(number: &[u32], from: u32, count: u32) -> u64 {
    let word = |index: usize| u128::from(number.get(index).copied().unwrap_or(0));
    let first = from as usize / 32;
    let wide = word(first) | word(first + 1) << 32 | word(first + 2) << 64;
    (wide >> (from % 32) & ((1 << count) - 1)) as u64
}

/// The number of bits of a number without leading zero words.
#[cfg(test)]
pub fn bit_length(number: &[u32]) -> u32 {
    number.len() as u32 * u32::BITS - number.last().map_or(0, |word| word.leading_zeros())
}

/// `a - b`, and 1 where that is less than zero (the difference is then modulo the length); `b` is not longer.
pub fn subtract(a: &[u32], b: &[u32]) -> (Natural, u32) {
    let mut difference = Natural::new(a.to_vec());
    let mut borrow = 0;
    for (index, word) in difference.iter_mut().enumerate() {
        let wide = i64::from(*word) - i64::from(b.get(index).copied().unwrap_or(0)) - borrow;
        *word = wide as u32;
        borrow = i64::from(wide < 0);
    }
    (difference, borrow as u32)
}

/// `number + addend`; nothing where that is longer.
pub fn checked_add(number: &[u32], addend: u32) -> Option<Natural> {
    let mut sum = Natural::new(number.to_vec());
    let mut carry = u64::from(addend);
    for word in sum.iter_mut() {
        carry += u64::from(*word);
        *word = carry as u32;
        carry >>= 32;
    }
    (carry == 0).then_some(sum)
}

/// `number = number - modulus` where that is not less than zero.
pub fn reduce_once(number: &mut [u32], modulus: &[u32]) {
    let (difference, negative) = subtract(number, modulus);
    let keep = negative.wrapping_neg();
    for (word, &other) in number.iter_mut().zip(difference.iter()) {
        *word = *word & keep | other & !keep;
    }
}

/// `2^power mod modulus` of a modulus of exactly `bits` bits; `power >= bits`.
pub fn power_of_two(power: u32, modulus: &[u32], bits: u32) -> Natural {
    // One word more, for what a doubling carries out.
    let mut number = Natural::new(vec![0; modulus.len() + 1]);
    number[bits as usize / 32] |= 1 << (bits % 32);
    reduce_once(&mut number, modulus);
    for _ in bits..power {
        let mut carry = 0;
        for word in number.iter_mut() {
            (*word, carry) = (*word << 1 | carry, *word >> 31);
        }
        reduce_once(&mut number, modulus);
    }
    number.truncate(modulus.len());
    number
}

/// 1 where two numbers of one length are the same, else 0.
pub fn equal(a: &[u32], b: &[u32]) -> u32 {
    let difference = a.iter().zip(b).fold(0, |difference, (x, y)| difference | x ^ y);
    ((u64::from(difference).wrapping_sub(1)) >> 63) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(number: u128) -> Vec<u32> {
        (0..4).map(|index| (number >> (32 * index)) as u32).collect()
    }

    fn number(words: &[u32]) -> u128 {
        words.iter().rev().fold(0, |number, word| number << 32 | u128::from(*word))
    }

    proptest! {
        #[test]
        fn reads_bits(value in any::<u128>(), from in 0_u32..130, count in 0_u32..=64) {
            let expected = value.checked_shr(from).unwrap_or(0) & ((1 << count) - 1);
            prop_assert_eq!(u128::from(bits(&words(value), from, count)), expected);
            prop_assert_eq!(u64::from(bit(&words(value), from)), bits(&words(value), from, 1));
        }

        #[test]
        fn subtracts(a in any::<u128>(), b in any::<u128>()) {
            let (difference, negative) = subtract(&words(a), &words(b));
            prop_assert_eq!(number(&difference), a.wrapping_sub(b));
            prop_assert_eq!(negative, u32::from(a < b));
        }

        #[test]
        fn adds(a in prop_oneof![any::<u128>(), u128::MAX - 9..], b in any::<u32>()) {
            prop_assert_eq!(checked_add(&words(a), b).map(|sum| number(&sum)), a.checked_add(b.into()));
        }

        #[test]
        fn reduces(modulus in 1_u128 << 100..1 << 101, multiple in 0_u128..2, rest in any::<u128>()) {
            let rest = rest % modulus;
            let mut reduced = words(multiple * modulus + rest);
            reduce_once(&mut reduced, &words(modulus));
            prop_assert_eq!(number(&reduced), rest);
        }

        #[test]
        fn doubles(modulus in 1_u128 << 95..1 << 96, power in 96_u32..300) {
            let expected = (0..power).fold(1, |product, _| product * 2 % modulus);
            prop_assert_eq!(number(&power_of_two(power, &words(modulus)[..3], 96)), expected);
        }

        #[test]
        fn compares(a in any::<u128>(), bit in 0..128) {
            prop_assert_eq!(equal(&words(a), &words(a)), 1);
            prop_assert_eq!(equal(&words(a), &words(a ^ 1_u128 << bit)), 0);
        }
    }
}
