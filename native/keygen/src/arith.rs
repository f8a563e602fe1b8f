//! Arithmetic on secret numbers, in a time that depends on their lengths alone.
//!
//! `integer` is `crypto-bigint`'s, for what is done once a key. Prime search lives on modular powers: [`Batch`] has them for several
//! numbers at once, by the `Kernel` that is the fastest on this CPU. A kernel owns its radix and its carries; everything above
//! (exponents, tables, comparisons) is written once, in `lanes`.

mod buffer;
pub mod integer;
mod kernel;
mod lanes;
pub mod natural;
mod portable;
mod residues;

#[cfg(test)]
mod kernel_tests;

use kernel::Kernel;
use lanes::Lanes;
pub use lanes::{Batch, Stop, Stopped};
pub use natural::Natural;
use portable::Portable;
pub use residues::residues;

use crate::Error;

type Constructor = fn(u32) -> Option<Box<dyn Batch>>;

/// Every kernel of this architecture by name, the fastest first.
const KERNELS: &[(&str, Constructor)] = &[(Portable::NAME, lanes::<Portable>)];

fn lanes<K: Kernel>(bits: u32) -> Option<Box<dyn Batch>> {
    Lanes::<K>::new(bits).map(|lanes| Box::new(lanes) as Box<dyn Batch>)
}

/// The names of all kernels of this architecture.
#[cfg(feature = "measure")]
pub fn known_kernels() -> impl Iterator<Item = &'static str> {
    KERNELS.iter().map(|(name, _)| *name)
}

/// The names of the kernels that this CPU can run, the fastest first.
#[cfg(any(test, feature = "measure"))]
pub fn kernels() -> impl Iterator<Item = &'static str> {
    KERNELS.iter().filter(|(_, new)| new(64).is_some()).map(|(name, _)| *name)
}

/// Lanes for numbers of `bits` bits, by the kernel of that name, else by the fastest one.
///
/// # Errors
/// [`Error::Inconsistent`] when this CPU can't run it.
pub fn batch(bits: u32, kernel: Option<&str>) -> Result<Box<dyn Batch>, Error> {
    let mut chosen = KERNELS.iter().filter(|(name, _)| kernel.is_none_or(|kernel| kernel == *name));
    chosen.find_map(|(_, new)| new(bits)).ok_or(Error::Inconsistent)
}
