use rand_core::CryptoRng;

use super::{Error, Hash};

/// RSASSA-PSS-params (RFC 8017 A.2.3) without the trailer field, which is always 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PssParameters {
    /// Of the message.
    pub hash: Hash,
    /// Of MGF1, the mask generation function.
    pub mask_hash: Hash,
    /// Length of the salt in bytes.
    pub salt_length: usize,
}

impl PssParameters {
    /// One hash for both, and a salt of its length, as TLS 1.3 and most certificates have it.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, mask_hash: hash, salt_length: hash.length() }
    }

    /// EMSA-PSS-ENCODE (RFC 8017 9.1.1) of a message's digest for a modulus of `bits` bits, as long as the modulus.
    pub(super) fn encode(&self, message_digest: &[u8], bits: u32, rng: &mut impl CryptoRng) -> Result<Vec<u8>, Error> {
        let frame = Frame::new(bits);
        self.check(&frame)?;
        let mut salt = vec![0; self.salt_length];
        rng.fill_bytes(&mut salt);
        let digest = self.salted(message_digest, &salt);
        let mut block = vec![0; frame.length - self.hash.length() - 1];
        let salt_from = block.len() - salt.len();
        block[salt_from - 1] = 1;
        block[salt_from..].copy_from_slice(&salt);
        self.apply_mask(&digest, &mut block, &frame);
        Ok([frame.surplus, &block, &digest, &[TRAILER]].concat())
    }

    /// EMSA-PSS-VERIFY (RFC 8017 9.1.2) of an encoded message as long as the modulus, which has `bits` bits.
    pub(super) fn verify(&self, message_digest: &[u8], encoded: &[u8], bits: u32) -> Result<(), Error> {
        let frame = Frame::new(bits);
        self.check(&frame)?;
        let encoded = encoded.strip_prefix(frame.surplus).ok_or(Error::Signature)?;
        let (block, rest) = encoded.split_at(frame.length - self.hash.length() - 1);
        let (digest, trailer) = rest.split_at(self.hash.length());
        if trailer != [TRAILER] || block[0] & !frame.first_byte != 0 {
            return Err(Error::Signature);
        }
        let mut block = block.to_vec();
        self.apply_mask(digest, &mut block, &frame);
        let (padding, salt) = block.split_at(block.len() - self.salt_length);
        let [zeros @ .., 1] = padding else { return Err(Error::Signature) };
        if zeros.iter().all(|byte| *byte == 0) && self.salted(message_digest, salt) == digest { Ok(()) } else { Err(Error::Signature) }
    }

    fn check(&self, frame: &Frame) -> Result<(), Error> {
        let needed = self.salt_length.saturating_add(self.hash.length() + 2 + frame.surplus.len());
        let size = frame.length + frame.surplus.len();
        if size < needed { Err(Error::KeyTooShort { needed, size }) } else { Ok(()) }
    }

    /// H = Hash(eight zeros, Hash(message), salt).
    fn salted(&self, message_digest: &[u8], salt: &[u8]) -> Vec<u8> {
        self.hash.digest(&[&[0; 8], message_digest, salt])
    }

    /// Masks the data block, or takes the mask off; the bits beyond the frame become zero.
    fn apply_mask(&self, digest: &[u8], block: &mut [u8], frame: &Frame) {
        for (byte, mask) in block.iter_mut().zip(self.mask_hash.mask(digest)) {
            *byte ^= mask;
        }
        block[0] &= frame.first_byte;
    }
}

/// bc, which ends an encoded message.
const TRAILER: u8 = 0xbc;

/// An encoded message has one bit less than the modulus, so that it is the smaller number.
struct Frame {
    /// Bytes of the encoded message.
    length: usize,
    /// The bits that its first byte may have.
    first_byte: u8,
    /// The zero byte before it, where the modulus has a byte more.
    surplus: &'static [u8],
}

impl Frame {
    fn new(modulus_bits: u32) -> Self {
        let bits = modulus_bits - 1;
        let unused = bits.next_multiple_of(8) - bits;
        Self { length: bits.div_ceil(8) as usize, first_byte: 0xff >> unused, surplus: if bits.is_multiple_of(8) { &[0] } else { &[] } }
    }
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    /// All lengths modulo 8 of a modulus, one of which has a byte more than the encoded message.
    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        for bits in 1024..1033 {
            for salt_length in [0, 20, 32, 40] {
                let parameters = PssParameters { salt_length, ..PssParameters::new(Hash::Sha256) };
                let encoded = parameters.encode(b"message", bits, &mut rng).expect("long enough");
                assert_eq!(encoded.len(), bits.div_ceil(8) as usize);
                assert_eq!(parameters.verify(b"message", &encoded, bits), Ok(()));
                assert_eq!(parameters.verify(b"another", &encoded, bits), Err(Error::Signature));
                for bit in 0..encoded.len() * 8 {
                    let mut damaged = encoded.clone();
                    damaged[bit / 8] ^= 1 << (bit % 8);
                    assert_eq!(parameters.verify(b"message", &damaged, bits), Err(Error::Signature), "{bits}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn wants_exactly_its_own_parameters() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let parameters = PssParameters::new(Hash::Sha256);
        let encoded = parameters.encode(b"message", 1024, &mut rng).expect("long enough");
        for other in [
            PssParameters { salt_length: 31, ..parameters },
            PssParameters { salt_length: 33, ..parameters },
            PssParameters { mask_hash: Hash::Sha1, ..parameters },
            PssParameters { hash: Hash::Sha224, ..parameters },
        ] {
            assert_eq!(other.verify(b"message", &encoded, 1024), Err(Error::Signature));
        }
    }

    #[test]
    fn says_how_long_a_key_it_needs() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let parameters = PssParameters::new(Hash::Sha512);
        assert_eq!(parameters.encode(b"", 1024, &mut rng), Err(Error::KeyTooShort { needed: 130, size: 128 }));
        assert_eq!(parameters.verify(b"", &[0; 128], 1024), Err(Error::KeyTooShort { needed: 130, size: 128 }));
        assert_eq!(parameters.encode(b"", 1033, &mut rng), Err(Error::KeyTooShort { needed: 131, size: 130 }));
        assert!(parameters.encode(b"", 1034, &mut rng).is_ok());
        let endless = PssParameters { salt_length: usize::MAX, ..parameters };
        assert_eq!(endless.encode(b"", 1024, &mut rng), Err(Error::KeyTooShort { needed: usize::MAX, size: 128 }));
    }
}
