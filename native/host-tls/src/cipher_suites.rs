//! The cipher suites: forward secrecy and authenticated encryption alone (RFC 9325 4.2), in the order in which a server prefers them.

use rustls::crypto::KeyExchangeAlgorithm;
use rustls::crypto::cipher::{Tls12AeadAlgorithm, Tls13AeadAlgorithm};
use rustls::crypto::tls12::PrfUsingHmac;
use rustls::crypto::tls13::HkdfUsingHmac;
use rustls::{CipherSuite, CipherSuiteCommon, SignatureScheme, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite};

use crate::aead::{AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305};
use crate::hash::{SHA256, SHA384};
use crate::signing::{ECDSA, RSA};

pub static ALL: [SupportedCipherSuite; 9] = [
    SupportedCipherSuite::Tls13(&TLS13_AES_128),
    SupportedCipherSuite::Tls13(&TLS13_AES_256),
    SupportedCipherSuite::Tls13(&TLS13_CHACHA20),
    SupportedCipherSuite::Tls12(&ECDSA_AES_128),
    SupportedCipherSuite::Tls12(&ECDSA_AES_256),
    SupportedCipherSuite::Tls12(&ECDSA_CHACHA20),
    SupportedCipherSuite::Tls12(&RSA_AES_128),
    SupportedCipherSuite::Tls12(&RSA_AES_256),
    SupportedCipherSuite::Tls12(&RSA_CHACHA20),
];

/// Records under one key (RFC 8446 5.5).
const GCM_LIMIT: u64 = 1 << 24;
const NO_LIMIT: u64 = u64::MAX;

static HKDF_SHA256: HkdfUsingHmac<'static> = HkdfUsingHmac(&SHA256);
static HKDF_SHA384: HkdfUsingHmac<'static> = HkdfUsingHmac(&SHA384);
static PRF_SHA256: PrfUsingHmac<'static> = PrfUsingHmac(&SHA256);
static PRF_SHA384: PrfUsingHmac<'static> = PrfUsingHmac(&SHA384);

static TLS13_AES_128: Tls13CipherSuite = tls13(CipherSuite::TLS13_AES_128_GCM_SHA256, &AES_128_GCM, false, GCM_LIMIT);
static TLS13_AES_256: Tls13CipherSuite = tls13(CipherSuite::TLS13_AES_256_GCM_SHA384, &AES_256_GCM, true, GCM_LIMIT);
static TLS13_CHACHA20: Tls13CipherSuite = tls13(CipherSuite::TLS13_CHACHA20_POLY1305_SHA256, &CHACHA20_POLY1305, false, NO_LIMIT);

static ECDSA_AES_128: Tls12CipherSuite =
    tls12(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, &ECDSA, &AES_128_GCM, false, GCM_LIMIT);
static ECDSA_AES_256: Tls12CipherSuite = tls12(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, &ECDSA, &AES_256_GCM, true, GCM_LIMIT);
static ECDSA_CHACHA20: Tls12CipherSuite =
    tls12(CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, &ECDSA, &CHACHA20_POLY1305, false, NO_LIMIT);
static RSA_AES_128: Tls12CipherSuite = tls12(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, &RSA, &AES_128_GCM, false, GCM_LIMIT);
static RSA_AES_256: Tls12CipherSuite = tls12(CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, &RSA, &AES_256_GCM, true, GCM_LIMIT);
static RSA_CHACHA20: Tls12CipherSuite =
    tls12(CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, &RSA, &CHACHA20_POLY1305, false, NO_LIMIT);

const fn common(suite: CipherSuite, sha384: bool, confidentiality_limit: u64) -> CipherSuiteCommon {
    if sha384 {
        CipherSuiteCommon { suite, hash_provider: &SHA384, confidentiality_limit }
    } else {
        CipherSuiteCommon { suite, hash_provider: &SHA256, confidentiality_limit }
    }
}

const fn tls13(suite: CipherSuite, aead_alg: &'static dyn Tls13AeadAlgorithm, sha384: bool, limit: u64) -> Tls13CipherSuite {
    let common = common(suite, sha384, limit);
    if sha384 {
        Tls13CipherSuite { common, hkdf_provider: &HKDF_SHA384, aead_alg, quic: None }
    } else {
        Tls13CipherSuite { common, hkdf_provider: &HKDF_SHA256, aead_alg, quic: None }
    }
}

const fn tls12(
    suite: CipherSuite,
    sign: &'static [SignatureScheme],
    aead_alg: &'static dyn Tls12AeadAlgorithm,
    sha384: bool,
    limit: u64,
) -> Tls12CipherSuite {
    let (common, kx) = (common(suite, sha384, limit), KeyExchangeAlgorithm::ECDHE);
    if sha384 {
        Tls12CipherSuite { common, prf_provider: &PRF_SHA384, kx, sign, aead_alg }
    } else {
        Tls12CipherSuite { common, prf_provider: &PRF_SHA256, kx, sign, aead_alg }
    }
}
