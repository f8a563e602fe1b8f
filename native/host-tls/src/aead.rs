//! Records sealed by AES-GCM and ChaCha20-Poly1305 (RFC 8446 5.2; RFC 5246 6.2.3.3 with RFC 5288 and RFC 7905).

use std::marker::PhantomData;

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::{AeadInOut, Aes128Gcm, Aes256Gcm, Key, KeyInit, KeySizeUser, Nonce as Number, Tag};
use chacha20poly1305::ChaCha20Poly1305;
use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter, NONCE_LEN, Nonce,
    OutboundOpaqueMessage, OutboundPlainMessage, PrefixedPayload, Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
    make_tls12_aad, make_tls13_aad,
};
use rustls::{ConnectionTrafficSecrets, ContentType, Error, ProtocolVersion};
use zeroize::Zeroize;

/// A cipher, in either version of TLS.
pub struct Of<C>(PhantomData<fn() -> C>);

pub static AES_128_GCM: Of<Aes128Gcm> = Of(PhantomData);
pub static AES_256_GCM: Of<Aes256Gcm> = Of(PhantomData);
pub static CHACHA20_POLY1305: Of<ChaCha20Poly1305> = Of(PhantomData);

const TAG_LENGTH: usize = 16;
/// Of a record (RFC 5246 6.2.1); in TLS 1.3 rustls looks at it itself.
const LONGEST_TEXT: usize = 1 << 14;

pub trait Cipher: AeadInOut<NonceSize = U12, TagSize = U16> + KeyInit + Send + Sync + 'static {
    /// Of a nonce in TLS 1.2, so many bytes are sent with each record, and the others follow from the handshake.
    const SENT: usize;
}

/// RFC 5288 3
impl Cipher for Aes128Gcm {
    const SENT: usize = 8;
}

impl Cipher for Aes256Gcm {
    const SENT: usize = 8;
}

/// RFC 7905 2
impl Cipher for ChaCha20Poly1305 {
    const SENT: usize = 0;
}

fn key<C: KeySizeUser>(key: &AeadKey) -> Key<C> {
    Key::<C>::try_from(key.as_ref()).expect("rustls gives keys of the length it was told")
}

/// A key with what makes the nonces of its records.
struct Sealer<C> {
    cipher: C,
    iv: Iv,
}

impl<C: Cipher> Sealer<C> {
    fn new(bytes: &AeadKey, iv: Iv) -> Self {
        let mut key = key::<C>(bytes);
        let cipher = C::new(&key);
        key.as_mut_slice().zeroize();
        Self { cipher, iv }
    }

    fn seal(&self, nonce: [u8; NONCE_LEN], associated: &[u8], text: &mut [u8]) -> Result<Tag<U16>, Error> {
        self.cipher.encrypt_inout_detached(&Number::from(nonce), associated, text.into()).map_err(|_| Error::EncryptError)
    }

    /// Opens a text with its tag behind it, in place; the length of the text.
    fn open(&self, nonce: [u8; NONCE_LEN], associated: &[u8], sealed: &mut [u8]) -> Result<usize, Error> {
        let (text, tag) = sealed.split_last_chunk_mut::<TAG_LENGTH>().ok_or(Error::DecryptError)?;
        let tag = Tag::from(*tag);
        self.cipher.decrypt_inout_detached(&Number::from(nonce), associated, text.into(), &tag).map_err(|_| Error::DecryptError)?;
        Ok(text.len())
    }
}

struct Tls13<C>(Sealer<C>);

impl<C: Cipher> Tls13AeadAlgorithm for Of<C> {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        Box::new(Tls13(Sealer::<C>::new(&key, iv)))
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        Box::new(Tls13(Sealer::<C>::new(&key, iv)))
    }

    fn key_len(&self) -> usize {
        C::key_size()
    }

    fn extract_keys(&self, _key: AeadKey, _iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Err(UnsupportedOperationError)
    }
}

