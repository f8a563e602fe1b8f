use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A hash function that certificates, requests and SCEP messages are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Only for what old SCEP servers still send: collisions are found in seconds.
    Md5,
    /// Only for old signatures: collisions have been found.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of the parts one after the other.
    pub(super) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5 => digest::<Md5>(parts),
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha224 => digest::<Sha224>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }

    /// MGF1 (RFC 8017 B.2.1): as many bytes as are wanted, made from a seed.
    pub(super) fn mask(self, seed: &[u8]) -> impl Iterator<Item = u8> {
        (0_u32..).flat_map(move |counter| self.digest(&[seed, &counter.to_be_bytes()]))
    }

    /// The DER of a `DigestInfo` up to the digest itself (RFC 8017 9.2, note 1).
    pub(super) const fn digest_info(self) -> &'static [u8] {
        match self {
            Self::Md5 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10",
            Self::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
            Self::Sha224 => b"\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c",
            Self::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
            Self::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
            Self::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut state = D::new();
    for part in parts {
        state.update(part);
    }
    state.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_lengths() {
        for hash in [Hash::Md5, Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            assert_eq!(hash.digest(&[b"a", b"bc"]), hash.digest(&[b"abc"]));
            assert_eq!(hash.digest(&[]).len(), hash.length());
            let prefix = hash.digest_info();
            assert_eq!(usize::from(prefix[prefix.len() - 1]), hash.length());
            assert_eq!(usize::from(prefix[1]), prefix.len() - 2 + hash.length());
        }
    }

    #[test]
    fn makes_a_mask_of_counted_digests() {
        let mask: Vec<u8> = Hash::Sha1.mask(b"seed").take(30).collect();
        assert_eq!(mask[..20], Hash::Sha1.digest(&[b"seed\0\0\0\0"]));
        assert_eq!(mask[20..], Hash::Sha1.digest(&[b"seed\0\0\0\x01"])[..10]);
    }
}
