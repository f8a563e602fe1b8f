use crypto_bigint::BoxedUint;
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode;

use super::data_conversion::{integer, octets};
use super::factor::Factor;
use super::pkcs1_encryption::RejectionKey;
use super::public_key::is_rsa_encryption;
use super::{Error, PrivateKey, PublicKey};
use crate::arith::integer as arith;

/// The greatest public exponent of a private key: each operation raises to it twice.
const GREATEST_EXPONENT: u64 = 1 << 33;

impl PrivateKey {
    /// Reads a `PrivateKeyInfo` (RFC 5208) with an `RSAPrivateKey` (RFC 8017 A.1.2) of two primes, and checks that all of its numbers
    /// belong together. That p and q are primes is not tested.
    ///
    /// # Errors
    /// [`Error::Encoding`], [`Error::Size`], [`Error::Exponent`] or [`Error::Malformed`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| Error::Encoding)?;
        if !is_rsa_encryption(&info.algorithm) {
            return Err(Error::Encoding);
        }
        let key = RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).map_err(|_| Error::Encoding)?;
        Self::from_parts(&key)
    }

    fn from_parts(key: &RsaPrivateKeyRef) -> Result<Self, Error> {
        check(key.other_prime_infos.is_none(), "it has more than two primes")?;
        let public = PublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
        if public.e() > GREATEST_EXPONENT {
            return Err(Error::Exponent);
        }
        let d = integer(key.private_exponent.as_bytes(), public.bits()).filter(|d| arith::less(d, public.n()));
        let d = d.ok_or(Error::Malformed { what: "d is not less than n" })?;
        let p = Factor::read(key.prime1.as_bytes(), key.exponent1.as_bytes(), &public)?;
        let q = Factor::read(key.prime2.as_bytes(), key.exponent2.as_bytes(), &public)?;
        check(*arith::product(&p.prime, &q.prime) == *public.n(), "n is not p * q")?;
        p.check(&d, public.e(), "dP is not d mod p - 1", "d is not 1 / e mod p - 1")?;
        q.check(&d, public.e(), "dQ is not d mod q - 1", "d is not 1 / e mod q - 1")?;
        let q_inverse = integer(key.coefficient.as_bytes(), p.prime.bits_precision()).filter(|inverse| arith::less(inverse, &p.prime));
        let q_inverse = q_inverse.ok_or(Error::Malformed { what: "qInv is not less than p" })?;
        let one = arith::remainder(&arith::product(&q_inverse, &q.prime), &p.prime);
        check(one.is_one().to_bool(), "qInv is not 1 / q mod p")?;
        let rejection = RejectionKey::new(&octets(&d, public.size()));
        Ok(Self { public, p, q, q_inverse, rejection })
    }
}

fn check(holds: bool, what: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Malformed { what }) }
}

impl Factor {
    /// The kernels want odd moduli. A factor far shorter than the other is soon found, and no key has one by intent.
    fn read(prime: &[u8], exponent: &[u8], public: &PublicKey) -> Result<Self, Error> {
        let bits = u32::try_from(prime.len() * 8).unwrap_or(u32::MAX);
        check((public.bits() / 4..public.bits()).contains(&bits), "a prime is much shorter than the other")?;
        let prime = integer(prime, bits).expect("that many bits");
        check(prime.bit(0).to_bool(), "a prime is even")?;
        let exponent = integer(exponent, bits).ok_or(Error::Malformed { what: "dP or dQ is longer than its prime" })?;
        Ok(Self { prime, exponent_less_one: arith::minus_one(&exponent) })
    }

    fn check(&self, d: &BoxedUint, e: u64, of_d: &'static str, of_e: &'static str) -> Result<(), Error> {
        let order = arith::minus_one(&self.prime);
        let remainder = arith::remainder(d, &order);
        check(*arith::minus_one(&remainder) == *self.exponent_less_one, of_d)?;
        let one = arith::remainder(&arith::product(&remainder, &BoxedUint::from(e)), &order);
        check(one.is_one().to_bool(), of_e)
    }
}

#[cfg(test)]
pub mod tests {
    use std::sync::atomic::AtomicBool;

    use chacha20::ChaCha20Rng;
    use crypto_bigint::{ConcatenatingMul, NonZero, Resize};
    use pkcs8::der::asn1::UintRef;
    use rand_core::SeedableRng;
    use zeroize::Zeroizing;

    use super::*;
    use crate::rsa::{Hash, PssParameters, SignatureScheme};
    use crate::{Job, KeySpec, generate};

    fn generated(bits: u32) -> Zeroizing<Vec<u8>> {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        generate(KeySpec::Rsa { bits }, &mut Job::new(&cancelled, &mut ignore)).expect("a key").private_key
    }

