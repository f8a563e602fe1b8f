//! Data conversion primitives (RFC 8017 4).

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

use crate::arith::integer::{self as arith, Secret};

/// The length that holds `bits` bits in whole limbs of every machine.
pub fn precision(bits: u32) -> u32 {
    bits.next_multiple_of(64)
}

/// OS2IP: an integer that is `bits` bits long, or nothing when there are more octets than that.
pub fn integer(octets: &[u8], bits: u32) -> Option<Secret> {
    BoxedUint::from_be_slice(octets, precision(bits)).ok().map(Secret::new)
}

/// I2OSP of an integer that is known to fit.
pub fn octets(integer: &BoxedUint, length: usize) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(vec![0; length]);
    for (octet, known) in octets.iter_mut().rev().zip(arith::to_bytes(integer).iter().rev()) {
        *octet = *known;
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_from_octets_to_an_integer_and_back() {
        let number = integer(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 72).expect("72 bits");
        assert_eq!(number.bits_precision(), 128);
        assert_eq!(octets(&number, 9)[..], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(octets(&number, 10)[..], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(integer(&[0; 17], 128).is_none());
    }
}
