//! RSA, by `signet_keygen::rsa`.

use chacha20::ChaCha20Rng;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::asn1::BitStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::SubjectPublicKeyInfo;
use rand_core::SeedableRng;
use rustix::rand::{GetRandomFlags, getrandom};
use signet_keygen::rsa::{Error, Hash, PrivateKey, PssParameters, PublicKey, SignatureScheme};
use zeroize::Zeroizing;

use crate::key::bad_private_key;
use crate::{Failure, HashAlgorithm};

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

pub fn pkcs1(digest: HashAlgorithm) -> SignatureScheme {
    SignatureScheme::Pkcs1v15(digest.into())
}

pub fn pss(digest: HashAlgorithm, salt_length: usize) -> SignatureScheme {
    SignatureScheme::Pss(PssParameters { hash: digest.into(), mask_hash: digest.into(), salt_length })
}

pub fn sign(private_key: &[u8], scheme: &SignatureScheme, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let key = PrivateKey::from_pkcs8_der(private_key).map_err(failure)?;
    key.sign(scheme, data, &mut random()?).map_err(failure)
}

/// Whether the signature is right; one that is too long or too short is wrong.
pub fn verify(public_key: &[u8], scheme: &SignatureScheme, signature: &[u8], data: &[u8]) -> Result<bool, Failure> {
    let key = PublicKey::from_spki_der(public_key).map_err(failure)?;
    Ok(key.verify(scheme, data, signature).is_ok())
}

pub fn public_key_of(contents: &[u8]) -> Result<Vec<u8>, Failure> {
    let bad = |_| bad_private_key();
    let key = RsaPrivateKeyRef::from_der(contents).map_err(bad)?;
    let public = RsaPublicKeyRef { modulus: key.modulus, public_exponent: key.public_exponent }.to_der().map_err(bad)?;
    let info = SubjectPublicKeyInfo { algorithm: pkcs1::ALGORITHM_ID, subject_public_key: BitStringRef::from_bytes(&public).map_err(bad)? };
    info.to_der().map_err(bad)
}

/// Random numbers for blinding and salts.
fn random() -> Result<ChaCha20Rng, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    // No more than 256 bytes are always given whole.
    let length = getrandom(&mut seed[..], GetRandomFlags::empty());
    if length != Ok(seed.len()) {
        return Err(Failure::Failed("the operating system has no random numbers".into()));
    }
    Ok(ChaCha20Rng::from_seed(*seed))
}

fn failure(error: Error) -> Failure {
    let message = error.to_string();
    match error {
        Error::Encoding | Error::Exponent | Error::Malformed { .. } => Failure::BadKey(message),
        Error::Size { .. } => Failure::Unsupported(message),
        _ => Failure::Failed(message),
    }
}
