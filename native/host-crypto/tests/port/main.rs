//! What the port `Crypto` promises, by the vectors of standards and of Project Wycheproof.

mod cancellation;
mod ciphers;
mod derivations;
mod keys;
mod signatures;
mod wycheproof;

/// Of hexadecimal digits.
fn bytes(hex: &str) -> Vec<u8> {
    base16ct::mixed::decode_vec(hex).expect("hexadecimal digits")
}
