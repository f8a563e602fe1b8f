//! Symmetric ciphers. The old ones are for reading old files.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, StreamCipher};
use cbc::{Decryptor, Encryptor};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use rc4::Rc4;

use crate::Failure;

/// A block cipher in CBC mode with PKCS#7 padding (RFC 5652 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CbcCipher {
    /// AES with a key of 16 bytes.
    Aes128,
    /// AES with a key of 24 bytes.
    Aes192,
    /// AES with a key of 32 bytes.
    Aes256,
    /// Triple DES with three keys.
    TripleDes,
    /// Triple DES with two keys.
    DoubleDes,
    /// Single DES.
    Des,
    /// RC2 with a key of 5 bytes, all of whose bits are effective.
    Rc2With40Bits,
    /// RC2 with a key of 8 bytes.
    Rc2With64Bits,
    /// RC2 with a key of 16 bytes.
    Rc2With128Bits,
}

impl CbcCipher {
    const ALL: [Self; 9] = [
        Self::Aes128,
        Self::Aes192,
        Self::Aes256,
        Self::TripleDes,
        Self::DoubleDes,
        Self::Des,
        Self::Rc2With40Bits,
        Self::Rc2With64Bits,
        Self::Rc2With128Bits,
    ];

    /// The one of this name: "aes-128-cbc".
    ///
    /// # Errors
    /// [`Failure::Unsupported`].
    pub fn named(name: &str) -> Result<Self, Failure> {
        let known = Self::ALL.into_iter().find(|cipher| cipher.name() == name);
        known.ok_or_else(|| Failure::Unsupported(format!("no cipher {name}")))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Aes128 => "aes-128-cbc",
            Self::Aes192 => "aes-192-cbc",
            Self::Aes256 => "aes-256-cbc",
            Self::TripleDes => "3des-cbc",
            Self::DoubleDes => "2des-cbc",
            Self::Des => "des-cbc",
            Self::Rc2With40Bits => "rc2-40-cbc",
            Self::Rc2With64Bits => "rc2-64-cbc",
            Self::Rc2With128Bits => "rc2-128-cbc",
        }
    }

    const fn key_length(self) -> usize {
        match self {
            Self::Rc2With40Bits => 5,
            Self::Des | Self::Rc2With64Bits => 8,
            Self::Aes128 | Self::DoubleDes | Self::Rc2With128Bits => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    const fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    fn check(self, key: &[u8], iv: &[u8]) -> Result<(), Failure> {
        let (name, key_length, block_length) = (self.name(), self.key_length(), self.block_length());
        if key.len() != key_length {
            return Err(Failure::BadKey(format!("a key of {name} has {key_length} bytes")));
        }
        if iv.len() != block_length {
            return Err(Failure::BadKey(format!("an IV of {name} has {block_length} bytes")));
        }
        Ok(())
    }
}

/// Calls a generic function with the cipher of a value, keyed.
macro_rules! with_cipher {
    ($cipher:expr, $key:expr, $function:ident ( $($argument:expr),* )) => {{
        let key = $key;
        match $cipher {
            CbcCipher::Aes128 => $function(keyed::<Aes128>(key), $($argument),*),
            CbcCipher::Aes192 => $function(keyed::<Aes192>(key), $($argument),*),
            CbcCipher::Aes256 => $function(keyed::<Aes256>(key), $($argument),*),
            CbcCipher::TripleDes => $function(keyed::<TdesEde3>(key), $($argument),*),
            CbcCipher::DoubleDes => $function(keyed::<TdesEde2>(key), $($argument),*),
            CbcCipher::Des => $function(keyed::<Des>(key), $($argument),*),
            CbcCipher::Rc2With40Bits | CbcCipher::Rc2With64Bits | CbcCipher::Rc2With128Bits => {
                $function(Rc2::new_with_eff_key_len(key, key.len() * 8), $($argument),*)
            }
        }
    }};
}

fn keyed<C: KeyInit>(key: &[u8]) -> C {
    C::new_from_slice(key).unwrap_or_else(|_| unreachable!("the length was checked"))
}

/// Encrypts, and pads.
///
/// # Errors
/// [`Failure::BadKey`] for a key or an IV of another length.
pub fn encrypt_cbc(cipher: CbcCipher, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    fn encrypt<C: BlockCipherEncrypt>(cipher: C, iv: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mode = Encryptor::inner_iv_slice_init(cipher, iv).unwrap_or_else(|_| unreachable!("the length was checked"));
        mode.encrypt_padded_vec::<Pkcs7>(plaintext)
    }
    cipher.check(key, iv)?;
    Ok(with_cipher!(cipher, key, encrypt(iv, plaintext)))
}

/// Decrypts, and takes the padding away.
///
/// # Errors
/// [`Failure::BadKey`] for a key or an IV of another length, [`Failure::BadData`] for a padding that does not fit.
pub fn decrypt_cbc(cipher: CbcCipher, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failure> {
    fn decrypt<C: BlockCipherDecrypt>(cipher: C, iv: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failure> {
        let mode = Decryptor::inner_iv_slice_init(cipher, iv).unwrap_or_else(|_| unreachable!("the length was checked"));
        let decrypted = mode.decrypt_padded_vec::<Pkcs7>(ciphertext);
        decrypted.map_err(|_| Failure::BadData("the decrypted text does not end in its padding".into()))
    }
    cipher.check(key, iv)?;
    with_cipher!(cipher, key, decrypt(iv, ciphertext))
}

/// RC4, for reading old PKCS#12 files.
///
/// # Errors
/// [`Failure::BadKey`] for a key that has not 5 or 16 bytes.
pub fn rc4(key: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failure> {
    if ![5, 16].contains(&key.len()) {
        return Err(Failure::BadKey("a key of RC4 has 5 or 16 bytes".into()));
    }
    let mut text = ciphertext.to_vec();
    keyed::<Rc4>(key).apply_keystream(&mut text);
    Ok(text)
}

/// AES-256-GCM: the ciphertext and the tag of 16 bytes.
///
/// # Errors
/// [`Failure::BadKey`] for a key or a nonce of another length.
pub fn seal(key: &[u8], nonce: &[u8], associated_data: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    let (cipher, nonce) = gcm(key, nonce)?;
    let sealed = cipher.encrypt(&nonce, Payload { msg: plaintext, aad: associated_data });
    sealed.map_err(|_| Failure::Failed("the text is too long to be sealed".into()))
}

/// The opposite of [`seal`].
///
/// # Errors
/// As there, and [`Failure::BadData`] when anything was altered.
pub fn open(key: &[u8], nonce: &[u8], associated_data: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Failure> {
    let (cipher, nonce) = gcm(key, nonce)?;
    let text = cipher.decrypt(&nonce, Payload { msg: sealed, aad: associated_data });
    text.map_err(|_| Failure::BadData("the sealed text is not what was sealed with this key".into()))
}

fn gcm(key: &[u8], nonce: &[u8]) -> Result<(Aes256Gcm, Nonce<<Aes256Gcm as aes_gcm::AeadCore>::NonceSize>), Failure> {
    let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| Failure::BadKey("a key of AES-256-GCM has 32 bytes".into()))?;
    let nonce = Nonce::try_from(nonce).map_err(|_| Failure::BadKey("a nonce of AES-256-GCM has 12 bytes".into()))?;
    Ok((cipher, nonce))
}
