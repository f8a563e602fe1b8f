use std::fmt;

use crate::generate::EXPONENT;

/// Why no key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The size of an RSA key is not one that is offered.
    Size {
        /// What was asked for.
        bits: u32,
    },
    /// The public exponent of an RSA key is not the one that is offered.
    Exponent {
        /// What was asked for.
        exponent: u32,
    },
    /// There is not enough memory for a job.
    Memory {
        /// How many bytes it needs.
        bytes: usize,
    },
    /// No thread, or more threads than the machine has cores.
    Threads {
        /// How many were asked for.
        asked: usize,
        /// How many there are.
        cores: usize,
    },
    /// The operating system has no random numbers.
    Entropy,
    /// The job was cancelled.
    Cancelled,
    /// No kernel that the CPU can run gives the known answers: a fault of the machine.
    Kernel,
    /// A thread of the search ended by a panic: a fault of the machine or of this program.
    Worker,
    /// The new key pair failed its own check: a fault of the machine. The key is gone.
    Inconsistent,
}

impl Error {
    /// The `KeyGenerationErrorCode` of `src/platform/keygen.ts`; "cancelled" is not among them.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "size",
            Self::Exponent { .. } => "exponent",
            Self::Memory { .. } => "memory",
            Self::Threads { .. } => "threads",
            Self::Entropy => "entropy",
            Self::Cancelled => "cancelled",
            Self::Kernel => "kernel",
            Self::Worker => "worker",
            Self::Inconsistent => "inconsistent",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { bits } => write!(f, "an RSA key has 1024 to 8192 bits, a multiple of 128; {bits} is not"),
            Self::Exponent { exponent } => write!(f, "the public exponent of an RSA key is {EXPONENT}; {exponent} is not offered"),
            Self::Memory { bytes } => write!(f, "no memory for a new key: {bytes} bytes are needed"),
            Self::Threads { asked, cores } => write!(f, "a search has 1 to {cores} threads on this machine; {asked} is not"),
            Self::Entropy => f.write_str("the operating system has no random numbers"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Kernel => f.write_str("no arithmetic of the key generator gives right results on this machine"),
            Self::Worker => f.write_str("a thread of the key generator failed"),
            Self::Inconsistent => f.write_str("the new key pair does not fit together; it was thrown away"),
        }
    }
}

impl std::error::Error for Error {}
