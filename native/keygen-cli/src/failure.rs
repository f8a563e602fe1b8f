use std::fmt;
use std::io;
use std::process::ExitCode;

/// Why a subcommand did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The arguments say nothing that can be done.
    Usage(String),
    /// There is no key.
    Generator(signet_keygen::Error),
    /// Standard output can't be written.
    Output(io::Error),
}

impl Failure {
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// 2 for what the caller should have typed otherwise, 1 for the rest.
    pub fn status(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Generator(signet_keygen::Error::Size { .. }) => ExitCode::from(2),
            Self::Generator(_) | Self::Output(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Generator(error) => error.fmt(f),
            Self::Output(error) => write!(f, "standard output: {error}"),
        }
    }
}

impl From<signet_keygen::Error> for Failure {
    fn from(error: signet_keygen::Error) -> Self {
        Self::Generator(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
