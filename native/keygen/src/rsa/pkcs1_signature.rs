use super::{Error, Hash};

/// EMSA-PKCS1-v1_5 (RFC 8017 9.2) of a message's digest: `00 01 FF .. FF 00 DigestInfo`, as long as the modulus.
pub fn encode(hash: Hash, digest: &[u8], size: usize) -> Result<Vec<u8>, Error> {
    let digest_info = [hash.digest_info(), digest].concat();
    // At least eight bytes of padding.
    let needed = digest_info.len() + 11;
    if size < needed {
        return Err(Error::KeyTooShort { needed, size });
    }
    let padding = vec![0xff; size - digest_info.len() - 3];
    Ok([&[0, 1], &padding[..], &[0], &digest_info].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_with_eight_bytes_or_more() {
        let digest = Hash::Sha256.digest(&[b"message"]);
        let encoded = encode(Hash::Sha256, &digest, 62).expect("long enough");
        assert_eq!(encoded[..11], [0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0]);
        assert_eq!(encoded[30..], digest);
        assert_eq!(encode(Hash::Sha256, &digest, 61), Err(Error::KeyTooShort { needed: 62, size: 61 }));
    }
}
