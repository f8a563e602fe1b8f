//! What a client sees proven: that the server has the private key of the certificate it shows.

use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{self, Decode, Encode, Header, SliceReader, Tag, TagNumber, Tagged};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use signet_host_crypto::{self as host, KeyType};
use signet_keygen::Curve;

use crate::signing::{ECDSA, RSA, scheme_of};

/// Leaves the question of trust to who asked for the connection.
#[derive(Debug)]
pub struct Proof;

impl ServerCertVerifier for Proof {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(message, &public_key_of_certificate(certificate)?, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let public_key = public_key_of_certificate(certificate)?;
        // RFC 8446 4.2.3: PKCS#1 v1.5 is not for handshakes, and a curve goes with its digest alone.
        let allowed = match (KeyType::of_public_key(&public_key).map_err(|_| CertificateError::BadEncoding)?, signature.scheme) {
            (KeyType::Rsa, scheme) => RSA[..3].contains(&scheme),
            (KeyType::Ec(Curve::P256), scheme) => scheme == SignatureScheme::ECDSA_NISTP256_SHA256,
            (KeyType::Ec(Curve::P384), scheme) => scheme == SignatureScheme::ECDSA_NISTP384_SHA384,
            (KeyType::Ec(Curve::P521), scheme) => scheme == SignatureScheme::ECDSA_NISTP521_SHA512,
            (KeyType::Ed25519, scheme) => scheme == SignatureScheme::ED25519,
        };
        if !allowed {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        verify(message, &public_key, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ECDSA.into_iter().chain(RSA).collect()
    }
}

fn verify(message: &[u8], public_key: &[u8], signed: &DigitallySignedStruct) -> Result<HandshakeSignatureValid, Error> {
    let scheme = scheme_of(signed.scheme).ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    match host::verify(public_key, scheme, signed.signature(), message) {
        Ok(true) => Ok(HandshakeSignatureValid::assertion()),
        Ok(false) => Err(CertificateError::BadSignature.into()),
        Err(failure) => Err(Error::General(failure.to_string())),
    }
}

/// The `SubjectPublicKeyInfo` of a certificate. Of all the others of its fields nothing is said but that they are there.
pub fn public_key_of_certificate(certificate: &[u8]) -> Result<Vec<u8>, Error> {
    subject_public_key_info(certificate).map_err(|_| CertificateError::BadEncoding.into())
}

// Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
// subjectPublicKeyInfo, … }, … } (RFC 5280 4.1)
fn subject_public_key_info(certificate: &[u8]) -> der::Result<Vec<u8>> {
    const VERSION: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let outer = AnyRef::from_der(certificate)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut inner = SliceReader::new(outer.value())?;
    let to_be_signed = AnyRef::decode(&mut inner)?;
    to_be_signed.tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(to_be_signed.value())?;
    if Header::peek(&fields)?.tag() == VERSION {
        AnyRef::decode(&mut fields)?;
    }
    for _ in 0..5 {
        AnyRef::decode(&mut fields)?;
    }
    let key = AnyRef::decode(&mut fields)?;
    key.tag().assert_eq(Tag::Sequence)?;
    key.to_der()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEQUENCE: u8 = 0x30;

    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let value = parts.concat();
        [&[tag, u8::try_from(value.len()).expect("a short element")], &value[..]].concat()
    }

    /// With this in front of the serial number, and this key.
    fn certificate(version: &[u8], key: &[u8]) -> Vec<u8> {
        let (serial, empty) = (element(2, &[&[1]]), element(SEQUENCE, &[]));
        let to_be_signed = element(SEQUENCE, &[version, &serial, &empty, &empty, &empty, &empty, key]);
        element(SEQUENCE, &[&to_be_signed, &empty, &element(3, &[&[0]])])
    }

    #[test]
    fn finds_the_key_whatever_the_version() {
        let key = element(SEQUENCE, &[&element(SEQUENCE, &[]), &element(3, &[&[0, 1, 2]])]);
        let version = element(0xa0, &[&element(2, &[&[2]])]);
        for certificate in [certificate(&version, &key), certificate(&[], &key)] {
            assert_eq!(public_key_of_certificate(&certificate), Ok(key.clone()));
            for length in 0..certificate.len() {
                assert!(public_key_of_certificate(&certificate[..length]).is_err());
            }
        }
        assert!(public_key_of_certificate(&certificate(&version, &element(2, &[&[1]]))).is_err());
        assert!(public_key_of_certificate(&certificate(&version, &[])).is_err());
    }
}
