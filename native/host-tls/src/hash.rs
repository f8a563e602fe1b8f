//! SHA-256 and SHA-384, and HMAC of both, as rustls asks for them.

use std::marker::PhantomData;

use hmac::digest::block_api::EagerHash;
use hmac::{Hmac, KeyInit, Mac};
use rustls::crypto::hash::{Context, Hash, HashAlgorithm, Output};
use rustls::crypto::hmac::{self as tls, Key, Tag};
use sha2::{Digest, Sha256, Sha384};

/// A hash function, and the HMAC of it.
pub struct Of<D>(PhantomData<fn() -> D>);

pub static SHA256: Of<Sha256> = Of(PhantomData);
pub static SHA384: Of<Sha384> = Of(PhantomData);

/// What TLS calls a digest.
pub trait Named: Digest + EagerHash<Core: Send + Sync> + Clone + Send + Sync + 'static {
    const NAME: HashAlgorithm;
}

impl Named for Sha256 {
    const NAME: HashAlgorithm = HashAlgorithm::SHA256;
}

impl Named for Sha384 {
    const NAME: HashAlgorithm = HashAlgorithm::SHA384;
}

impl<D: Named> Hash for Of<D> {
    fn start(&self) -> Box<dyn Context> {
        Box::new(Running(D::new()))
    }

    fn hash(&self, data: &[u8]) -> Output {
        Output::new(&D::digest(data))
    }

    fn output_len(&self) -> usize {
        <D as Digest>::output_size()
    }

    fn algorithm(&self) -> HashAlgorithm {
        D::NAME
    }
}

struct Running<D>(D);

impl<D: Named> Context for Running<D> {
    fn fork_finish(&self) -> Output {
        Output::new(&self.0.clone().finalize())
    }

    fn fork(&self) -> Box<dyn Context> {
        Box::new(Self(self.0.clone()))
    }

    fn finish(self: Box<Self>) -> Output {
        Output::new(&self.0.finalize())
    }

    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
}

impl<D: Named> tls::Hmac for Of<D> {
    fn with_key(&self, key: &[u8]) -> Box<dyn Key> {
        Box::new(Keyed::<D>(<Hmac<D> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")))
    }

    fn hash_output_len(&self) -> usize {
        <D as Digest>::output_size()
    }
}

struct Keyed<D: Named>(Hmac<D>);

impl<D: Named> Key for Keyed<D> {
    fn sign_concat(&self, first: &[u8], middle: &[&[u8]], last: &[u8]) -> Tag {
        let mut mac = self.0.clone();
        mac.update(first);
        for part in middle {
            mac.update(part);
        }
        mac.update(last);
        Tag::new(&mac.finalize().into_bytes())
    }

    fn tag_len(&self) -> usize {
        <D as Digest>::output_size()
    }
}
