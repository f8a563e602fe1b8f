//! Constant-time arithmetic on secret integers, done by `crypto-bigint`. What depends on a secret's value takes a time that
//! depends on its length alone. What is owned here is wiped when dropped, but for the parameters of a [`Modulus`], which
//! `crypto-bigint` shares and does not wipe: the host's allocator does. Lengths are whole multiples of 64 bits.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, CtEq, CtLt, Gcd, Limb, NonZero, Resize};
use rand_core::CryptoRng;
use zeroize::{Zeroize, Zeroizing};

use super::Natural;

/// An integer that is wiped when dropped.
pub type Secret = Zeroizing<BoxedUint>;

/// A uniform integer of at most `bits` bits.
pub fn random(bits: u32, rng: &mut impl CryptoRng) -> Secret {
    let mut bytes = Zeroizing::new(vec![0; bits as usize / 8]);
    rng.fill_bytes(&mut bytes);
    Zeroizing::new(BoxedUint::from_be_slice(&bytes, bits).expect("a multiple of 64 bits"))
}

/// `value` as big-endian bytes of its full length.
pub fn to_bytes(value: &BoxedUint) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(value.to_be_bytes().into_vec())
}

/// The integer of some words; a last one that stands alone is followed by zeros.
pub fn from_words(words: &[u32]) -> Secret {
    let bytes = Zeroizing::new(words.iter().rev().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>());
    let bits = (words.len() as u32 * u32::BITS).next_multiple_of(64);
    Secret::new(BoxedUint::from_be_slice(&bytes, bits).expect("a multiple of 64 bits"))
}

/// The words of a value of at most `bits` bits.
pub fn to_words(value: &BoxedUint, bits: u32) -> Natural {
    let bytes = to_bytes(value);
    let words = bytes.rchunks_exact(4).take(bits.div_ceil(u32::BITS) as usize);
    Natural::new(words.map(|word| u32::from_be_bytes(word.try_into().expect("four bytes"))).collect())
}

pub fn equal(a: &BoxedUint, b: &BoxedUint) -> bool {
    a.ct_eq(b).to_bool()
}

/// `value - 1` of a value that is not zero.
pub fn minus_one(odd: &BoxedUint) -> Secret {
    Zeroizing::new(odd.wrapping_sub(BoxedUint::one()))
}

/// `|a - b|`.
pub fn distance(a: &BoxedUint, b: &BoxedUint) -> Secret {
    let mut difference = Zeroizing::new(a.wrapping_sub(b));
    if less(a, b) {
        difference = Zeroizing::new(b.wrapping_sub(a));
    }
    difference
}

/// Is `a < b`? Which of two is the greater is not kept secret.
pub fn less(a: &BoxedUint, b: &BoxedUint) -> bool {
    a.ct_lt(b).to_bool()
}

/// `a * b`, as long as both together.
pub fn product(a: &BoxedUint, b: &BoxedUint) -> Secret {
    Zeroizing::new(a.concatenating_mul(b))
}

/// The least common multiple of two integers that are not zero, as long as both together.
pub fn least_common_multiple(a: &BoxedUint, b: &BoxedUint) -> Secret {
    let divisor = Zeroizing::new(nonzero(a).gcd(b));
    let quotient = Zeroizing::new(a.div_exact(&*divisor).expect("a multiple of its divisor"));
    product(&quotient, b)
}

/// That `value` is not zero is no secret.
fn nonzero(value: &BoxedUint) -> &NonZero<BoxedUint> {
    value.as_nz_vartime().expect("not zero")
}

/// The remainder of `value` by a small divisor: by multiplications with its reciprocal, on a CPU of 32 bits as well.
pub fn small_remainder(value: &BoxedUint, divisor: u32) -> u32 {
    let remainder = value.rem_limb(NonZero::new(Limb::from(divisor)).expect("not zero"));
    u32::try_from(remainder.0).expect("less than the divisor")
}

/// The remainder of `value`, as long as `divisor`.
pub fn remainder(value: &BoxedUint, divisor: &BoxedUint) -> Secret {
    Zeroizing::new(value.rem(nonzero(divisor)))
}

/// `(factor * value + 1) / divisor`, where that is a whole number less than `value`; by the divisor's reciprocal as well.
pub fn scaled_quotient(factor: u32, value: &BoxedUint, divisor: u32) -> Secret {
    let scaled = product(value, &BoxedUint::from(factor));
    let scaled = Zeroizing::new(scaled.wrapping_add(BoxedUint::one()));
    let (quotient, remainder) = scaled.div_rem_limb(NonZero::new(Limb::from(divisor)).expect("not zero"));
    let quotient = Zeroizing::new(quotient);
    debug_assert_eq!(remainder, Limb::ZERO);
    Zeroizing::new((&*quotient).resize(value.bits_precision()))
}

/// An odd modulus, prepared for Montgomery multiplication.
pub struct Modulus(BoxedMontyParams);

impl Modulus {
    pub fn new(odd: &BoxedUint) -> Self {
        Self(BoxedMontyParams::new(odd.to_odd().expect("an odd modulus")))
    }

    /// The residue of a value that is less than the modulus and of its length.
    pub fn residue(&self, value: &BoxedUint) -> Residue {
        Residue(BoxedMontyForm::new(value.clone(), &self.0))
    }

    pub fn one(&self) -> Residue {
        Residue(BoxedMontyForm::one(&self.0))
    }
}

/// An integer modulo a [`Modulus`].
pub struct Residue(BoxedMontyForm);

impl Residue {
    /// Takes a time that depends on the length of `exponent` alone.
    #[cfg(test)]
    pub fn pow(&self, exponent: &BoxedUint) -> Self {
        Self(self.0.pow(exponent))
    }

    pub fn times(&self, other: &Self) -> Self {
        Self(self.0.mul(&other.0))
    }

    pub fn square(&self) -> Self {
        Self(self.0.square())
    }

    #[cfg(test)]
    pub fn plus(&self, other: &Self) -> Self {
        Self(self.0.add(&other.0))
    }

    pub fn minus(&self, other: &Self) -> Self {
        Self(self.0.sub(&other.0))
    }

    pub fn equals(&self, other: &Self) -> bool {
        self.0.as_montgomery().ct_eq(other.0.as_montgomery()).to_bool()
    }

    pub fn value(&self) -> Secret {
        Zeroizing::new(self.0.retrieve())
    }
}

impl Drop for Residue {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_to_words_and_back() {
        let number = from_words(&[0x0607_0809, 0x0203_0405, 1]);
        assert_eq!(number.bits_precision(), 128);
        assert_eq!(to_bytes(&number)[4..], [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(to_words(&number, 65)[..], [0x0607_0809, 0x0203_0405, 1]);
        assert_eq!(to_words(&number, 128)[..], [0x0607_0809, 0x0203_0405, 1, 0]);
    }
}
