use std::fmt;

/// Why a key was refused, or an operation gave no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The key is no DER of an RSA key: `PrivateKeyInfo` with `RSAPrivateKey`, or `SubjectPublicKeyInfo` with `RSAPublicKey`.
    Encoding,
    /// The modulus is too short or too long.
    Size {
        /// Its length.
        bits: u32,
    },
    /// The public exponent is even, too small or too great.
    Exponent,
    /// The parts of the key do not fit together.
    Malformed {
        /// What does not hold, in words.
        what: &'static str,
    },
    /// The modulus is too short for the signature scheme.
    KeyTooShort {
        /// What the scheme needs, in bytes.
        needed: usize,
        /// What the key has, in bytes.
        size: usize,
    },
    /// The message is too long to be encrypted.
    MessageTooLong {
        /// The longest message that this key encrypts, in bytes.
        longest: usize,
    },
    /// The ciphertext is not as long as the modulus.
    CiphertextLength {
        /// The length of the modulus in bytes.
        expected: usize,
        /// The length of the ciphertext in bytes.
        found: usize,
    },
    /// The ciphertext is a number that is not less than the modulus.
    CiphertextRange,
    /// The result of the private operation failed its check and was thrown away, or no kernel gives its known answers: a fault of the
    /// machine, or p or q is no prime.
    Fault,
    /// The signature is not one of this message by this key.
    Signature,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => f.write_str("not the DER of an RSA key"),
            Self::Size { bits } => write!(f, "an RSA modulus has 1024 to 8192 bits; this one has {bits}"),
            Self::Exponent => f.write_str("a public exponent is odd and at least 3; at most 2^33 with a private key, else less than 2^64"),
            Self::Malformed { what } => write!(f, "the RSA key does not fit together: {what}"),
            Self::KeyTooShort { needed, size } => write!(f, "the signature needs a modulus of {needed} bytes; this one has {size}"),
            Self::MessageTooLong { longest } => write!(f, "this key encrypts at most {longest} bytes"),
            Self::CiphertextLength { expected, found } => write!(f, "the ciphertext should have {expected} bytes; it has {found}"),
            Self::CiphertextRange => f.write_str("the ciphertext is not less than the modulus"),
            Self::Fault => f.write_str("the result of the private key failed its check, or the arithmetic its own; there is no result"),
            Self::Signature => f.write_str("the signature does not belong to this message and key"),
        }
    }
}

impl std::error::Error for Error {}
