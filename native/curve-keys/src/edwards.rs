use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Error, GeneratedKey};

pub fn generate(rng: &mut impl CryptoRng) -> Result<GeneratedKey, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *seed);
    let signing_key = SigningKey::from_bytes(&seed);
    let verifying_key = signing_key.verifying_key();
    // Version 1, without the public key: what every reader knows (RFC 8410 7).
    let key = GeneratedKey {
        private_key: KeypairBytes { secret_key: *seed, public_key: None }.to_pkcs8_der().map_err(|_| Error::Inconsistent)?.to_bytes(),
        public_key: verifying_key.to_public_key_der().map_err(|_| Error::Inconsistent)?.into_vec(),
    };
    let written = SigningKey::from_pkcs8_der(&key.private_key).map_err(|_| Error::Inconsistent)?;
    let message = b"pairwise consistency";
    verifying_key.verify_strict(message, &written.sign(message)).map_err(|_| Error::Inconsistent)?;
    Ok(key)
}
