//! The server's signature in a handshake.

use std::fmt;
use std::sync::Arc;

use rustls::sign::{Signer, SigningKey};
use rustls::{Error, InconsistentKeys, SignatureAlgorithm, SignatureScheme};
use signet_host_crypto::{self as host, HashAlgorithm, KeyType};
use zeroize::Zeroizing;

use crate::verification::public_key_of_certificate;

/// How RSA keys sign, the best first. SHA-256 comes first: a short key has no room for the salt of a longer digest.
pub const RSA: [SignatureScheme; 6] = [
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

/// How keys on curves sign.
pub const ECDSA: [SignatureScheme; 4] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED25519,
];

/// What TLS calls a scheme, in the words of the host's cryptography.
pub fn scheme_of(scheme: SignatureScheme) -> Option<host::SignatureScheme> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    use host::SignatureScheme as Host;
    // RFC 8446 4.2.3: the salt is as long as the digest.
    let pss = |digest, salt_length| Host::RsaPss { digest, salt_length };
    Some(match scheme {
        SignatureScheme::RSA_PSS_SHA256 => pss(Sha256, 32),
        SignatureScheme::RSA_PSS_SHA384 => pss(Sha384, 48),
        SignatureScheme::RSA_PSS_SHA512 => pss(Sha512, 64),
        SignatureScheme::RSA_PKCS1_SHA256 => Host::RsaPkcs1(Sha256),
        SignatureScheme::RSA_PKCS1_SHA384 => Host::RsaPkcs1(Sha384),
        SignatureScheme::RSA_PKCS1_SHA512 => Host::RsaPkcs1(Sha512),
        SignatureScheme::ECDSA_NISTP256_SHA256 => Host::Ecdsa(Sha256),
        SignatureScheme::ECDSA_NISTP384_SHA384 => Host::Ecdsa(Sha384),
        SignatureScheme::ECDSA_NISTP521_SHA512 => Host::Ecdsa(Sha512),
        SignatureScheme::ED25519 => Host::Ed25519,
        _ => return None,
    })
}

/// A private key that signs as the server.
pub struct Key {
    pkcs8: Arc<Zeroizing<Vec<u8>>>,
    schemes: &'static [SignatureScheme],
    algorithm: SignatureAlgorithm,
}

impl Key {
    /// Of a `PrivateKeyInfo`, and the certificate that it must belong to.
    pub fn new(pkcs8: Vec<u8>, certificate: &[u8]) -> Result<Self, Error> {
        let pkcs8 = Zeroizing::new(pkcs8);
        let unusable = |failure: host::Failure| Error::General(failure.to_string());
        if host::public_key_of(&pkcs8).map_err(unusable)? != public_key_of_certificate(certificate)? {
            return Err(InconsistentKeys::KeyMismatch.into());
        }
        let (schemes, algorithm) = match KeyType::of_private_key(&pkcs8).map_err(unusable)? {
            KeyType::Rsa => (&RSA[..], SignatureAlgorithm::RSA),
            // RFC 8446 4.2.3 binds each curve to its digest, and no client of TLS 1.2 minds.
            KeyType::Ec(signet_keygen::Curve::P256) => (&ECDSA[..1], SignatureAlgorithm::ECDSA),
            KeyType::Ec(signet_keygen::Curve::P384) => (&ECDSA[1..2], SignatureAlgorithm::ECDSA),
            KeyType::Ec(signet_keygen::Curve::P521) => (&ECDSA[2..3], SignatureAlgorithm::ECDSA),
            KeyType::Ed25519 => (&ECDSA[3..], SignatureAlgorithm::ED25519),
        };
        Ok(Self { pkcs8: Arc::new(pkcs8), schemes, algorithm })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *self.schemes.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(Signature { pkcs8: self.pkcs8.clone(), scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
}

struct Signature {
    pkcs8: Arc<Zeroizing<Vec<u8>>>,
    scheme: SignatureScheme,
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

impl Signer for Signature {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let scheme = scheme_of(self.scheme).ok_or_else(|| Error::General("no such signature scheme".into()))?;
        host::sign(&self.pkcs8, scheme, message).map_err(|failure| Error::General(failure.to_string()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
