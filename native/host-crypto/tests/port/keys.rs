use std::sync::atomic::AtomicBool;

use pkcs1::{ALGORITHM_ID, RsaPublicKeyRef, UintRef};
use pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Encode, Tag};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{AssociatedOid, PrivateKeyInfoRef};
use sec1::EcPrivateKey;
use signet_host_crypto::{Failure, HashAlgorithm, SignatureScheme, public_key_of, sign, verify};
use signet_keygen::{Curve, GeneratedKey, Job, KeySpec, generate};

use crate::bytes;

const CURVES: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];
const ECDSA: SignatureScheme = SignatureScheme::Ecdsa(HashAlgorithm::Sha256);
const PKCS1: SignatureScheme = SignatureScheme::RsaPkcs1(HashAlgorithm::Sha256);

/// A new key pair.
pub fn generated(spec: KeySpec) -> GeneratedKey {
    let cancelled = AtomicBool::new(false);
    generate(spec, &mut Job::new(&cancelled, &mut |_| ())).expect("a key")
}

/// A `PrivateKeyInfo` without a point, whose curve is named by the algorithm's parameters alone.
pub fn ec_private_key(curve: Curve, scalar: &[u8]) -> Vec<u8> {
    let oid = match curve {
        Curve::P256 => p256::NistP256::OID,
        Curve::P384 => p384::NistP384::OID,
        Curve::P521 => p521::NistP521::OID,
    };
    let key = EcPrivateKey { private_key: scalar, parameters: None, public_key: None }.to_der().expect("short enough");
    private_key_info("1.2.840.10045.2.1", Some((&oid).into()), &key)
}

fn private_key_info(algorithm: &str, parameters: Option<AnyRef<'_>>, key: &[u8]) -> Vec<u8> {
    let algorithm = AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap(algorithm), parameters };
    PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(key).expect("short enough")).to_der().expect("short enough")
}

fn public_key_info(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Vec<u8> {
    let subject_public_key = BitStringRef::from_bytes(key).expect("short enough");
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().expect("short enough")
}

/// Bytes of an uncompressed point, with which both forms of a key end.
const fn point_length(curve: Curve) -> usize {
    match curve {
        Curve::P256 => 65,
        Curve::P384 => 97,
        Curve::P521 => 133,
    }
}

fn bad_private_key<T>() -> Result<T, Failure> {
    Err(Failure::BadKey("the private key is not a PKCS#8 key that can be used".into()))
}

fn bad_public_key<T>() -> Result<T, Failure> {
    Err(Failure::BadKey("the public key is not a SubjectPublicKeyInfo that can be used".into()))
}

#[test]
fn a_public_key_is_the_one_that_was_made_with_the_private_key() {
    for spec in [KeySpec::Rsa { bits: 1024 }, KeySpec::Ed25519].into_iter().chain(CURVES.map(KeySpec::Ec)) {
        let key = generated(spec);
        assert_eq!(public_key_of(&key.private_key), Ok(key.public_key), "{spec:?}");
    }
}

#[test]
fn a_point_is_computed_whatever_the_file_claims() {
    for curve in CURVES {
        let [key, other] = [KeySpec::Ec(curve); 2].map(generated);
        let from = |der: &[u8]| der.len() - point_length(curve);
        let claimed = [&key.private_key[..from(&key.private_key)], &other.public_key[from(&other.public_key)..]].concat();
        assert_eq!(public_key_of(&claimed), Ok(key.public_key));
    }
    let [key, other] = [KeySpec::Ed25519; 2].map(generated);
    let seed = &key.private_key[key.private_key.len() - 32..];
    let point = &other.public_key[other.public_key.len() - 32..];
    let claimed = [&bytes("3051020101300506032b657004220420"), seed, &bytes("812100"), point].concat();
    assert_eq!(public_key_of(&claimed), Ok(key.public_key));
}

#[test]
fn a_scalar_may_lack_its_leading_zeros() {
    let whole = ec_private_key(Curve::P521, &[&[0; 65][..], &[7]].concat());
    let short = ec_private_key(Curve::P521, &[7]);
    assert_eq!(public_key_of(&short), public_key_of(&whole));
    assert_eq!(sign(&short, ECDSA, b"text"), sign(&whole, ECDSA, b"text"));
}

#[test]
fn a_scalar_is_neither_zero_nor_too_great() {
    for (curve, name) in CURVES.into_iter().zip(["prime256v1", "secp384r1", "secp521r1"]) {
        let length = point_length(curve) / 2;
        for octets in [vec![0; length], vec![255; length]] {
            let key = ec_private_key(curve, &octets);
            let failure = Failure::BadKey(format!("the private scalar is not one of {name}"));
            assert_eq!(public_key_of(&key), Err(failure.clone()));
            assert_eq!(sign(&key, ECDSA, b"text"), Err(failure));
        }
        assert_eq!(public_key_of(&ec_private_key(curve, &vec![1; length + 1])), bad_private_key());
    }
}

#[test]
fn a_compressed_point_is_one_too() {
    let key = generated(KeySpec::Ec(Curve::P256));
    let signature = sign(&key.private_key, ECDSA, b"text").expect("a signature");
    let point = &key.public_key[key.public_key.len() - 65..];
    let compressed = [&[2 + point[64] % 2], &point[1..33]].concat();
    let oid = p256::NistP256::OID;
    let algorithm = AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"), parameters: Some((&oid).into()) };
    assert_eq!(verify(&public_key_info(algorithm, &compressed), ECDSA, &signature, b"text"), Ok(true));
}

#[test]
fn a_point_beside_the_curve_is_no_key() {
    let mut key = generated(KeySpec::Ec(Curve::P384)).public_key;
    *key.last_mut().expect("bytes") ^= 1;
    assert_eq!(verify(&key, ECDSA, &[], b"text"), bad_public_key());
}

/// OpenSSL reads each key of 32 bytes, too.
#[test]
fn nobody_signs_by_what_is_no_point_of_ed25519() {
    let verified = |point: &[u8]| verify(&[&bytes("302a300506032b6570032100"), point].concat(), SignatureScheme::Ed25519, &[0; 64], b"");
    assert_eq!(verified(&[&[2][..], &[0; 31]].concat()), Ok(false));
    // The neutral element, by which a signature of zeros and the neutral element would be one of any message.
    let neutral = [&[1][..], &[0; 31]].concat();
    let spki = [&bytes("302a300506032b6570032100"), &neutral[..]].concat();
    assert_eq!(verify(&spki, SignatureScheme::Ed25519, &[&neutral[..], &[0; 32]].concat(), b""), Ok(false));
}

#[test]
fn other_types_of_key_are_unsupported() {
    let curve = |oid: &str| {
        let oid = ObjectIdentifier::new_unwrap(oid);
        private_key_info("1.2.840.10045.2.1", Some((&oid).into()), &[4])
    };
    let explicit = AnyRef::new(Tag::Sequence, &[]).expect("short enough");
    for (key, message) in [
        (curve("1.3.132.0.10"), "an EC key on secp256k1 can't be used"),
        (curve("1.3.132.0.33"), "an EC key on 1.3.132.0.33 can't be used"),
        (private_key_info("1.2.840.10045.2.1", Some(explicit), &[4]), "an EC key on an unnamed curve can't be used"),
        (private_key_info("1.2.840.113549.1.1.10", None, &[4]), "a key of type rsa-pss can't be used"),
        (private_key_info("1.3.101.110", None, &[4]), "a key of type x25519 can't be used"),
        (private_key_info("1.2.3.4", None, &[4]), "a key of type 1.2.3.4 can't be used"),
    ] {
        let unsupported = Failure::Unsupported(message.into());
        assert_eq!(public_key_of(&key), Err(unsupported.clone()));
        assert_eq!(sign(&key, ECDSA, b"text"), Err(unsupported));
    }
    let algorithm = AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), parameters: None };
    let unsupported = Failure::Unsupported("a key of type rsa-pss can't be used".into());
    assert_eq!(verify(&public_key_info(algorithm, &[4]), PKCS1, &[], b"text"), Err(unsupported));
}

