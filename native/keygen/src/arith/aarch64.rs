//! The kernels of 64-bit ARM.

mod neon;
mod umulh;

pub use neon::Neon;
pub use umulh::Umulh;
