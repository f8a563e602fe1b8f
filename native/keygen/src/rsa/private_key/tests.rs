//! What must never leave a private key, tried on keys with one wrong number and on powers that are wrong.

use std::cell::RefCell;

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::rsa::import::tests::private_key;
use crate::rsa::{Hash, PssParameters};

const PKCS1: SignatureScheme = SignatureScheme::Pkcs1v15(Hash::Sha256);

fn schemes() -> impl Iterator<Item = SignatureScheme> {
    let hashes = [Hash::Md5, Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];
    hashes.into_iter().flat_map(|hash| [SignatureScheme::Pkcs1v15(hash), SignatureScheme::Pss(PssParameters::new(hash))])
}

fn flip_lowest_bit(number: &mut Secret) {
    number.as_mut_words()[0] ^= 1;
}

#[test]
fn signs_what_its_public_key_verifies() {
    let (key, mut rng) = (private_key(2048), ChaCha20Rng::seed_from_u64(1));
    for scheme in schemes() {
        let signature = key.sign(&scheme, b"message", &mut rng).expect("a signature");
        assert_eq!(signature.len(), 256);
        assert_eq!(key.public_key().verify(&scheme, b"message", &signature), Ok(()));
        assert_eq!(key.public_key().verify(&scheme, b"another", &signature), Err(Error::Signature));
        for other in schemes().filter(|other| *other != scheme) {
            assert_eq!(key.public_key().verify(&other, b"message", &signature), Err(Error::Signature), "{scheme:?} as {other:?}");
        }
    }
}

/// A PKCS#1 signature is a function of key and message, whatever it was blinded with.
#[test]
fn signs_the_same_with_another_blinding() {
    let key = private_key(1024);
    let sign = |seed| key.sign(&PKCS1, b"message", &mut ChaCha20Rng::seed_from_u64(seed)).expect("a signature");
    assert_eq!(sign(1), sign(2));
}

#[test]
fn verifies_no_signature_of_another_length_or_beyond_the_modulus() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(2));
    let public = key.public_key();
    let signature = key.sign(&PKCS1, b"message", &mut rng).expect("a signature");
    let longer = [&[0], &signature[..]].concat();
    for wrong in [&[][..], &signature[1..], &signature[..127], &longer, &[0; 128], &[255; 128]] {
        assert_eq!(public.verify(&PKCS1, b"message", wrong), Err(Error::Signature));
    }
    // s + n is the same residue, and is not the signature.
    let sum = arith::product(&public.representative(&signature).expect("less than n"), &BoxedUint::one());
    let sum = Secret::new(sum.wrapping_add(public.n()));
    assert_eq!(public.verify(&PKCS1, b"message", &octets(&sum, 129)), Err(Error::Signature));
}

#[test]
fn raises_another_number_each_time() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(3));
    let input = key.public.representative(&[&[0; 120][..], b"the same"].concat()).expect("less than n");
    let raised = RefCell::new(Vec::new());
    let observed = |factor: &Factor, base: &BoxedUint| {
        raised.borrow_mut().push(base.clone());
        factor.raise(base)
    };
    let outputs: Vec<Secret> = (0..4).map(|_| key.raise_by(observed, &input, &mut rng).expect("no fault")).collect();
    assert!(outputs.iter().all(|output| output == &outputs[0]));
    let raised = raised.into_inner();
    // p and q are given the same number.
    let mut numbers: Vec<_> = raised.chunks(2).map(|pair| pair[0].clone()).collect();
    assert!(raised.chunks(2).all(|pair| pair[0] == pair[1]));
    numbers.push((*input).clone());
    for (index, number) in numbers.iter().enumerate() {
        assert!(!numbers[..index].contains(number));
    }
}

/// Lenstra's attack needs one result that is right modulo one prime alone.
#[test]
fn gives_no_result_of_a_wrong_power() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(4));
    let input = key.public.representative(&[&[0; 120][..], b"a number"].concat()).expect("less than n");
    for faulty in [&key.p, &key.q] {
        for word in [0, 3, 7] {
            let power = |factor: &Factor, base: &BoxedUint| {
                let mut power = factor.raise(base)?;
                if std::ptr::eq(factor, faulty) {
                    power.as_mut_words()[word] ^= 1 << 5;
                }
                Ok(power)
            };
            assert_eq!(key.raise_by(power, &input, &mut rng).err(), Some(Error::Fault));
        }
    }
    assert!(key.raise_by(Factor::raise, &input, &mut rng).is_ok());
}