    /// A new key.
    pub fn private_key(bits: u32) -> PrivateKey {
        PrivateKey::from_pkcs8_der(&generated(bits)).expect("a good key")
    }

    fn parts(der: &[u8]) -> RsaPrivateKeyRef<'_> {
        let info = PrivateKeyInfoRef::try_from(der).expect("PKCS#8");
        RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).expect("PKCS#1")
    }

    /// An integer of a key plus some number, as DER has it.
    fn plus(part: UintRef, addend: i8) -> Vec<u8> {
        let part = BoxedUint::from_be_slice_vartime(part.as_bytes());
        let amount = BoxedUint::from(addend.unsigned_abs());
        let sum = if addend < 0 { part.wrapping_sub(amount) } else { part.wrapping_add(amount) };
        sum.to_be_bytes_trimmed_vartime().into_vec()
    }

    type Part = for<'a, 'b> fn(&'b mut RsaPrivateKeyRef<'a>) -> &'b mut UintRef<'a>;

    fn malformed(what: &'static str) -> Error {
        Error::Malformed { what }
    }

    #[test]
    fn finds_every_number_that_does_not_belong() {
        let der = generated(1024);
        let cases: [(Part, i8, Option<Error>); 15] = [
            (|key| &mut key.modulus, 1, Some(malformed("n is even"))),
            (|key| &mut key.modulus, 2, Some(malformed("n is not p * q"))),
            (|key| &mut key.public_exponent, 1, Some(Error::Exponent)),
            (|key| &mut key.public_exponent, 2, Some(malformed("d is not 1 / e mod p - 1"))),
            (|key| &mut key.private_exponent, 2, Some(malformed("dP is not d mod p - 1"))),
            (|key| &mut key.private_exponent, -2, Some(malformed("dP is not d mod p - 1"))),
            (|key| &mut key.prime1, 1, Some(malformed("a prime is even"))),
            (|key| &mut key.prime1, 2, Some(malformed("n is not p * q"))),
            (|key| &mut key.prime2, -1, Some(malformed("a prime is even"))),
            (|key| &mut key.prime2, -2, Some(malformed("n is not p * q"))),
            (|key| &mut key.exponent1, 2, Some(malformed("dP is not d mod p - 1"))),
            (|key| &mut key.exponent2, 2, Some(malformed("dQ is not d mod q - 1"))),
            (|key| &mut key.coefficient, 1, Some(malformed("qInv is not 1 / q mod p"))),
            (|key| &mut key.coefficient, -1, Some(malformed("qInv is not 1 / q mod p"))),
            (|key| &mut key.coefficient, 0, None),
        ];
        for (index, (part, addend, expected)) in cases.into_iter().enumerate() {
            let changed = plus(*part(&mut parts(&der)), addend);
            let mut key = parts(&der);
            *part(&mut key) = UintRef::new(&changed).expect("an integer");
            assert_eq!(PrivateKey::from_parts(&key).err(), expected, "case {index}");
        }
    }

    #[test]
    fn refuses_numbers_out_of_range() {
        let der = generated(1024);
        let cases: [(Part, &[u8], Option<Error>); 14] = [
            (|key| &mut key.modulus, &[0], Some(Error::Size { bits: 0 })),
            (|key| &mut key.modulus, &[0x7f; 128], Some(Error::Size { bits: 1023 })),
            (|key| &mut key.modulus, &[1; 1025], Some(Error::Size { bits: 8193 })),
            (|key| &mut key.public_exponent, &[1], Some(Error::Exponent)),
            (|key| &mut key.public_exponent, &[2, 0, 0, 0, 3], Some(Error::Exponent)),
            (|key| &mut key.public_exponent, &[1, 0, 0, 0, 0, 0, 0, 0, 1], Some(Error::Exponent)),
            (|key| &mut key.private_exponent, &[0xff; 128], Some(malformed("d is not less than n"))),
            (|key| &mut key.private_exponent, &[1; 129], Some(malformed("d is not less than n"))),
            (|key| &mut key.prime1, &[0], Some(malformed("a prime is much shorter than the other"))),
            (|key| &mut key.prime2, &[0x7f; 31], Some(malformed("a prime is much shorter than the other"))),
            (|key| &mut key.prime2, &[0x7f; 128], Some(malformed("a prime is much shorter than the other"))),
            (|key| &mut key.exponent1, &[1; 65], Some(malformed("dP or dQ is longer than its prime"))),
            (|key| &mut key.coefficient, &[0xff; 64], Some(malformed("qInv is not less than p"))),
            (|key| &mut key.coefficient, &[1; 65], Some(malformed("qInv is not less than p"))),
        ];
        for (index, (part, value, expected)) in cases.into_iter().enumerate() {
            let mut key = parts(&der);
            *part(&mut key) = UintRef::new(value).expect("an integer");
            assert_eq!(PrivateKey::from_parts(&key).err(), expected, "case {index}");
        }
    }

    /// RFC 8017 lets either prime be the greater.
    #[test]
    fn takes_primes_in_either_order() {
        let der = generated(1024);
        let RsaPrivateKeyRef { prime1: p, prime2: q, exponent1, exponent2, .. } = parts(&der);
        let swapped = RsaPrivateKeyRef { prime1: q, prime2: p, exponent1: exponent2, exponent2: exponent1, ..parts(&der) };
        // What was less than the greater prime may not be less than the other one.
        let refusals = ["qInv is not 1 / q mod p", "qInv is not less than p"].map(|what| Some(malformed(what)));
        assert!(refusals.contains(&PrivateKey::from_parts(&swapped).err()));
        let [p, q] = [p, q].map(|prime| BoxedUint::from_be_slice_vartime(prime.as_bytes()));
        let inverse = p.invert_mod(&NonZero::new(q).expect("not zero")).expect("a prime").to_be_bytes_trimmed_vartime();
        let key = PrivateKey::from_parts(&RsaPrivateKeyRef { coefficient: UintRef::new(&inverse).expect("an integer"), ..swapped });
        let (key, mut rng) = (key.expect("a good key"), ChaCha20Rng::seed_from_u64(1));
        let scheme = SignatureScheme::Pkcs1v15(Hash::Sha256);
        let other = PrivateKey::from_pkcs8_der(&der).expect("a good key");
        assert_eq!(key.sign(&scheme, b"message", &mut rng), other.sign(&scheme, b"message", &mut rng));
    }

    /// Two Mersenne primes, p the shorter one and p the longer one.
    #[test]
    fn takes_primes_of_different_lengths() {
        let mersenne = |bits: u32| BoxedUint::max(640).shr(640 - bits);
        let bytes = |number: BoxedUint| number.to_be_bytes_trimmed_vartime();
        for (p, q) in [(mersenne(521), mersenne(607)), (mersenne(607), mersenne(521))] {
            let inverse = |a: &BoxedUint, m: &BoxedUint| bytes(a.invert_mod(&NonZero::new(m.clone()).expect("not zero")).expect("one"));
            let exponent = BoxedUint::from_be_slice(&[1, 0, 1], 640).expect("short enough");
            let [p_less_one, q_less_one] = [&p, &q].map(|prime| prime.wrapping_sub(BoxedUint::one()));
            let [d_p, d_q] = [&p_less_one, &q_less_one].map(|order| inverse(&exponent, order));
            let d = inverse(&exponent.clone().resize(1280), &p_less_one.concatenating_mul(&q_less_one));
            let (product, q_inverse, p, q) = (bytes(p.concatenating_mul(&q)), inverse(&q, &p), bytes(p), bytes(q));
            let [modulus, public_exponent, private_exponent, prime1, prime2, exponent1, exponent2, coefficient] =
                [&*product, &[1, 0, 1], &d, &p, &q, &d_p, &d_q, &q_inverse].map(|part| UintRef::new(part).expect("an integer"));
            let key = PrivateKey::from_parts(&RsaPrivateKeyRef {
                modulus,
                public_exponent,
                private_exponent,
                prime1,
                prime2,
                exponent1,
                exponent2,
                coefficient,
                other_prime_infos: None,
            });
            let (key, mut rng) = (key.expect("a good key"), ChaCha20Rng::seed_from_u64(2));
            let scheme = SignatureScheme::Pss(PssParameters::new(Hash::Sha512));
            let signature = key.sign(&scheme, b"message", &mut rng).expect("a signature");
            assert_eq!(key.public_key().verify(&scheme, b"message", &signature), Ok(()));
        }
    }

    #[test]
    fn refuses_what_is_no_key() {
        let der = generated(1024);
        for end in 0..der.len() {
            assert_eq!(PrivateKey::from_pkcs8_der(&der[..end]).err(), Some(Error::Encoding));
        }
        assert_eq!(PrivateKey::from_pkcs8_der(&[&der[..], &[0]].concat()).err(), Some(Error::Encoding));
        // 1.2.840.113549.1.1.10, id-RSASSA-PSS
        let arc = der.windows(9).position(|bytes| bytes == pkcs1::ALGORITHM_OID.as_bytes()).expect("the algorithm") + 8;
        let mut other = der.clone();
        other[arc] = 10;
        assert_eq!(PrivateKey::from_pkcs8_der(&other).err(), Some(Error::Encoding));
    }

    /// No damage to one byte makes a key that is accepted and different, or a panic.
    #[test]
    fn refuses_damaged_keys() {
        let der = generated(1024);
        for index in 0..der.len() {
            let mut damaged = der.clone();
            damaged[index] ^= 0x10;
            assert!(PrivateKey::from_pkcs8_der(&damaged).is_err(), "byte {index}");
        }
    }
}
