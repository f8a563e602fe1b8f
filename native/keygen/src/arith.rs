//! Arithmetic on secret numbers, in a time that depends on their lengths alone.
//!
//! `integer` is `crypto-bigint`'s, for what is done once a key. Prime search lives on modular powers: [`Batch`] has them for several
//! numbers at once, by the `Kernel` that is the fastest on this CPU. A kernel owns its radix and its carries; everything above
//! (exponents, tables, comparisons) is written once, in `lanes`.

#[cfg(target_arch = "aarch64")]
#[allow(unsafe_code, reason = "vector instructions, chains of carries")]
mod aarch64;
mod buffer;
mod choice;
#[cfg(target_arch = "x86_64")]
mod ifma;
pub mod integer;
mod kernel;
mod known_answers;
mod lanes;
#[cfg(target_arch = "mips")]
mod mips;
pub mod natural;
mod operand_scanning;
mod portable;
mod residues;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "vector instructions")]
mod x86_64;

#[cfg(test)]
mod kernel_tests;

pub use buffer::Buffer;
#[cfg(any(test, feature = "measure"))]
pub use choice::{batch, kernels};
pub use choice::{check_residues, expected_seconds_per_test, one_lane, stoppable_batch};
use kernel::Kernel;
#[cfg(feature = "measure")]
pub use lanes::Form;
use lanes::Lanes;
pub use lanes::{Batch, Stop, Stopped};
pub use natural::Natural;
use portable::Portable;
pub use residues::residues;
#[cfg(target_arch = "x86_64")]
use x86_64::{avx2::Avx2, mulx::Mulx};

type Constructor = fn(u32) -> Option<Box<dyn Batch>>;

/// Every kernel of this architecture by name.
const KERNELS: &[(&str, Constructor)] = &[
    #[cfg(target_arch = "x86_64")]
    (ifma::Native::NAME, lanes::<ifma::Native>),
    #[cfg(target_arch = "x86_64")]
    (Avx2::NAME, lanes::<Avx2>),
    #[cfg(target_arch = "x86_64")]
    (Mulx::NAME, lanes::<Mulx>),
    #[cfg(all(test, target_arch = "x86_64"))]
    (ifma::Model::NAME, lanes::<ifma::Model>),
    #[cfg(target_arch = "aarch64")]
    (aarch64::Neon::NAME, lanes::<aarch64::Neon>),
    #[cfg(target_arch = "aarch64")]
    (aarch64::Umulh::NAME, lanes::<aarch64::Umulh>),
    #[cfg(target_arch = "mips")]
    (mips::Mips::NAME, lanes::<mips::Mips>),
    (Portable::NAME, lanes::<Portable>),
];

fn lanes<K: Kernel>(bits: u32) -> Option<Box<dyn Batch>> {
    Lanes::<K>::new(bits).map(|lanes| Box::new(lanes) as Box<dyn Batch>)
}

/// The names of all kernels of this architecture.
#[cfg(feature = "measure")]
pub fn known_kernels() -> impl Iterator<Item = &'static str> {
    KERNELS.iter().map(|(name, _)| *name)
}
