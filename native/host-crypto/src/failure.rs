use std::fmt;

/// Why there is no result. The texts are for people, and say nothing of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such algorithm, or key and scheme do not go together.
    Unsupported(String),
    /// The key can not be used at all, or has the wrong length.
    BadKey(String),
    /// The padding does not fit, or something was altered.
    BadData(String),
    /// The operation was given up.
    Failed(String),
    /// Who asked for it wants it no more.
    Cancelled,
}

impl Failure {
    /// The port's `CryptoErrorCode`; "cancelled" is not among them.
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
            Self::Cancelled => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Failure {}
