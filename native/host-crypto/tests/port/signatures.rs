use signet_host_crypto::{Digester, Failure, HashAlgorithm, SignatureScheme, hash, sign, verify, verify_digest};
use signet_keygen::{Curve, KeySpec};

use crate::bytes;
use crate::keys::{ec_private_key, generated};

const DIGESTS: [HashAlgorithm; 6] =
    [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha224, HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

const MESSAGE: &[u8] = b"to be signed";

fn uses() -> Vec<(KeySpec, SignatureScheme)> {
    let rsa = KeySpec::Rsa { bits: 1280 };
    let mut uses = vec![(KeySpec::Ed25519, SignatureScheme::Ed25519)];
    for digest in DIGESTS {
        uses.extend([(rsa, SignatureScheme::RsaPkcs1(digest)), (rsa, SignatureScheme::RsaPss { digest, salt_length: 32 })]);
        uses.extend([Curve::P256, Curve::P384, Curve::P521].map(|curve| (KeySpec::Ec(curve), SignatureScheme::Ecdsa(digest))));
    }
    uses
}

#[test]
fn each_scheme_verifies_what_it_signed_and_nothing_else() {
    for (spec, scheme) in uses() {
        let key = generated(spec);
        let signature = sign(&key.private_key, scheme, MESSAGE).expect("a signature");
        let verified = |signature: &[u8], message| verify(&key.public_key, scheme, signature, message).expect("a good key");
        assert!(verified(&signature, MESSAGE), "{spec:?} {scheme:?}");
        assert!(!verified(&signature, b"to be designed"), "{spec:?} {scheme:?}");
        let mut flipped = signature.clone();
        *flipped.last_mut().expect("bytes") ^= 1;
        for wrong in [&signature[1..], &signature[..signature.len() - 1], &[&signature[..], &[0]].concat(), &flipped, &[]] {
            assert!(!verified(wrong, MESSAGE), "{spec:?} {scheme:?}");
        }
        let other = generated(spec);
        assert_eq!(verify(&other.public_key, scheme, &signature, MESSAGE), Ok(false));
    }
}

#[test]
fn each_scheme_but_ed25519_verifies_by_the_digest_of_what_came_in_pieces() {
    for (spec, scheme) in uses() {
        let key = generated(spec);
        let signature = sign(&key.private_key, scheme, MESSAGE).expect("a signature");
        let (SignatureScheme::RsaPkcs1(digest) | SignatureScheme::RsaPss { digest, .. } | SignatureScheme::Ecdsa(digest)) = scheme else {
            assert!(matches!(verify_digest(&key.public_key, scheme, &signature, &[0; 64]), Err(Failure::Unsupported(_))));
            continue;
        };
        let mut pieces = Digester::new(digest);
        for piece in MESSAGE.chunks(5) {
            pieces.update(piece);
        }
        let hashed = pieces.finish();
        assert_eq!(hashed, hash(digest, MESSAGE));
        assert_eq!(pieces.finish(), hash(digest, b""));
        let verified = |hashed: &[u8]| verify_digest(&key.public_key, scheme, &signature, hashed);
        assert_eq!(verified(&hashed), Ok(true), "{spec:?} {scheme:?}");
        assert_eq!(verified(&hash(digest, b"to be designed")), Ok(false), "{spec:?} {scheme:?}");
        assert_eq!(verified(&[]), Ok(false), "{spec:?} {scheme:?}");
    }
}

/// RFC 6979 A.2.5 and A.2.7, "sample" with the curve's own hash function.
#[test]
fn ecdsa_nonces_follow_from_key_and_message() {
    let p256 = ec_private_key(Curve::P256, &bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    let expected = "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                    022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(sign(&p256, SignatureScheme::Ecdsa(HashAlgorithm::Sha256), b"sample"), Ok(bytes(expected)));
    let p521 = ec_private_key(
        Curve::P521,
        &bytes(
            "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75ca\
             a896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
        ),
    );
    let expected = "308187\
                    024200c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c\
                    5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa\
                    0241617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af28\
                    2623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a";
    assert_eq!(sign(&p521, SignatureScheme::Ecdsa(HashAlgorithm::Sha512), b"sample"), Ok(bytes(expected)));
}

/// RFC 8032 7.1, test 2.
#[test]
fn ed25519_signs_as_its_rfc_says() {
    let key = bytes("302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let expected =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    assert_eq!(sign(&key, SignatureScheme::Ed25519, &[0x72]), Ok(bytes(expected)));
}

#[test]
fn a_key_may_be_too_short() {
    let key = generated(KeySpec::Rsa { bits: 1024 });
    let scheme = SignatureScheme::RsaPss { digest: HashAlgorithm::Sha512, salt_length: 64 };
    let failure = Failure::Failed("the host could not sign (rsa-pss): the key may be too short for the digest".into());
    assert_eq!(sign(&key.private_key, scheme, MESSAGE), Err(failure));
    assert_eq!(verify(&key.public_key, scheme, &[1; 128], MESSAGE), Ok(false));
}

#[test]
fn a_scheme_goes_with_its_type_of_key_alone() {
    let [rsa, ec, ed25519] = [KeySpec::Rsa { bits: 1024 }, KeySpec::Ec(Curve::P256), KeySpec::Ed25519].map(generated);
    let digest = HashAlgorithm::Sha256;
    let [pkcs1, ecdsa] = [SignatureScheme::RsaPkcs1(digest), SignatureScheme::Ecdsa(digest)];
    for (key, scheme, message) in [
        (&rsa, ecdsa, "ecdsa does not go with a key of type rsa"),
        (&ec, pkcs1, "rsa-pkcs1 does not go with a key of type ec"),
        (&ec, SignatureScheme::Ed25519, "ed25519 does not go with a key of type ec"),
        (&ed25519, ecdsa, "ecdsa does not go with a key of type ed25519"),
    ] {
        let unsupported = Failure::Unsupported(message.into());
        assert_eq!(sign(&key.private_key, scheme, MESSAGE), Err(unsupported.clone()));
        assert_eq!(verify(&key.public_key, scheme, &[0; 64], MESSAGE), Err(unsupported));
    }
}

#[test]
fn schemes_are_made_of_the_ports_fields() {
    let digest = HashAlgorithm::Sha1;
    assert_eq!(SignatureScheme::new("rsa-pkcs1", Some("sha1"), None), Ok(SignatureScheme::RsaPkcs1(digest)));
    let pss = SignatureScheme::RsaPss { digest, salt_length: 7 };
    assert_eq!(SignatureScheme::new("rsa-pss", Some("sha1"), Some(7)), Ok(pss));
    assert_eq!(SignatureScheme::new("ecdsa", Some("sha1"), None), Ok(SignatureScheme::Ecdsa(digest)));
    assert_eq!(SignatureScheme::new("ed25519", None, None), Ok(SignatureScheme::Ed25519));
    for (name, digest, message) in [
        ("dsa", Some("sha1"), "there is no signature scheme dsa"),
        ("ecdsa", None, "ecdsa needs a digest"),
        ("rsa-pss", Some("sha1"), "rsa-pss needs a salt length"),
    ] {
        assert_eq!(SignatureScheme::new(name, digest, None), Err(Failure::Unsupported(message.into())));
    }
}
