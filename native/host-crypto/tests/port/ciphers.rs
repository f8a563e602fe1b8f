use signet_host_crypto::{CbcCipher, Failure, decrypt_cbc, encrypt_cbc, equal, open, rc4, seal};

use crate::bytes;

const ALL: [(CbcCipher, usize, usize); 9] = [
    (CbcCipher::Aes128, 16, 16),
    (CbcCipher::Aes192, 24, 16),
    (CbcCipher::Aes256, 32, 16),
    (CbcCipher::TripleDes, 24, 8),
    (CbcCipher::DoubleDes, 16, 8),
    (CbcCipher::Des, 8, 8),
    (CbcCipher::Rc2With40Bits, 5, 8),
    (CbcCipher::Rc2With64Bits, 8, 8),
    (CbcCipher::Rc2With128Bits, 16, 8),
];

fn counted(length: usize) -> Vec<u8> {
    (0..=u8::MAX).take(length).collect()
}

/// The first block alone, with an IV of zeros.
fn block(cipher: CbcCipher, key: &str, plaintext: &str) -> Vec<u8> {
    encrypt_cbc(cipher, &bytes(key), &[0; 8], &bytes(plaintext)).expect("good lengths")[..8].to_vec()
}

/// RFC 2268 5, where the effective length is that of the key.
#[test]
fn rc2_encrypts_as_its_rfc_says() {
    assert_eq!(block(CbcCipher::Rc2With64Bits, "ffffffffffffffff", "ffffffffffffffff"), bytes("278b27e42e2f0d49"));
    assert_eq!(block(CbcCipher::Rc2With64Bits, "3000000000000000", "1000000000000001"), bytes("30649edf9be7d2c2"));
    let key = "88bca90e90875a7f0f79c384627bafb2";
    assert_eq!(block(CbcCipher::Rc2With128Bits, key, "0000000000000000"), bytes("2269552ab0f85ca6"));
}

/// FIPS 81, table C1.
#[test]
fn des_encrypts_as_its_standard_says() {
    let (key, iv) = (bytes("0123456789abcdef"), bytes("1234567890abcdef"));
    let ciphertext = encrypt_cbc(CbcCipher::Des, &key, &iv, b"Now is the time for all ").expect("good lengths");
    assert_eq!(ciphertext[..24], bytes("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"));
}

/// SP 800-67 (2004), B.1, its first block.
#[test]
fn triple_des_encrypts_as_its_standard_says() {
    let key = "0123456789abcdef23456789abcdef01456789abcdef0123";
    assert_eq!(block(CbcCipher::TripleDes, key, "5468652071756663"), bytes("a826fd8ce53b855f"));
}

#[test]
fn fewer_keys_of_des_are_three_with_some_equal() {
    let [a, b] = ["0123456789abcdef", "23456789abcdef01"];
    for (cipher, key, as_three) in [(CbcCipher::Des, a.into(), [a, a, a]), (CbcCipher::DoubleDes, [a, b].concat(), [a, b, a])] {
        assert_eq!(block(cipher, &key, "5468652071756663"), block(CbcCipher::TripleDes, &as_three.concat(), "5468652071756663"));
    }
}

#[test]
fn cbc_decrypts_what_it_encrypted_of_any_length() {
    for (cipher, key_length, block_length) in ALL {
        let (key, iv) = (counted(key_length), counted(block_length));
        for length in 0..50 {
            let encrypted = encrypt_cbc(cipher, &key, &iv, &counted(length)).expect("good lengths");
            assert_eq!(encrypted.len(), length + block_length - length % block_length);
            assert_eq!(decrypt_cbc(cipher, &key, &iv, &encrypted), Ok(counted(length)));
        }
    }
}

#[test]
fn cbc_refuses_padding_that_does_not_fit() {
    let bad_padding = Err(Failure::BadData("the decrypted text does not end in its padding".into()));
    for (cipher, key_length, block_length) in ALL {
        let (key, iv) = (counted(key_length), counted(block_length));
        let mut blocks: Vec<_> = [0, block_length + 1, 255].map(|last| [vec![7; block_length - 1], vec![last as u8]].concat()).into();
        blocks.push([vec![3; block_length - 2], vec![2, 3]].concat());
        for block in blocks {
            let encrypted = encrypt_cbc(cipher, &key, &iv, &block).expect("good lengths");
            assert_eq!(decrypt_cbc(cipher, &key, &iv, &encrypted[..block_length]), bad_padding, "{cipher:?} {block:?}");
        }
        assert_eq!(decrypt_cbc(cipher, &key, &iv, &[]), bad_padding);
        assert_eq!(decrypt_cbc(cipher, &key, &iv, &vec![1; block_length + 1]), bad_padding);
    }
}

#[test]
fn cbc_refuses_other_lengths() {
    for (cipher, key_length, block_length) in ALL {
        let (key, iv) = (counted(key_length), counted(block_length));
        let code = |key: &[u8], iv: &[u8]| encrypt_cbc(cipher, key, iv, b"text").map_err(|failure| failure.code());
        assert!(code(&key, &iv).is_ok());
        for (key, iv) in [(&key[1..], &iv[..]), (&counted(key_length + 1), &iv), (&key, &iv[1..])] {
            assert_eq!(code(key, iv), Err("bad-key"));
            assert_eq!(decrypt_cbc(cipher, key, iv, &[0; 16]).map_err(|failure| failure.code()), Err("bad-key"));
        }
    }
    let failure = encrypt_cbc(CbcCipher::Rc2With40Bits, &[1], &[0; 8], b"").expect_err("too short");
    assert_eq!(failure.to_string(), "a key of rc2-40-cbc has 5 bytes");
}

/// RFC 6229 2.
#[test]
fn rc4_makes_the_streams_of_the_rfc() {
    assert_eq!(rc4(&bytes("0102030405"), &[0; 16]), Ok(bytes("b2396305f03dc027ccc3524a0a1118a8")));
    let key = bytes("0102030405060708090a0b0c0d0e0f10");
    assert_eq!(rc4(&key, &[0; 16]), Ok(bytes("9ac7cc9a609d1ef7b2932899cde41b97")));
    assert_eq!(rc4(&[1; 8], b"text").map_err(|failure| failure.code()), Err("bad-key"));
}

#[test]
fn gcm_opens_nothing_that_was_altered() {
    let (key, nonce) = (counted(32), counted(12));
    let sealed = seal(&key, &nonce, b"row 7", b"secret").expect("good lengths");
    assert_eq!(open(&key, &nonce, b"row 7", &sealed), Ok(b"secret".to_vec()));
    let altered = Err(Failure::BadData("the sealed text is not what was sealed with this key".into()));
    for bit in 0..sealed.len() * 8 {
        let mut damaged = sealed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open(&key, &nonce, b"row 7", &damaged), altered);
    }
    for length in 0..sealed.len() {
        assert_eq!(open(&key, &nonce, b"row 7", &sealed[..length]), altered);
    }
    assert_eq!(open(&key, &nonce, b"row 8", &sealed), altered);
}

#[test]
fn gcm_refuses_other_lengths() {
    let code = |key, nonce| seal(key, nonce, b"", b"").map_err(|failure| failure.code());
    assert_eq!(code(&[0; 16], &[0; 12]), Err("bad-key"));
    assert_eq!(code(&[0; 32], &[0; 16]), Err("bad-key"));
}

#[test]
fn equal_is_for_equal_bytes_alone() {
    assert!(equal(b"same", b"same") && equal(b"", b""));
    assert!(!equal(b"same", b"sane") && !equal(b"same", b"same!"));
}
