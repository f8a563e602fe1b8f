//! One lane of 64-bit limbs, multiplied by `mul` and `umulh`: for cores whose scalar multiplier starts a product every cycle or two
//! (Neoverse, Apple), where it may beat NEON's.

use core::arch::asm;

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

/// Limbs that one round of [`add_product`] takes.
const BLOCK: usize = 4;

/// The portable kernel's algorithm with 64-bit limbs, whose rows are sums in the carry flag.
pub struct Umulh {
    modulus: Buffer<u64>,
    /// -1 / N mod 2^64.
    inverse: u64,
    product: Buffer<u64>,
}

impl Kernel for Umulh {
    const NAME: &'static str = "umulh";
    const LANES: usize = 1;
    type Word = u64;

    fn radix(_bits: u32) -> u32 {
        u64::BITS
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        Some(Self { modulus: Buffer::new(limbs), inverse: 0, product: Buffer::new(2 * limbs) })
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        self.modulus.copy_from_slice(moduli);
        self.inverse = negated_inverse(moduli[0]);
    }

    fn square(&mut self, x: &mut [u64], doubled: &[u64]) {
        self.square_into_product(x);
        self.reduce_into(x);
        let mut carry = 0;
        for limb in x {
            (*limb, carry) = (*limb << doubled[0] | carry, doubled[0] & *limb >> 63);
        }
    }

    fn multiply(&mut self, x: &mut [u64], y: &[u64]) {
        self.product.fill(0);
        for (i, &limb) in x.iter().enumerate() {
            let (low, high) = self.product[i..].split_at_mut(y.len());
            high[0] = add_product(low, y, limb);
        }
        self.reduce_into(x);
    }

    fn normalize(&mut self, _x: &mut [u64]) {}
}

impl Umulh {
    fn square_into_product(&mut self, x: &[u64]) {
        self.product.fill(0);
        for (i, &limb) in x.iter().enumerate() {
            let (low, high) = self.product[2 * i + 1..].split_at_mut(x.len() - i - 1);
            high[0] = add_product(low, &x[i + 1..], limb);
        }
        // Each product of two different limbs counts twice, each square once.
        let (mut top, mut carry) = (0, false);
        for (pair, &limb) in self.product.as_chunks_mut::<2>().0.iter_mut().zip(x) {
            let square = u128::from(limb) * u128::from(limb);
            let doubled = [pair[0] << 1 | top, pair[1] << 1 | pair[0] >> 63];
            top = pair[1] >> 63;
            (pair[0], carry) = carrying_add(doubled[0], square as u64, carry);
            (pair[1], carry) = carrying_add(doubled[1], (square >> 64) as u64, carry);
        }
    }

    /// `x = product / R mod N`.
    fn reduce_into(&mut self, x: &mut [u64]) {
        let limbs = self.modulus.len();
        let mut carry = false;
        for i in 0..limbs {
            let factor = self.product[i].wrapping_mul(self.inverse);
            let (low, high) = self.product[i..].split_at_mut(limbs);
            (high[0], carry) = carrying_add(high[0], add_product(low, &self.modulus, factor), carry);
        }
        x.copy_from_slice(&self.product[limbs..]);
    }
}

fn carrying_add(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let sum = u128::from(a) + u128::from(b) + u128::from(carry);
    (sum as u64, sum >> 64 != 0)
}

/// `sum += factors * factor`, which are of one length; what does not fit is returned.
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
    for (limb, &other) in sum.iter_mut().zip(factors).skip(blocks * BLOCK) {
        let wide = u128::from(factor) * u128::from(other) + u128::from(*limb) + u128::from(carry);
        (*limb, carry) = (wide as u64, (wide >> 64) as u64);
    }
    carry
}
