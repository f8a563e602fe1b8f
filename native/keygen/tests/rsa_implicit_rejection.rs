//! A ciphertext with wrong padding becomes the very message that OpenSSL makes of it, so that nobody sees by it which of the two we are.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;
use signet_keygen::rsa::PrivateKey;

const DECRYPTIONS: &str = include_str!("../../../test/fixtures/implicit-rejection/decryptions.txt");

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.trim_start_matches('-');
    (0..digits.len()).step_by(2).map(|index| u8::from_str_radix(&digits[index..index + 2], 16).expect("hex")).collect()
}

#[test]
fn gives_the_messages_of_openssl() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut key: Option<PrivateKey> = None;
    let mut lengths = Vec::new();
    for line in DECRYPTIONS.lines().filter(|line| !line.starts_with('#')) {
        let (first, second) = line.split_once(' ').expect("two fields");
        if first == "key" {
            key = Some(PrivateKey::from_pkcs8_der(&bytes(second)).expect("a good key"));
            continue;
        }
        let decrypted = key.as_ref().expect("a key before").decrypt(&bytes(first), &mut rng).expect("a ciphertext");
        assert_eq!(decrypted[..], bytes(second), "{first}");
        lengths.push(decrypted.len());
    }
    assert_eq!(lengths.len(), 3 * 36);
    lengths.sort_unstable();
    lengths.dedup();
    assert!(lengths.len() > 50, "they are of many lengths");
}
