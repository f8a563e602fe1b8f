use std::fmt::Display;

use chacha20::ChaCha20Rng;
use pkcs1::{ALGORITHM_ID, RsaPrivateKeyRef};
use pkcs8::der::asn1::BitStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::SubjectPublicKeyInfoRef;
use rand_core::SeedableRng;
use signet_keygen::rsa::{Error, Hash, PrivateKey, PublicKey, SignatureScheme};
use zeroize::Zeroizing;

use crate::key::{bad_private_key, bad_public_key};
use crate::{Failure, HashAlgorithm, fill_random};

impl From<HashAlgorithm> for Hash {
    fn from(algorithm: HashAlgorithm) -> Self {
        match algorithm {
            HashAlgorithm::Md5 => Self::Md5,
            HashAlgorithm::Sha1 => Self::Sha1,
            HashAlgorithm::Sha224 => Self::Sha224,
            HashAlgorithm::Sha256 => Self::Sha256,
            HashAlgorithm::Sha384 => Self::Sha384,
            HashAlgorithm::Sha512 => Self::Sha512,
        }
    }
}

/// By a `PrivateKeyInfo`; `name` is the scheme's, for the message of a failure.
pub fn sign(pkcs8: &[u8], scheme: &SignatureScheme, name: impl Display, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let key = PrivateKey::from_pkcs8_der(pkcs8).map_err(|error| bad_key(&error, bad_private_key()))?;
    key.sign(scheme, data, &mut random_numbers()?).map_err(|error| match error {
        Error::KeyTooShort { .. } => Failure::Failed(format!("the host could not sign ({name}): the key may be too short for the digest")),
        error => Failure::Failed(format!("the host could not sign ({name}): {error}")),
    })
}

/// By a `SubjectPublicKeyInfo`, of data with this digest.
pub fn verify(spki: &[u8], scheme: &SignatureScheme, signature: &[u8], digest: &[u8]) -> Result<bool, Failure> {
    let key = PublicKey::from_spki_der(spki).map_err(|error| bad_key(&error, bad_public_key()))?;
    Ok(key.verify_digest(scheme, digest, signature).is_ok())
}

/// The modulus and the public exponent of an `RSAPrivateKey`.
pub fn public_key_of(key: &[u8]) -> Result<Vec<u8>, Failure> {
    let key = RsaPrivateKeyRef::from_der(key).map_err(|_| bad_private_key())?;
    let public_key = key.public_key().to_der().map_err(|_| bad_private_key())?;
    let subject_public_key = BitStringRef::from_bytes(&public_key).map_err(|_| bad_private_key())?;
    SubjectPublicKeyInfoRef { algorithm: ALGORITHM_ID, subject_public_key }.to_der().map_err(|_| bad_private_key())
}

/// Why a key was refused; `malformed` when it is no DER of one.
fn bad_key(error: &Error, malformed: Failure) -> Failure {
    match error {
        Error::Encoding => malformed,
        Error::Size { .. } => Failure::Unsupported(error.to_string()),
        _ => Failure::BadKey(error.to_string()),
    }
}

/// For salts and blinding, seeded by the operating system.
fn random_numbers() -> Result<ChaCha20Rng, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    fill_random(&mut *seed)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
