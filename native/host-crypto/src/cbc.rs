use std::str::FromStr;

use ::cbc::cipher::block_padding::Pkcs7;
use ::cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use ::cbc::{Decryptor, Encryptor};
use aes::{Aes128, Aes192, Aes256};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

use crate::Failure;

/// A block cipher in CBC mode with PKCS#7 padding (RFC 5652 6.3). All but AES are only for reading old files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CbcCipher {
    /// AES with a key of 128 bits.
    Aes128,
    /// AES with a key of 192 bits.
    Aes192,
    /// AES with a key of 256 bits.
    Aes256,
    /// Triple DES with three keys.
    TripleDes,
    /// Triple DES with two keys.
    DoubleDes,
    /// Single DES.
    Des,
    /// RC2 (RFC 2268) with a key of 40 bits, all effective.
    Rc2With40Bits,
    /// RC2 with a key of 64 bits.
    Rc2With64Bits,
    /// RC2 with a key of 128 bits.
    Rc2With128Bits,
}

/// With the port's name, the length of a key and the length of a block.
const CIPHERS: [(CbcCipher, &str, usize, usize); 9] = [
    (CbcCipher::Aes128, "aes-128-cbc", 16, 16),
    (CbcCipher::Aes192, "aes-192-cbc", 24, 16),
    (CbcCipher::Aes256, "aes-256-cbc", 32, 16),
    (CbcCipher::TripleDes, "3des-cbc", 24, 8),
    (CbcCipher::DoubleDes, "2des-cbc", 16, 8),
    (CbcCipher::Des, "des-cbc", 8, 8),
    (CbcCipher::Rc2With40Bits, "rc2-40-cbc", 5, 8),
    (CbcCipher::Rc2With64Bits, "rc2-64-cbc", 8, 8),
    (CbcCipher::Rc2With128Bits, "rc2-128-cbc", 16, 8),
];

impl FromStr for CbcCipher {
    type Err = Failure;

    /// By the port's name, such as `aes-256-cbc`.
    fn from_str(name: &str) -> Result<Self, Failure> {
        let found = CIPHERS.iter().find(|(_, known, ..)| *known == name);
        found.map(|(cipher, ..)| *cipher).ok_or_else(|| Failure::Unsupported(format!("there is no cipher {name}")))
    }
}

/// Evaluates an expression in which a name stands for the type of the block cipher.
macro_rules! with_cipher {
    ($cipher:expr, $C:ident => $value:expr) => {
        match $cipher {
            CbcCipher::Aes128 => with_cipher!(@ Aes128, $C, $value),
            CbcCipher::Aes192 => with_cipher!(@ Aes192, $C, $value),
            CbcCipher::Aes256 => with_cipher!(@ Aes256, $C, $value),
            CbcCipher::TripleDes => with_cipher!(@ TdesEde3, $C, $value),
            CbcCipher::DoubleDes => with_cipher!(@ TdesEde2, $C, $value),
            CbcCipher::Des => with_cipher!(@ Des, $C, $value),
            CbcCipher::Rc2With40Bits | CbcCipher::Rc2With64Bits | CbcCipher::Rc2With128Bits => with_cipher!(@ Rc2, $C, $value),
        }
    };
    (@ $block_cipher:ty, $C:ident, $value:expr) => {{
        type $C = $block_cipher;
        $value
    }};
}

/// Encrypts, with padding.
///
/// # Errors
/// [`Failure::BadKey`] for a wrong length of the key or the IV.
pub fn encrypt_cbc(cipher: CbcCipher, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    let block_length = check_lengths(cipher, key, iv)?;
    let mut ciphertext = vec![0; (plaintext.len() / block_length + 1) * block_length];
    with_cipher!(cipher, C => encrypt::<C>(key, iv, plaintext, &mut ciphertext));
    Ok(ciphertext)
}

/// Decrypts, and takes the padding away.
///
/// # Errors
/// [`Failure::BadKey`] for a wrong length of the key or the IV, [`Failure::BadData`] when the padding does not fit.
pub fn decrypt_cbc(cipher: CbcCipher, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failure> {
    check_lengths(cipher, key, iv)?;
    let plaintext = with_cipher!(cipher, C => decrypt::<C>(key, iv, ciphertext));
    plaintext.ok_or_else(|| Failure::BadData("the decrypted text does not end in its padding".into()))
}

/// The length of a block, when key and IV have theirs.
fn check_lengths(cipher: CbcCipher, key: &[u8], iv: &[u8]) -> Result<usize, Failure> {
    let (_, name, key_length, block_length) = CIPHERS[cipher as usize];
    if key.len() != key_length {
        return Err(Failure::BadKey(format!("a key of {name} has {key_length} bytes")));
    }
    if iv.len() != block_length {
        return Err(Failure::BadKey(format!("an IV of {name} has {block_length} bytes")));
    }
    Ok(block_length)
}

fn encrypt<C: BlockCipherEncrypt + KeyInit>(key: &[u8], iv: &[u8], plaintext: &[u8], ciphertext: &mut [u8]) {
    let cipher = C::new_from_slice(key).expect("its length was checked");
    let mode = Encryptor::inner_iv_slice_init(cipher, iv).expect("its length was checked");
    mode.encrypt_padded_b2b::<Pkcs7>(plaintext, ciphertext).expect("there is room for the padding");
}

/// Nothing when the padding does not fit.
fn decrypt<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).expect("its length was checked");
    let mode = Decryptor::inner_iv_slice_init(cipher, iv).expect("its length was checked");
    let mut padded = Zeroizing::new(ciphertext.to_vec());
    mode.decrypt_padded::<Pkcs7>(&mut padded).ok().map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_cipher_at_its_place() {
        for (place, (cipher, name, ..)) in CIPHERS.iter().enumerate() {
            assert_eq!(*cipher as usize, place);
            assert_eq!(name.parse(), Ok(*cipher));
        }
        assert_eq!("aes-128-ctr".parse::<CbcCipher>().map_err(|failure| failure.code()), Err("unsupported"));
    }
}
