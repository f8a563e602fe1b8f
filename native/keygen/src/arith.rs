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

#[cfg(test)]
mod kernel_tests;

use kernel::Kernel;
use lanes::Lanes;
pub use lanes::{Batch, Stop, Stopped};
pub use natural::Natural;
use portable::Portable;

type Constructor = fn(u32) -> Option<Box<dyn Batch>>;

/// Every kernel of this architecture by name, the fastest first.
const KERNELS: &[(&str, Constructor)] = &[(Portable::NAME, batch::<Portable>)];

fn batch<K: Kernel>(bits: u32) -> Option<Box<dyn Batch>> {
    Lanes::<K>::new(bits).map(|lanes| Box::new(lanes) as Box<dyn Batch>)
}

/// The fastest kernel that has one lane: for a power that is wanted by itself, where a batch's other lanes would be wasted.
pub fn one_lane(bits: u32) -> Box<dyn Batch> {
    let mut batches = KERNELS.iter().filter_map(|(_, new)| new(bits));
    batches.find(|batch| batch.lanes() == 1).expect("the portable kernel runs everywhere")
}
