use std::sync::atomic::AtomicBool;

use signet_host_crypto::{Failure, HashAlgorithm, hash, hmac, iterate_hash, pbkdf2, scrypt};

use crate::bytes;

const NAMES: [&str; 6] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

fn algorithm(name: &str) -> HashAlgorithm {
    name.parse().expect("a known name")
}

/// "abc" of RFC 1321 A.5 and "Jefe" of RFC 2202 2, for the one algorithm that Wycheproof has not.
#[test]
fn md5_is_that_of_its_rfc() {
    assert_eq!(hash(HashAlgorithm::Md5, b"abc"), bytes("900150983cd24fb0d6963f7d28e17f72"));
    assert_eq!(hmac(HashAlgorithm::Md5, b"Jefe", b"what do ya want for nothing?"), bytes("750c783e6ab0b503eaa86e310a5db738"));
}

#[test]
fn there_are_no_other_hash_algorithms() {
    let unsupported = Failure::Unsupported("there is no hash algorithm SHA256".into());
    assert_eq!("SHA256".parse::<HashAlgorithm>(), Err(unsupported));
}

#[test]
fn an_iterated_hash_is_the_digest_of_the_digest() {
    for algorithm in NAMES.map(algorithm) {
        let digest = |rounds| iterate_hash(algorithm, b"abc", rounds, &AtomicBool::new(false));
        let once = hash(algorithm, b"abc");
        assert_eq!(digest(1), Ok(once.clone()));
        assert_eq!(digest(3), Ok(hash(algorithm, &hash(algorithm, &once))));
    }
}

/// RFC 6070's test 5 with 1,000 rounds and other digests, by Python's `hashlib`.
#[test]
fn pbkdf2_derives_keys_longer_than_a_digest() {
    let keys = [
        "0c30e826a5c1ad8e29d558bf48f32b800262a29cfa15ec631f12a18dd5993d1f67441557a578df91",
        "0a4dfb12971f438977d318527bf4961f3a6577bc9eb75db2e92bcbaa83047af8ad3948792c3f3cf7",
        "e93bc0d03e4b30aa4a6d6972ff4a7c084e16346fb58923b18756b381e044da5c6ab2ab8dd2ae2d25",
        "4610df202292270a7613e4723f6e8d1e513fb62caba8fb8a0168293411f2896cc4daad9e2b12273c",
        "4ead12bc0677849d57ea9343ad48f11865f6737d8338b0aa63ace945d3719b4d409225e3d6856edd",
        "0e28f3efa802a2f0cd3b4ace5e3d9afadb7c2dccc5ef10eedb8a6564dfb0c9a63b6f46b1e150587b",
    ];
    for (name, key) in NAMES.into_iter().zip(keys) {
        let (password, salt) = (b"passwordPASSWORDpassword", b"saltSALTsaltSALTsaltSALTsaltSALTsalt");
        assert_eq!(pbkdf2(algorithm(name), password, salt, 1000, 40, &AtomicBool::new(false)), Ok(bytes(key)), "{name}");
    }
}

/// RFC 7914 12.
#[test]
fn scrypt_derives_the_keys_of_its_rfc() {
    let empty = "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
        fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906";
    assert_eq!(scrypt(b"", b"", 16, 1, 1, 64), Ok(bytes(empty)));
    let nacl = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
        2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
    assert_eq!(scrypt(b"password", b"NaCl", 1024, 8, 16, 64), Ok(bytes(nacl)));
    let chloride = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
        d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
    assert_eq!(scrypt(b"pleaseletmein", b"SodiumChloride", 16_384, 8, 1, 64), Ok(bytes(chloride)));
}

#[test]
fn scrypt_refuses_parameters_that_it_does_not_have() {
    for (cost, block_size, parallel) in
        [(0, 8, 1), (1, 8, 1), (1000, 8, 1), (16, 0, 1), (16, 8, 0), (16, 1 << 15, 1 << 15), (1 << 63, 8, 1), (16, u32::MAX, 2)]
    {
        let message = format!("scrypt with cost {cost}, block size {block_size}, parallelism {parallel}");
        assert_eq!(scrypt(b"password", b"NaCl", cost, block_size, parallel, 64), Err(Failure::Unsupported(message)));
    }
}

#[test]
fn scrypt_says_when_there_is_no_memory() {
    // Half of what can be addressed.
    assert_eq!(scrypt(b"password", b"NaCl", 1 << (usize::BITS - 11), 8, 1, 64).map_err(|failure| failure.code()), Err("failed"));
}
