//! One lane of 64-bit limbs, multiplied by `mul` and `umulh`: for cores whose scalar multiplier starts a product every cycle or two
//! (Neoverse, Apple), where it may beat NEON's.

use core::arch::asm;

use super::super::operand_scanning::{OperandScanning, Row};
use super::super::portable::add_product;

/// The kernel of one lane.
pub type Umulh = OperandScanning<CarryFlag>;

/// Rows that are sums in the carry flag.
pub struct CarryFlag;

/// Limbs that one round of the assembly takes.
const BLOCK: usize = 4;

impl Row for CarryFlag {
    const NAME: &'static str = "umulh";

    fn add_product(sum: &mut [u64], factors: &[u64], factor: u64) -> u64 {
        assert_eq!(sum.len(), factors.len());
        let blocks = sum.len() / BLOCK;
        let mut carry = 0;
        if blocks > 0 {
            // SAFETY: reads and writes `blocks * BLOCK` limbs of slices that are not shorter. The high half of a product is at most
            // 2^64 - 2, so that the last sum of a chain does not carry.
            unsafe {
                asm!(
                    "2:",
                    "ldp {a0}, {a1}, [{factors}], #16",
                    "ldp {a2}, {a3}, [{factors}], #16",
                    "mul {b0}, {a0}, {factor}",
                    "umulh {a0}, {a0}, {factor}",
                    "mul {b1}, {a1}, {factor}",
                    "umulh {a1}, {a1}, {factor}",
                    "mul {b2}, {a2}, {factor}",
                    "umulh {a2}, {a2}, {factor}",
                    "mul {b3}, {a3}, {factor}",
                    "umulh {a3}, {a3}, {factor}",
                    "adds {b0}, {b0}, {carry}",
                    "adcs {b1}, {b1}, {a0}",
                    "adcs {b2}, {b2}, {a1}",
                    "adcs {b3}, {b3}, {a2}",
                    "adc {carry}, {a3}, xzr",
                    "ldp {a0}, {a1}, [{sum}]",
                    "ldp {a2}, {a3}, [{sum}, #16]",
                    "adds {b0}, {b0}, {a0}",
                    "adcs {b1}, {b1}, {a1}",
                    "adcs {b2}, {b2}, {a2}",
                    "adcs {b3}, {b3}, {a3}",
                    "adc {carry}, {carry}, xzr",
                    "stp {b0}, {b1}, [{sum}], #16",
                    "stp {b2}, {b3}, [{sum}], #16",
                    "sub {blocks}, {blocks}, #1",
                    "cbnz {blocks}, 2b",
                    factor = in(reg) factor,
                    factors = inout(reg) factors.as_ptr() => _,
                    sum = inout(reg) sum.as_mut_ptr() => _,
                    blocks = inout(reg) blocks => _,
                    carry = inout(reg) carry,
                    a0 = out(reg) _, a1 = out(reg) _, a2 = out(reg) _, a3 = out(reg) _,
                    b0 = out(reg) _, b1 = out(reg) _, b2 = out(reg) _, b3 = out(reg) _,
                    options(nostack),
                );
            }
        }
        let whole = blocks * BLOCK;
        add_product(&mut sum[whole..], &factors[whole..], factor, carry)
    }
}
