use pkcs1::{ALGORITHM_ID, RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{BitStringRef, OctetStringRef, UintRef};
use pkcs8::der::{self, Encode, SecretDocument};
use pkcs8::spki::SubjectPublicKeyInfoRef;
use zeroize::Zeroizing;

use super::key_pair::{EXPONENT, KeyPair};
#[cfg(feature = "measure")]
use crate::arith::Natural;
use crate::arith::expected_seconds_per_test;
use crate::arith::integer as arith;
use crate::entropy::Seed;
use crate::search::expected_tests;
use crate::{Error, GeneratedKey, Job};

pub fn generate(bits: u32, seed: &Seed, job: &mut Job) -> Result<GeneratedKey, Error> {
    check_size(bits)?;
    let pair = KeyPair::generate(bits, seed, job)?;
    Ok(encoded(&pair).expect("lengths that DER can hold"))
}

fn check_size(bits: u32) -> Result<(), Error> {
    if (1024..=8192).contains(&bits) && bits.is_multiple_of(128) { Ok(()) } else { Err(Error::Size { bits }) }
}

/// What is done of a key when both of its primes are known.
#[cfg(feature = "measure")]
pub fn finish(primes: &[Natural; 2], seed: &Seed, job: &Job) -> Result<GeneratedKey, Error> {
    let pair = KeyPair::of_primes(primes, seed, job)?.ok_or(Error::Inconsistent)?;
    Ok(encoded(&pair).expect("lengths that DER can hold"))
}

fn encoded(pair: &KeyPair) -> der::Result<GeneratedKey> {
    let modulus = pair.n.to_be_bytes();
    let modulus = UintRef::new(&modulus)?;
    let exponent = EXPONENT.to_be_bytes();
    let public_exponent = UintRef::new(&exponent)?;
    let [d, p, q, d_p, d_q, q_inverse] =
        [&pair.d, &pair.p, &pair.q, &pair.d_p, &pair.d_q, &pair.q_inverse].map(|part| arith::to_bytes(part));
    let private_key = Zeroizing::new(
        RsaPrivateKeyRef {
            modulus,
            public_exponent,
            private_exponent: UintRef::new(&d)?,
            prime1: UintRef::new(&p)?,
            prime2: UintRef::new(&q)?,
            exponent1: UintRef::new(&d_p)?,
            exponent2: UintRef::new(&d_q)?,
            coefficient: UintRef::new(&q_inverse)?,
            other_prime_infos: None,
        }
        .to_der()?,
    );
    let public_key = RsaPublicKeyRef { modulus, public_exponent }.to_der()?;
    Ok(GeneratedKey {
        private_key: SecretDocument::encode_msg(&PrivateKeyInfoRef::new(ALGORITHM_ID, OctetStringRef::new(&private_key)?))?.to_bytes(),
        public_key: SubjectPublicKeyInfoRef { algorithm: ALGORITHM_ID, subject_public_key: BitStringRef::from_bytes(&public_key)? }
            .to_der()?,
    })
}

pub fn expected_seconds(bits: u32) -> Result<f64, Error> {
    check_size(bits)?;
    let half = bits / 2;
    Ok(2.0 * expected_tests(half) * expected_seconds_per_test(half))
}
