use std::marker::PhantomData;

use zeroize::Zeroizing;

use super::buffer::Buffer;
use super::kernel::{Kernel, Word, negated_inverse};

/// A word of this machine.
#[cfg(target_pointer_width = "64")]
pub type Limb = u64;
/// The product of two of them.
#[cfg(target_pointer_width = "64")]
pub type Double = u128;
/// A word of this machine.
#[cfg(not(target_pointer_width = "64"))]
pub type Limb = u32;
/// The product of two of them.
#[cfg(not(target_pointer_width = "64"))]
pub type Double = u64;

/// How a CPU multiplies a number by a limb, which is nearly all that a kernel of one lane does.
pub trait Row: Send + 'static {
    /// The kernel's name.
    const NAME: &'static str;

    /// `sum += factors * factor`, which are of one length; what does not fit is returned.
    fn add_product(sum: &mut [Limb], factors: &[Limb], factor: Limb) -> Limb;
}

/// One lane, row by row: the whole product first, then its reduction (Koç, Acar and Kaliski's "separated operand scanning", 1996).
pub struct OperandScanning<R> {
    modulus: Buffer<Limb>,
    /// -1 / N mod the radix.
    inverse: Zeroizing<Limb>,
    product: Buffer<Limb>,
    row: PhantomData<R>,
}

impl<R: Row> Kernel for OperandScanning<R> {
    const NAME: &'static str = R::NAME;
    const LANES: usize = 1;
    type Word = Limb;

    fn radix(_bits: u32) -> u32 {
        Limb::BITS
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        Some(Self { modulus: Buffer::new(limbs), inverse: Zeroizing::new(0), product: Buffer::new(2 * limbs), row: PhantomData })
    }

    fn set_moduli(&mut self, moduli: &[Limb]) {
        self.modulus.copy_from_slice(moduli);
        *self.inverse = negated_inverse(moduli[0].limb()) as Limb;
    }

    fn square(&mut self, x: &mut [Limb], doubled: &[Limb]) {
        self.square_into_product(x);
        self.reduce_into(x);
        let mut carry = 0;
        for limb in x {
            let shifted = *limb << doubled[0] | carry;
            carry = doubled[0] & *limb >> (Limb::BITS - 1);
            *limb = shifted;
        }
    }

    fn multiply(&mut self, x: &mut [Limb], y: &[Limb]) {
        self.product.fill(0);
        for (i, &limb) in x.iter().enumerate() {
            let (low, high) = self.product[i..].split_at_mut(y.len());
            high[0] = R::add_product(low, y, limb);
        }
        self.reduce_into(x);
    }

    fn normalize(&mut self, _x: &mut [Limb]) {}
}

impl<R: Row> OperandScanning<R> {
    fn square_into_product(&mut self, x: &[Limb]) {
        self.product.fill(0);
        for (i, &limb) in x.iter().enumerate() {
            let (low, high) = self.product[2 * i + 1..].split_at_mut(x.len() - i - 1);
            high[0] = R::add_product(low, &x[i + 1..], limb);
        }
        // Each product of two different limbs counts twice, each square once.
        let (mut top, mut carry) = (0, 0);
        for (pair, &limb) in self.product.as_chunks_mut::<2>().0.iter_mut().zip(x) {
            let square = Double::from(limb) * Double::from(limb);
            let low = Double::from(pair[0] << 1 | top) + Double::from(square as Limb) + Double::from(carry);
            let high = Double::from(pair[1] << 1 | pair[0] >> (Limb::BITS - 1)) + (square >> Limb::BITS) + (low >> Limb::BITS);
            top = pair[1] >> (Limb::BITS - 1);
            *pair = [low as Limb, high as Limb];
            carry = (high >> Limb::BITS) as Limb;
        }
    }

    /// `x = product / R mod N`.
    fn reduce_into(&mut self, x: &mut [Limb]) {
        let limbs = self.modulus.len();
        let mut carry = 0;
        for i in 0..limbs {
            let factor = self.product[i].wrapping_mul(*self.inverse);
            let (low, high) = self.product[i..].split_at_mut(limbs);
            let sum = Double::from(high[0]) + Double::from(R::add_product(low, &self.modulus, factor)) + Double::from(carry);
            high[0] = sum as Limb;
            carry = (sum >> Limb::BITS) as Limb;
        }
        x.copy_from_slice(&self.product[limbs..]);
    }
}