#[test]
fn an_rsa_key_may_lack_the_null_of_its_algorithm() {
    let key = generated(KeySpec::Rsa { bits: 1024 });
    let signature = sign(&key.private_key, PKCS1, b"text").expect("a signature");
    let info = SubjectPublicKeyInfoRef::try_from(&key.public_key[..]).expect("a SubjectPublicKeyInfo");
    let without = AlgorithmIdentifierRef { parameters: None, ..info.algorithm };
    assert_eq!(verify(&public_key_info(without, info.subject_public_key.raw_bytes()), PKCS1, &signature, b"text"), Ok(true));
}

#[test]
fn rsa_keys_have_1024_to_8192_bits() {
    for bits in [512, 8200] {
        let mut n = vec![0xff; bits / 8];
        n[0] = 0x80;
        let [modulus, public_exponent] = [&n[..], &[3]].map(|octets| UintRef::new(octets).expect("short enough"));
        let key = RsaPublicKeyRef { modulus, public_exponent }.to_der().expect("short enough");
        let unsupported = Failure::Unsupported(format!("an RSA modulus has 1024 to 8192 bits; this one has {bits}"));
        assert_eq!(verify(&public_key_info(ALGORITHM_ID, &key), PKCS1, &vec![1; bits / 8], b"text"), Err(unsupported));
    }
}

#[test]
fn an_rsa_key_whose_parts_do_not_fit_has_a_public_key_but_does_not_sign() {
    let key = generated(KeySpec::Rsa { bits: 1024 });
    let mut altered = key.private_key.to_vec();
    // Of the coefficient, with which the file ends.
    *altered.last_mut().expect("bytes") ^= 2;
    assert_eq!(public_key_of(&altered), Ok(key.public_key));
    assert_eq!(sign(&altered, PKCS1, b"text").map_err(|failure| failure.code()), Err("bad-key"));
}

#[test]
fn what_is_cut_short_is_no_key() {
    for (spec, scheme) in
        [(KeySpec::Rsa { bits: 1024 }, PKCS1), (KeySpec::Ec(Curve::P256), ECDSA), (KeySpec::Ed25519, SignatureScheme::Ed25519)]
    {
        let key = generated(spec);
        for length in 0..key.private_key.len() {
            assert_eq!(public_key_of(&key.private_key[..length]), bad_private_key());
            assert_eq!(sign(&key.private_key[..length], scheme, b"text"), bad_private_key());
        }
        for length in 0..key.public_key.len() {
            assert_eq!(verify(&key.public_key[..length], scheme, &[], b"text"), bad_public_key());
        }
        assert_eq!(sign(&key.private_key[1..], scheme, b"text"), bad_private_key());
    }
}
