use std::ops::{BitAnd, BitOr};

use zeroize::Zeroize;

/// A word that holds one limb of one lane.
pub trait Word: Copy + Default + BitAnd<Output = Self> + BitOr<Output = Self> + Zeroize + Send + 'static {
    /// The low bits of a limb.
    fn from_limb(limb: u64) -> Self;
    /// A canonical limb.
    fn limb(self) -> u64;
    /// All bits set where `flag` is 1, none where it is 0.
    fn mask(flag: u32) -> Self;
}

impl Word for u32 {
    fn from_limb(limb: u64) -> Self {
        limb as Self
    }

    fn limb(self) -> u64 {
        self.into()
    }

    fn mask(flag: u32) -> Self {
        flag.wrapping_neg()
    }
}

impl Word for u64 {
    fn from_limb(limb: u64) -> Self {
        limb
    }

    fn limb(self) -> u64 {
        self
    }

    fn mask(flag: u32) -> Self {
        Self::from(flag).wrapping_neg()
    }
}

/// Montgomery arithmetic modulo several odd numbers N of one length at once, one a lane (P. Montgomery, 1985).
///
/// A value is a slice of `limbs * LANES` words: limb i of lane l is word `i * LANES + l`, the least significant limb first. R is
/// `2^(radix * limbs)` and greater than 32 N, so that no step subtracts conditionally: an operand is less than 4 N, a product that is
/// not doubled less than 2 N.
///
/// A kernel has its own form of a value (signed or oversized limbs). What comes in from outside is canonical, each limb in `0..2^radix`,
/// and passes through [`Kernel::adopt`] first. Time and addresses depend on nothing but the length.
pub trait Kernel: Send + Sized + 'static {
    /// For reports: "avx2".
    const NAME: &'static str;
    /// How many moduli are worked on at once.
    const LANES: usize;
    type Word: Word;

    /// Bits of a limb for moduli of `bits` bits.
    fn radix(bits: u32) -> u32;

    /// Limbs of a value for moduli of `bits` bits; `radix * limbs >= bits + 5`, rounded up to whole blocks as the kernel likes it.
    fn limbs(bits: u32) -> usize {
        (bits + 5).div_ceil(Self::radix(bits)) as usize
    }

    /// A kernel for moduli of `bits` bits, or nothing when this CPU can't run it.
    fn new(bits: u32) -> Option<Self>;

    /// Takes the moduli, canonical, one a lane. Each has exactly `bits` bits.
    fn set_moduli(&mut self, moduli: &[Self::Word]);

    /// Takes a canonical value into the kernel's own form.
    fn adopt(&self, _x: &mut [Self::Word]) {}

    /// `x = x^2 / R`, then doubled in those lanes where `doubled` is 1 and not where it is 0.
    fn square(&mut self, x: &mut [Self::Word], doubled: &[Self::Word]);

    /// `x = x * y / R`.
    fn multiply(&mut self, x: &mut [Self::Word], y: &[Self::Word]);

    /// Makes the limbs canonical. Values stay what they are: less than 4 N.
    fn normalize(&mut self, x: &mut [Self::Word]);
}

/// `-1 / n mod 2^64` of an odd n, by Newton's iteration; the low bits are the inverse modulo smaller powers of two.
pub fn negated_inverse(n: u64) -> u64 {
    // Right to 3 bits; each step doubles them.
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn inverts_odd_words(n in any::<u64>()) {
            prop_assert_eq!((n | 1).wrapping_mul(negated_inverse(n | 1)), u64::MAX);
        }
    }
}
