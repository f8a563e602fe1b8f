use super::operand_scanning::{Double, Limb, OperandScanning, Row};

/// One lane in plain Rust, with limbs of half the machine's widest product: for CPUs without a kernel of their own, and the judge of the
/// others.
pub type Portable = OperandScanning<PlainRust>;

/// The row of [`Portable`].
pub struct PlainRust;

impl Row for PlainRust {
    const NAME: &'static str = "portable";

    fn add_product(sum: &mut [Limb], factors: &[Limb], factor: Limb) -> Limb {
        add_product(sum, factors, factor, 0)
    }
}

/// `sum += factors * factor + carry`, which are of one length; what does not fit is returned.
pub fn add_product(sum: &mut [Limb], factors: &[Limb], factor: Limb, mut carry: Limb) -> Limb {
    for (limb, &other) in sum.iter_mut().zip(factors) {
        let wide = Double::from(factor) * Double::from(other) + Double::from(*limb) + Double::from(carry);
        *limb = wide as Limb;
        carry = (wide >> Limb::BITS) as Limb;
    }
    carry
}
