//! Arithmetic on secret numbers, in a time that depends on their lengths alone.
//!
//! `integer` is `crypto-bigint`'s, for what is done once a key. Prime search lives on modular powers: [`Batch`] has them for several
//! numbers at once, by the [`Kernel`] that is the fastest on this CPU. A kernel owns its radix and its carries; everything above
//! (exponents, tables, comparisons) is written once, in `lanes`.

mod buffer;
pub mod integer;
mod kernel;
mod lanes;
#[cfg(target_arch = "mips")]
mod mips;
pub mod natural;
mod portable;

#[cfg(test)]
mod kernel_tests;

use kernel::Kernel;
use lanes::Lanes;
pub use lanes::{Batch, Stop, Stopped};
pub use natural::Natural;
use portable::Portable;

type Constructor = fn(u32) -> Option<Box<dyn Batch>>;

/// Every kernel of this architecture by name, the fastest first.
const KERNELS: &[(&str, Constructor)] = &[
    #[cfg(target_arch = "mips")]
    (mips::Mips::NAME, batch::<mips::Mips>),
    (Portable::NAME, batch::<Portable>),
];

fn batch<K: Kernel>(bits: u32) -> Option<Box<dyn Batch>> {
    Lanes::<K>::new(bits).map(|lanes| Box::new(lanes) as Box<dyn Batch>)
}
