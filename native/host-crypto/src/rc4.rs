use ::rc4::{KeyInit, Rc4, StreamCipher};

use crate::Failure;

/// RC4 with a key of 5 or 16 bytes, for reading old PKCS#12 files only.
///
/// # Errors
/// [`Failure::BadKey`] for a key of another length.
pub fn rc4(key: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failure> {
    let wrong_length = || Failure::BadKey("a key of RC4 has 5 or 16 bytes".into());
    if ![5, 16].contains(&key.len()) {
        return Err(wrong_length());
    }
    let mut cipher = Rc4::new_from_slice(key).map_err(|_| wrong_length())?;
    let mut text = ciphertext.to_vec();
    cipher.apply_keystream(&mut text);
    Ok(text)
}