#[test]
fn gives_no_result_of_a_key_that_changed() {
    let parts: [fn(&mut PrivateKey) -> &mut Secret; 4] =
        [|key| &mut key.p.exponent_less_one, |key| &mut key.q.exponent_less_one, |key| &mut key.q_inverse, |key| &mut key.q.prime];
    let (mut key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(5));
    let ciphertext = key.public_key().encrypt(b"message", &mut rng).expect("short enough");
    for (index, part) in parts.into_iter().enumerate() {
        let right = part(&mut key).clone();
        // A modulus stays odd.
        part(&mut key).as_mut_words()[0] ^= 2;
        for scheme in [PKCS1, SignatureScheme::Pss(PssParameters::new(Hash::Sha256))] {
            assert_eq!(key.sign(&scheme, b"message", &mut rng), Err(Error::Fault), "part {index}");
        }
        assert_eq!(key.decrypt(&ciphertext, &mut rng), Err(Error::Fault), "part {index}");
        *part(&mut key) = right;
    }
    assert_eq!(key.decrypt(&ciphertext, &mut rng).as_deref().map(Vec::as_slice), Ok(&b"message"[..]));
}

#[test]
fn says_when_a_key_is_too_short() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(6));
    let pss = SignatureScheme::Pss(PssParameters::new(Hash::Sha512));
    assert_eq!(key.sign(&pss, b"message", &mut rng), Err(Error::KeyTooShort { needed: 130, size: 128 }));
    assert_eq!(key.public_key().verify(&pss, b"message", &[0; 128]), Err(Error::KeyTooShort { needed: 130, size: 128 }));
    assert_eq!(key.public_key().encrypt(&[0; 118], &mut rng), Err(Error::MessageTooLong { longest: 117 }));
}

#[test]
fn encrypts_messages_of_every_length() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(7));
    for length in [0, 1, 16, 116, 117] {
        let message = vec![7; length];
        let ciphertext = key.public_key().encrypt(&message, &mut rng).expect("short enough");
        assert_eq!(key.decrypt(&ciphertext, &mut rng).as_deref(), Ok(&message));
    }
}

#[test]
fn refuses_ciphertexts_that_anybody_can_tell_are_wrong() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(8));
    for found in [0, 127, 129] {
        assert_eq!(key.decrypt(&vec![0; found], &mut rng), Err(Error::CiphertextLength { expected: 128, found }));
    }
    let n = octets(key.public.n(), 128);
    assert_eq!(key.decrypt(&n, &mut rng), Err(Error::CiphertextRange));
    assert_eq!(key.decrypt(&[255; 128], &mut rng), Err(Error::CiphertextRange));
}

/// 1, n - 1 and 0 are their own powers; p is no unit modulo n.
#[test]
fn raises_numbers_that_are_special() {
    let (key, mut rng) = (private_key(1024), ChaCha20Rng::seed_from_u64(9));
    let one = key.public.representative(&[&[0; 127][..], &[1]].concat()).expect("less than n");
    let zero = key.public.representative(&[0; 128]).expect("less than n");
    let less_one = arith::minus_one(key.public.n());
    for number in [&zero, &one, &less_one] {
        assert_eq!(key.raise(number, &mut rng).as_deref(), Ok(&**number));
    }
    let p = [&[0; 64][..], &octets(&key.p.prime, 64)].concat();
    let p = key.public.representative(&p).expect("less than n");
    assert!(key.raise(&p, &mut rng).is_ok());
}

#[test]
fn shows_nothing_secret() {
    let mut key = private_key(1024);
    let shown = format!("{key:?}");
    assert!(shown.contains("PublicKey") && !shown.contains("Zeroizing"));
    for secret in [&mut key.p.prime, &mut key.q.prime, &mut key.p.exponent_less_one, &mut key.q.exponent_less_one, &mut key.q_inverse] {
        let digits = format!("{:x}", **secret);
        assert!(!shown.to_lowercase().contains(&digits[8..24]));
        flip_lowest_bit(secret);
    }
    assert_eq!(format!("{key:?}"), shown);
}
