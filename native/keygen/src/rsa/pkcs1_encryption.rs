use crypto_bigint::Choice;
use crypto_bigint::ctutils::{CtEq, CtLt, CtSelect};
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Error;

/// The bytes of a block that are no message: 00 02, at least eight bytes of padding, 00.
const OVERHEAD: usize = 11;

/// EME-PKCS1-v1_5 (RFC 8017 7.2.1): `00 02 padding 00 message`, the padding random and without zeros.
pub fn encode(message: &[u8], size: usize, rng: &mut impl CryptoRng) -> Result<Vec<u8>, Error> {
    let longest = size - OVERHEAD;
    if message.len() > longest {
        return Err(Error::MessageTooLong { longest });
    }
    let mut padding = vec![0; size - message.len() - 3];
    for byte in &mut padding {
        while *byte == 0 {
            rng.fill_bytes(std::slice::from_mut(byte));
        }
    }
    Ok([&[0, 2], &padding[..], &[0], message].concat())
}

/// The message of a block, or `replacement` when the padding is wrong. Nothing but the length of the result shows which it is.
pub fn decode(block: &[u8], replacement: &Replacement) -> Zeroizing<Vec<u8>> {
    let mut separator = 0;
    let mut found = Choice::FALSE;
    for (index, byte) in (0_u32..).zip(block).skip(2) {
        let first = byte.ct_eq(&0) & !found;
        separator = separator.ct_select(&index, first);
        found |= first;
    }
    let good = block[0].ct_eq(&0) & block[1].ct_eq(&2) & !separator.ct_lt(&10);
    let start = replacement.start.ct_select(&(separator + 1), good);
    let mut chosen = Zeroizing::new(Vec::with_capacity(block.len()));
    chosen.extend(replacement.block.iter().zip(block).map(|(other, byte)| other.ct_select(byte, good)));
    Zeroizing::new(chosen[start as usize..].to_vec())
}

/// What the replacements of a key's bad ciphertexts are derived from: SHA-256 of d, as long as the modulus.
pub struct RejectionKey(Zeroizing<[u8; 32]>);

/// A message to give instead of a bad one: the end of `block` from `start`.
pub struct Replacement {
    block: Zeroizing<Vec<u8>>,
    start: u32,
}

impl RejectionKey {
    pub fn new(d: &[u8]) -> Self {
        Self(Zeroizing::new(Sha256::digest(d).into()))
    }

    /// draft-irtf-cfrg-rsa-guidance, as OpenSSL has it since 3.2: of 128 random lengths it is the last that is short enough.
    pub fn replacement(&self, ciphertext: &[u8]) -> Replacement {
        let key = hmac(&self.0, &[ciphertext]);
        let size = u32::try_from(ciphertext.len()).expect("a modulus of at most 8192 bits");
        // One more than the longest message, which leaves 11 bytes.
        let limit = size - 10;
        let mask = (limit + 1).next_power_of_two() - 1;
        let lengths = expand(&key, b"length", 256);
        let length = lengths.as_chunks::<2>().0.iter().fold(0, |length: u32, candidate| {
            let candidate = u32::from(u16::from_be_bytes(*candidate)) & mask;
            length.ct_select(&candidate, candidate.ct_lt(&limit))
        });
        Replacement { block: expand(&key, b"message", ciphertext.len()), start: size - length }
    }
}

/// The pseudo-random function of the draft: HMAC-SHA256 of a counter, a label and the length wanted, in bits.
fn expand(key: &[u8; 32], label: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let bits = u16::try_from(length * 8).expect("a modulus of at most 8192 bits").to_be_bytes();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(32)));
    for counter in (0_u16..).take(length.div_ceil(32)) {
        bytes.extend_from_slice(&*hmac(key, &[&counter.to_be_bytes(), label, &bits]));
    }
    bytes.truncate(length);
    bytes
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut state = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in parts {
        state.update(part);
    }
    Zeroizing::new(state.finalize().into_bytes().into())
}
