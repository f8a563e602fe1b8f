use aes_gcm::aead::consts::U12;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce, Tag};

use crate::Failure;

const TAG_LENGTH: usize = 16;

/// AES-256-GCM (SP 800-38D): the ciphertext followed by its tag.
///
/// # Errors
/// [`Failure::BadKey`] when the key has not 32 bytes or the nonce not 12.
pub fn seal(key: &[u8], nonce: &[u8], associated_data: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    let (cipher, nonce) = cipher(key, nonce)?;
    let mut sealed = Vec::with_capacity(plaintext.len() + TAG_LENGTH);
    sealed.extend_from_slice(plaintext);
    let tag = cipher.encrypt_inout_detached(&nonce, associated_data, sealed.as_mut_slice().into());
    sealed.extend_from_slice(&tag.map_err(|_| Failure::Failed("a text of 64 GiB or more can't be sealed".into()))?);
    Ok(sealed)
}

/// Opposite of [`seal`].
///
/// # Errors
/// [`Failure::BadKey`] for a length, [`Failure::BadData`] when anything was altered.
pub fn open(key: &[u8], nonce: &[u8], associated_data: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Failure> {
    let (cipher, nonce) = cipher(key, nonce)?;
    let altered = || Failure::BadData("the sealed text is not what was sealed with this key".into());
    let (ciphertext, tag) = sealed.split_last_chunk::<TAG_LENGTH>().ok_or_else(altered)?;
    let mut text = ciphertext.to_vec();
    let opened = cipher.decrypt_inout_detached(&nonce, associated_data, text.as_mut_slice().into(), &Tag::from(*tag));
    opened.map_err(|_| altered())?;
    Ok(text)
}

fn cipher(key: &[u8], nonce: &[u8]) -> Result<(Aes256Gcm, Nonce<U12>), Failure> {
    let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| Failure::BadKey("a key of AES-256-GCM has 32 bytes".into()))?;
    let nonce = Nonce::try_from(nonce).map_err(|_| Failure::BadKey("a nonce of AES-256-GCM has 12 bytes".into()))?;
    Ok((cipher, nonce))
}
