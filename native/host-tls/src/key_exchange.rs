//! Ephemeral Diffie-Hellman on X25519, P-256, P-384 and P-521 (RFC 8446 4.2.8.2).

use std::marker::PhantomData;

use p256::NistP256;
use p256::elliptic_curve::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, PublicKey, SecretKey};
use p384::NistP384;
use p521::NistP521;
use rustls::crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

/// In the order of preference: the fastest on a small CPU first. In TLS 1.2 the curve of a certificate must be among them (RFC 8422 5.1.1).
pub static ALL: [&dyn SupportedKxGroup; 4] = [&X25519, &P256, &P384, &P521];

static P256: OnCurve<NistP256> = OnCurve { name: NamedGroup::secp256r1, top: 0xff, curve: PhantomData };
static P384: OnCurve<NistP384> = OnCurve { name: NamedGroup::secp384r1, top: 0xff, curve: PhantomData };
static P521: OnCurve<NistP521> = OnCurve { name: NamedGroup::secp521r1, top: 0x01, curve: PhantomData };

fn random(bytes: &mut [u8]) -> Result<(), Error> {
    signet_host_crypto::fill_random(bytes).map_err(|_| GetRandomFailed.into())
}

fn bad_share() -> Error {
    PeerMisbehaved::InvalidKeyShare.into()
}

#[derive(Debug)]
struct X25519;

impl SupportedKxGroup for X25519 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut secret = Zeroizing::new([0; 32]);
        random(&mut *secret)?;
        let secret = StaticSecret::from(*secret);
        let public = x25519_dalek::PublicKey::from(&secret);
        Ok(Box::new(OnMontgomery { secret, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

struct OnMontgomery {
    secret: StaticSecret,
    public: x25519_dalek::PublicKey,
}

impl ActiveKeyExchange for OnMontgomery {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = <[u8; 32]>::try_from(peer).map_err(|_| bad_share())?;
        let shared = self.secret.diffie_hellman(&peer.into());
        // RFC 8446 7.4.2: the all-zero secret is that of a point of small order.
        if shared.was_contributory() { Ok(SharedSecret::from(shared.as_bytes().as_slice())) } else { Err(bad_share()) }
    }

    fn pub_key(&self) -> &[u8] {
        self.public.as_bytes()
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

#[derive(Debug)]
struct OnCurve<C> {
    name: NamedGroup,
    /// The bits of a scalar's first byte that can be set.
    top: u8,
    curve: PhantomData<fn() -> C>,
}

struct OnWeierstrass<C: CurveArithmetic> {
    name: NamedGroup,
    secret: SecretKey<C>,
    /// Uncompressed (SEC 1 2.3.3).
    public: Vec<u8>,
}

impl<C> SupportedKxGroup for OnCurve<C>
where
    C: CurveArithmetic + std::fmt::Debug,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut bytes = Zeroizing::new(FieldBytes::<C>::default());
        let secret = loop {
            random(&mut bytes)?;
            bytes[0] &= self.top;
            // Zero and what is above the order are as good as never drawn then.
            if let Ok(secret) = SecretKey::<C>::from_bytes(&bytes) {
                break secret;
            }
        };
        let public = secret.public_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(Box::new(OnWeierstrass { name: self.name, secret, public }))
    }

    fn name(&self) -> NamedGroup {
        self.name
    }
}

/// First byte of an uncompressed point, the only form that TLS 1.3 knows (RFC 8446 4.2.8.2).
const UNCOMPRESSED: u8 = 4;

impl<C> ActiveKeyExchange for OnWeierstrass<C>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        if peer.first() != Some(&UNCOMPRESSED) {
            return Err(bad_share());
        }
        // That it lies on the curve is looked at here.
        let peer = PublicKey::<C>::from_sec1_bytes(peer).map_err(|_| bad_share())?;
        let shared = diffie_hellman(self.secret.to_nonzero_scalar(), peer.as_affine());
        Ok(SharedSecret::from(shared.raw_secret_bytes().as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_itself_on_every_group() {
        for group in ALL {
            let (near, far) = (group.start().expect("random numbers"), group.start().expect("random numbers"));
            let (to_far, to_near) = (near.pub_key().to_vec(), far.pub_key().to_vec());
            let near = near.complete(&to_near).expect("a good share");
            assert_eq!(near.secret_bytes(), far.complete(&to_far).expect("a good share").secret_bytes());
        }
    }

    #[test]
    fn refuses_shares_that_are_none() {
        for group in ALL {
            let own = group.start().expect("random numbers").pub_key().to_vec();
            let spoilt = |change: fn(&mut Vec<u8>)| {
                let mut share = own.clone();
                change(&mut share);
                share
            };
            let mut shares = vec![Vec::new(), vec![0], spoilt(|share| share.truncate(share.len() - 1)), spoilt(|share| share.push(0))];
            // Points of small order of X25519 are refused, and any other number is a point; on the others hardly any pair of numbers is one.
            if group.name() == NamedGroup::X25519 {
                shares.extend([vec![0; 32], spoilt(|share| share.iter_mut().enumerate().for_each(|(i, byte)| *byte = u8::from(i == 0)))]);
            } else {
                let compressed = |share: &mut Vec<u8>| {
                    share.truncate(share.len().div_ceil(2));
                    share[0] = 2;
                };
                shares.extend([
                    spoilt(|share| *share.last_mut().expect("a point") ^= 1),
                    spoilt(compressed),
                    spoilt(|share| share[1..].fill(0)),
                ]);
            }
            for share in shares {
                let outcome = group.start().expect("random numbers").complete(&share).map(drop);
                assert_eq!(outcome, Err(bad_share()), "{:?} {share:?}", group.name());
            }
        }
    }
}
