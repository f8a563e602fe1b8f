use p256::elliptic_curve::Generate;
use pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use rand_core::CryptoRng;

use super::Curve;
use crate::{Error, GeneratedKey};

pub fn generate(curve: Curve, rng: &mut impl CryptoRng) -> Result<GeneratedKey, Error> {
    match curve {
        Curve::P256 => checked(&p256::SecretKey::generate_from_rng(rng), p256::SecretKey::public_key),
        Curve::P384 => checked(&p384::SecretKey::generate_from_rng(rng), p384::SecretKey::public_key),
        Curve::P521 => checked(&p521::SecretKey::generate_from_rng(rng), p521::SecretKey::public_key),
    }
}

/// The key as DER, after pairwise consistency (SP 800-56A 5.6.2.1.4) of what will be handed out: the point is computed again from the
/// written private key.
fn checked<Private, Public>(private_key: &Private, public_key: impl Fn(&Private) -> Public) -> Result<GeneratedKey, Error>
where
    Private: EncodePrivateKey + DecodePrivateKey,
    Public: EncodePublicKey + DecodePublicKey + PartialEq,
{
    let key = GeneratedKey {
        private_key: private_key.to_pkcs8_der().map_err(|_| Error::Inconsistent)?.to_bytes(),
        public_key: public_key(private_key).to_public_key_der().map_err(|_| Error::Inconsistent)?.into_vec(),
    };
    let written = Private::from_pkcs8_der(&key.private_key).map_err(|_| Error::Inconsistent)?;
    let point = Public::from_public_key_der(&key.public_key).map_err(|_| Error::Inconsistent)?;
    if public_key(&written) == point { Ok(key) } else { Err(Error::Inconsistent) }
}
