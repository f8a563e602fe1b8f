//! Arithmetic on secret numbers, in a time that depends on their lengths alone.
//!
//! `integer` is `crypto-bigint`'s, for what is done once a key. Prime search lives on modular powers: [`Batch`] has them for several
//! numbers at once, by the [`Kernel`] that is the fastest on this CPU. A kernel owns its radix and its carries; everything above
//! (exponents, tables, comparisons) is written once, in `lanes`.

mod buffer;
pub mod integer;
mod kernel;
mod lanes;
pub mod natural;
mod portable;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86_64;

#[cfg(test)]
mod kernel_tests;

use kernel::Kernel;
use lanes::Lanes;
pub use lanes::{Batch, Stop, Stopped};
pub use natural::Natural;
use portable::Portable;
#[cfg(target_arch = "x86_64")]
use x86_64::{avx2::Avx2, mulx::Mulx};

type Constructor = fn(u32) -> Option<Box<dyn Batch>>;

/// Every kernel of this architecture by name, the fastest first.
#[cfg(target_arch = "x86_64")]
const KERNELS: &[(&str, Constructor)] = &[(Avx2::NAME, batch::<Avx2>), (Mulx::NAME, batch::<Mulx>), (Portable::NAME, batch::<Portable>)];
#[cfg(not(target_arch = "x86_64"))]
const KERNELS: &[(&str, Constructor)] = &[(Portable::NAME, batch::<Portable>)];

fn batch<K: Kernel>(bits: u32) -> Option<Box<dyn Batch>> {
    Lanes::<K>::new(bits).map(|lanes| Box::new(lanes) as Box<dyn Batch>)
}
