//! TLS 1.2 and 1.3 of the compact host: rustls over the cryptography that the rest of the host uses, so that no second one is linked in.
//!
//! What a handshake proves is that the other end has the private key of the certificate it shows. Whether that certificate is to be trusted
//! is not decided here but by who asked for the connection, as on every host.

#![forbid(unsafe_code)]

mod aead;
mod cipher_suites;
mod hash;
mod key_exchange;
mod signing;
mod verification;

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::NoServerSessionStorage;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, Connection, Error, ServerConfig, ServerConnection, SupportedProtocolVersion};

/// Which versions of TLS are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// 1.2 and 1.3.
    Any,
    /// 1.2 alone.
    Only12,
}

impl Versions {
    fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        static ALL: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
        match self {
            Self::Any => &ALL,
            Self::Only12 => &ALL[1..],
        }
    }
}

/// The server's side of a connection, which shows these certificates, the server's own first. The key is a `PrivateKeyInfo`.
///
/// # Errors
/// When there is no certificate, or the key can't be used or is not that of the first certificate.
pub fn serve(certificates: Vec<Vec<u8>>, private_key: Vec<u8>, versions: Versions) -> Result<Connection, Error> {
    let own = certificates.first().ok_or(Error::NoCertificatesPresented)?;
    let key = signing::Key::new(private_key, own)?;
    let certificates = certificates.into_iter().map(CertificateDer::from).collect();
    let resolver = SingleCertAndKey::from(CertifiedKey::new(certificates, Arc::new(key)));
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions.list())?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    config.ignore_client_order = true;
    // A session that is kept would outlive a change of the certificate, and takes memory for who only comes by.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Connection::from(ServerConnection::new(Arc::new(config))?))
}

/// The client's side of a connection. The server hears `name` when it is a host's, so that it knows which certificate to show.
///
/// # Errors
/// When `name` is neither the name of a host nor an IP address.
pub fn connect(name: &str, versions: Versions) -> Result<Connection, Error> {
    let name = ServerName::try_from(name.to_owned()).map_err(|_| Error::General(format!("{name} is no name of a host")))?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(versions.list())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verification::Proof))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(Connection::from(ClientConnection::new(Arc::new(config), name)?))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        cipher_suites: cipher_suites::ALL.to_vec(),
        kx_groups: key_exchange::ALL.to_vec(),
        // rustls asks its own verifier of certificates for these, which is not used.
        signature_verification_algorithms: WebPkiSupportedAlgorithms { all: &[], mapping: &[] },
        secure_random: &System,
        key_provider: &System,
    })
}

/// The operating system's random numbers.
#[derive(Debug)]
struct System;

impl SecureRandom for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        signet_host_crypto::fill_random(bytes).map_err(|_| GetRandomFailed)
    }
}

impl KeyProvider for System {
    /// Never asked: keys come as [`signing::Key`].
    fn load_private_key(&self, _key: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("a key comes with its certificate".into()))
    }
}
