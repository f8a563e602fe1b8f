use ed25519_dalek::pkcs8::{self, DecodePrivateKey, EncodePrivateKey, EncodePublicKey, KeyError, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::GeneratedKey;

pub fn generate(rng: &mut dyn CryptoRng) -> pkcs8::Result<GeneratedKey> {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *seed);
    let signing_key = SigningKey::from_bytes(&seed);
    let verifying_key = signing_key.verifying_key();
    // Version 1, without the public key: what every reader knows (RFC 8410 7).
    let key = GeneratedKey {
        private_key: KeypairBytes { secret_key: *seed, public_key: None }.to_pkcs8_der()?.to_bytes(),
        public_key: verifying_key.to_public_key_der()?.into_vec(),
    };
    let written = SigningKey::from_pkcs8_der(&key.private_key)?;
    let message = b"pairwise consistency";
    verifying_key.verify_strict(message, &written.sign(message)).map_err(|_| pkcs8::Error::KeyMalformed(KeyError::Invalid))?;
    Ok(key)
}
