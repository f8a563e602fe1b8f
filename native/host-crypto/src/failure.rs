use std::fmt;

/// Why there is no result. The text says what was expected, for people to read; no secret is part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The host has no such algorithm, curve or size, or key and scheme do not go together.
    Unsupported(String),
    /// The key is malformed or has the wrong length.
    BadKey(String),
    /// What is to be decrypted was altered, or encrypted with another key.
    BadData(String),
    /// The operation gave no result.
    Failed(String),
    /// The caller cancelled.
    Cancelled,
}

impl Failure {
    /// The port's `CryptoErrorCode`, or `cancelled`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "unsupported",
            Self::BadKey(_) => "bad-key",
            Self::BadData(_) => "bad-data",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(message) | Self::BadKey(message) | Self::BadData(message) | Self::Failed(message) => f.write_str(message),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for Failure {}