impl<C: Cipher> MessageEncrypter for Tls13<C> {
    fn encrypt(&mut self, message: OutboundPlainMessage<'_>, sequence: u64) -> Result<OutboundOpaqueMessage, Error> {
        let length = self.encrypted_payload_len(message.payload.len());
        let mut payload = PrefixedPayload::with_capacity(length);
        payload.extend_from_chunks(&message.payload);
        payload.extend_from_slice(&[message.typ.into()]);
        let tag = self.0.seal(Nonce::new(&self.0.iv, sequence).0, &make_tls13_aad(length), payload.as_mut())?;
        payload.extend_from_slice(&tag);
        // RFC 8446 5.2: what is outside says nothing of what is inside.
        Ok(OutboundOpaqueMessage::new(ContentType::ApplicationData, ProtocolVersion::TLSv1_2, payload))
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        length + 1 + TAG_LENGTH
    }
}

impl<C: Cipher> MessageDecrypter for Tls13<C> {
    fn decrypt<'a>(&mut self, mut message: InboundOpaqueMessage<'a>, sequence: u64) -> Result<InboundPlainMessage<'a>, Error> {
        let associated = make_tls13_aad(message.payload.len());
        let length = self.0.open(Nonce::new(&self.0.iv, sequence).0, &associated, &mut message.payload)?;
        message.payload.truncate(length);
        message.into_tls13_unpadded_message()
    }
}

struct Tls12<C>(Sealer<C>);

impl<C: Cipher> Of<C> {
    const FIXED: usize = NONCE_LEN - C::SENT;
}

impl<C: Cipher> Tls12AeadAlgorithm for Of<C> {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        let mut nonce = [0; NONCE_LEN];
        nonce[..Self::FIXED].copy_from_slice(iv);
        nonce[Self::FIXED..].copy_from_slice(extra);
        Box::new(Tls12(Sealer::<C>::new(&key, Iv::new(nonce))))
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        let mut nonce = [0; NONCE_LEN];
        nonce[..Self::FIXED].copy_from_slice(iv);
        Box::new(Tls12(Sealer::<C>::new(&key, Iv::new(nonce))))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        KeyBlockShape { enc_key_len: C::key_size(), fixed_iv_len: Self::FIXED, explicit_nonce_len: C::SENT }
    }

    fn extract_keys(&self, _key: AeadKey, _iv: &[u8], _explicit: &[u8]) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Err(UnsupportedOperationError)
    }
}

impl<C: Cipher> MessageEncrypter for Tls12<C> {
    fn encrypt(&mut self, message: OutboundPlainMessage<'_>, sequence: u64) -> Result<OutboundOpaqueMessage, Error> {
        let length = message.payload.len();
        let nonce = Nonce::new(&self.0.iv, sequence).0;
        let mut payload = PrefixedPayload::with_capacity(self.encrypted_payload_len(length));
        payload.extend_from_slice(&nonce[NONCE_LEN - C::SENT..]);
        payload.extend_from_chunks(&message.payload);
        let associated = make_tls12_aad(sequence, message.typ, message.version, length);
        let tag = self.0.seal(nonce, &associated, &mut payload.as_mut()[C::SENT..])?;
        payload.extend_from_slice(&tag);
        Ok(OutboundOpaqueMessage::new(message.typ, message.version, payload))
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        C::SENT + length + TAG_LENGTH
    }
}

impl<C: Cipher> MessageDecrypter for Tls12<C> {
    fn decrypt<'a>(&mut self, mut message: InboundOpaqueMessage<'a>, sequence: u64) -> Result<InboundPlainMessage<'a>, Error> {
        let length = message.payload.len().checked_sub(C::SENT + TAG_LENGTH).ok_or(Error::DecryptError)?;
        if length > LONGEST_TEXT {
            return Err(Error::PeerSentOversizedRecord);
        }
        let nonce = if C::SENT == 0 {
            Nonce::new(&self.0.iv, sequence).0
        } else {
            let mut nonce = [0; NONCE_LEN];
            let (fixed, sent) = nonce.split_at_mut(NONCE_LEN - C::SENT);
            fixed.copy_from_slice(&self.0.iv.as_ref()[..fixed.len()]);
            sent.copy_from_slice(&message.payload[..C::SENT]);
            nonce
        };
        let associated = make_tls12_aad(sequence, message.typ, message.version, length);
        let end = C::SENT + self.0.open(nonce, &associated, &mut message.payload[C::SENT..])?;
        Ok(message.into_plain_message_range(C::SENT..end))
    }
}
