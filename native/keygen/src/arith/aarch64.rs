//! The kernels of 64-bit ARM.

mod neon;

pub use neon::Neon;
