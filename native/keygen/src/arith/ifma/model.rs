#![allow(clippy::cast_possible_truncation, reason = "the halves of a product are cut out of it")]

use super::{LANES, LIMB_MASK, Limbs, Modulus, RADIX, Tile, Vector, scan};

/// The instructions in plain Rust, after Intel's manual: what of the kernel is not an instruction is tried on every machine.
#[derive(Clone, Copy)]
pub struct Words(Limbs);

impl Words {
    fn map(self, other: Self, f: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane], other.0[lane])))
    }
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a & LIMB_MASK) * u128::from(b & LIMB_MASK)
}

impl Vector for Words {
    const NAME: &'static str = "ifma-model";

    /// Only where the instructions themselves can't be tried.
    fn supported() -> bool {
        !super::zmm::Zmm::supported()
    }

    fn square(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs) {
        scan::square::<Self>(modulus, x, doubled);
    }

    fn multiply(modulus: &mut Modulus, x: &mut [Tile], y: &[Tile]) {
        scan::multiply::<Self>(modulus, x, y);
    }

    fn zero() -> Self {
        Self([0; LANES])
    }

    fn load(words: &Limbs) -> Self {
        Self(*words)
    }

    fn store(self, words: &mut Limbs) {
        *words = self.0;
    }

    /// Sums of the kernel never overflow: where one does, a test of debug code panics.
    fn plus(self, other: Self) -> Self {
        self.map(other, |a, b| a + b)
    }

    fn plus_low(self, a: Self, b: Self) -> Self {
        self.plus(a.map(b, |a, b| product(a, b) as u64 & LIMB_MASK))
    }

    fn plus_high(self, a: Self, b: Self) -> Self {
        self.plus(a.map(b, |a, b| (product(a, b) >> RADIX) as u64))
    }

    fn carry(self) -> Self {
        self.map(self, |word, _| word >> RADIX)
    }

    fn shifted_left(self, counts: Self) -> Self {
        self.map(counts, |word, count| {
            assert_eq!(word << count >> count, word, "no bit is lost");
            word << count
        })
    }
}
