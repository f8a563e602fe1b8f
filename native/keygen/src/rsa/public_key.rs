use std::fmt;

use crypto_bigint::BoxedUint;
use pkcs1::{ALGORITHM_OID, RsaPublicKeyRef};
use pkcs8::der::Decode;
use pkcs8::der::asn1::AnyRef;
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::data_conversion::{integer, octets};
use super::{Error, SignatureScheme, pkcs1_encryption, pkcs1_signature};
use crate::arith::integer::{self as arith, Modulus, Residue, Secret};

/// An RSA public key, with a modulus of 1024 to 8192 bits and an odd exponent of 3 to 2^64 - 1.
pub struct PublicKey {
    n: BoxedUint,
    e: u64,
    modulus: Modulus,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` with `rsaEncryption` (RFC 3279 2.3.1).
    ///
    /// # Errors
    /// [`Error::Encoding`], [`Error::Size`], [`Error::Exponent`] or [`Error::Malformed`] when the modulus is even.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| Error::Encoding)?;
        if !is_rsa_encryption(&info.algorithm) {
            return Err(Error::Encoding);
        }
        let key = info.subject_public_key.as_bytes().ok_or(Error::Encoding)?;
        let key = RsaPublicKeyRef::from_der(key).map_err(|_| Error::Encoding)?;
        Self::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())
    }

    /// A key of big-endian integers without leading zeros.
    pub(super) fn new(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        let bits = n.first().map_or(0, |first| (n.len() * 8).saturating_sub(first.leading_zeros() as usize));
        let bits = u32::try_from(bits).unwrap_or(u32::MAX);
        if !(1024..=8192).contains(&bits) {
            return Err(Error::Size { bits });
        }
        let n = (*integer(n, bits).expect("that many bits")).clone();
        if !n.bit_vartime(0) {
            return Err(Error::Malformed { what: "n is even" });
        }
        if e.len() > 8 {
            return Err(Error::Exponent);
        }
        let e = e.iter().fold(0, |e, byte| e << 8 | u64::from(*byte));
        if e < 3 || e % 2 == 0 {
            return Err(Error::Exponent);
        }
        Ok(Self { modulus: Modulus::new(&n), n, e })
    }

    /// Length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.n.bit_width()
    }

    /// Length of the modulus in bytes, which is that of a signature and of a ciphertext.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bits().div_ceil(8) as usize
    }

    /// Is the signature one of this message? What is signed is built anew and compared, not parsed.
    ///
    /// # Errors
    /// [`Error::Signature`] when it is not, whatever is wrong with it; [`Error::KeyTooShort`] when no signature by this key can be.
    pub fn verify(&self, scheme: &SignatureScheme, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        self.verify_digest(scheme, &scheme.hash().digest(&[message]), signature)
    }

    /// The same of a message that is known by its digest alone, because it was too long to be kept.
    ///
    /// # Errors
    /// As [`PublicKey::verify`]; [`Error::Signature`] also for a digest of another length.
    pub fn verify_digest(&self, scheme: &SignatureScheme, digest: &[u8], signature: &[u8]) -> Result<(), Error> {
        if digest.len() != scheme.hash().length() {
            return Err(Error::Signature);
        }
        let expected = match scheme {
            SignatureScheme::Pkcs1v15(hash) => Some(pkcs1_signature::encode(*hash, digest, self.size())?),
            SignatureScheme::Pss(_) => None,
        };
        let signature = self.representative(signature).ok_or(Error::Signature)?;
        let encoded = octets(&self.raise(&self.modulus.residue(&signature)).value(), self.size());
        match scheme {
            SignatureScheme::Pss(parameters) => parameters.verify(digest, &encoded, self.bits()),
            SignatureScheme::Pkcs1v15(_) if expected.as_ref() == Some(&*encoded) => Ok(()),
            SignatureScheme::Pkcs1v15(_) => Err(Error::Signature),
        }
    }

    /// RSAES-PKCS1-v1_5 (RFC 8017 7.2.1).
    ///
    /// # Errors
    /// [`Error::MessageTooLong`] when fewer than eleven bytes of the modulus are left.
    pub fn encrypt(&self, message: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, Error> {
        let encoded = Zeroizing::new(pkcs1_encryption::encode(message, self.size(), rng)?);
        let encoded = self.encoded(&encoded);
        Ok(octets(&self.raise(&self.modulus.residue(&encoded)).value(), self.size()).to_vec())
    }

    /// The integer of octets that are as many as the modulus', and less than it.
    pub(super) fn representative(&self, octets: &[u8]) -> Option<Secret> {
        let integer = (octets.len() == self.size()).then(|| integer(octets, self.bits()))??;
        arith::less(&integer, &self.n).then_some(integer)
    }

    /// The integer of an encoded message, which begins with a bit less than the modulus has.
    pub(super) fn encoded(&self, octets: &[u8]) -> Secret {
        integer(octets, self.bits()).expect("an encoded message is as long as the modulus")
    }

    pub(super) fn n(&self) -> &BoxedUint {
        &self.n
    }

    pub(super) fn e(&self) -> u64 {
        self.e
    }

    pub(super) fn modulus(&self) -> &Modulus {
        &self.modulus
    }

    /// RSAEP and RSAVP1 (RFC 8017 5.1.1, 5.2.2).
    pub(super) fn raise(&self, base: &Residue) -> Residue {
        self.power(base, self.e)
    }

    /// `base^exponent` for a public exponent, on which the time depends, as it does on lengths.
    pub(super) fn power(&self, base: &Residue, exponent: u64) -> Residue {
        (0..=exponent.ilog2()).rev().fold(self.modulus.one(), |power, bit| {
            let power = power.square();
            if exponent >> bit & 1 == 1 { power.times(base) } else { power }
        })
    }
}

/// The NULL that its parameters must be (RFC 3279 2.3.1) is left out by some, and missed by nobody.
pub(super) fn is_rsa_encryption(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid == ALGORITHM_OID && algorithm.parameters.is_none_or(AnyRef::is_null)
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("n", &self.n).field("e", &self.e).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use pkcs8::ObjectIdentifier;

    use super::*;

    /// 2^1023 + 1: odd, which is all that arithmetic asks for.
    fn modulus() -> Vec<u8> {
        let mut n = vec![0; 128];
        (n[0], n[127]) = (0x80, 1);
        n
    }

    #[test]
    fn raises_to_any_exponent_of_64_bits() {
        for e in [3, 17, 65_537, (1 << 33) + 1, u64::MAX] {
            let key = PublicKey::new(&modulus(), &e.to_be_bytes()).expect("a good key");
            let base = key.modulus.residue(&key.encoded(&[5; 100]));
            assert!(key.raise(&base).equals(&base.pow(&BoxedUint::from(e))));
        }
    }

    #[test]
    fn knows_its_algorithm_with_null_or_without_parameters() {
        let identifier = |parameters| AlgorithmIdentifierRef { oid: ALGORITHM_OID, parameters };
        assert!(is_rsa_encryption(&identifier(Some(AnyRef::NULL))));
        assert!(is_rsa_encryption(&identifier(None)));
        assert!(!is_rsa_encryption(&identifier(Some((&ALGORITHM_OID).into()))));
        assert!(!is_rsa_encryption(&AlgorithmIdentifierRef {
            oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"),
            parameters: None
        }));
    }

    #[test]
    fn refuses_what_is_no_public_key() {
        let error = |n: &[u8], e: &[u8]| PublicKey::new(n, e).err();
        for e in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 0, 0, 0, 0, 1]] {
            assert_eq!(error(&modulus(), e), Some(Error::Exponent), "{e:?}");
        }
        assert_eq!(error(&modulus()[..127], &[3]), Some(Error::Size { bits: 1016 }));
        assert_eq!(error(&[&[1], &[0; 1023][..], &[1]].concat(), &[3]), Some(Error::Size { bits: 8193 }));
        assert_eq!(error(&[&[1], &[0; 128][..]].concat(), &[3]), Some(Error::Malformed { what: "n is even" }));
        assert_eq!(PublicKey::from_spki_der(&[]).err(), Some(Error::Encoding));
    }
}
