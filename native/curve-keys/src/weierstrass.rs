use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, Generate, PublicKey, SecretKey};
use pkcs8::der::Decode;
use pkcs8::{AssociatedOid, DecodePrivateKey, EncodePrivateKey, EncodePublicKey, PrivateKeyInfoRef};
use rand_core::CryptoRng;
use sec1::EcPrivateKey;

use crate::{Curve, GeneratedKey};

pub fn generate(curve: Curve, rng: &mut dyn CryptoRng) -> pkcs8::Result<GeneratedKey> {
    match curve {
        Curve::P256 => checked(&p256::SecretKey::generate_from_rng(rng)),
        Curve::P384 => checked(&p384::SecretKey::generate_from_rng(rng)),
        Curve::P521 => checked(&p521::SecretKey::generate_from_rng(rng)),
    }
}

/// The key as DER, after pairwise consistency (SP 800-56A 5.6.2.1.4) of what will be handed out: reading the written private key
/// computes the point again and compares it with the written one, which is the one that the public key has.
fn checked<C>(private_key: &SecretKey<C>) -> pkcs8::Result<GeneratedKey>
where
    C: CurveArithmetic + AssociatedOid,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let private_key = private_key.to_pkcs8_der()?.to_bytes();
    SecretKey::<C>::from_pkcs8_der(&private_key)?;
    Ok(GeneratedKey { public_key: written_point::<C>(&private_key)?.to_public_key_der()?.into_vec(), private_key })
}

fn written_point<C>(private_key: &[u8]) -> pkcs8::Result<PublicKey<C>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let written = EcPrivateKey::from_der(PrivateKeyInfoRef::from_der(private_key)?.private_key.as_bytes())?;
    let point = written.public_key.unwrap_or_default();
    PublicKey::from_sec1_bytes(point).map_err(|_| pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid))
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn reading_a_private_key_notices_another_ones_point() {
        let [ours, theirs] = [1, 2].map(|seed| generate(Curve::P256, &mut ChaCha20Rng::seed_from_u64(seed)).expect("a key").private_key);
        // Both end with their uncompressed point.
        let mixed = [&ours[..ours.len() - 65], &theirs[theirs.len() - 65..]].concat();
        assert!(p256::SecretKey::from_pkcs8_der(&ours).is_ok());
        assert!(p256::SecretKey::from_pkcs8_der(&mixed).is_err());
        assert!(written_point::<p256::NistP256>(&mixed).is_ok());
    }
}
