//! One lane of whole machine words, by `mulx`, `adcx` and `adox`: multiplication that leaves the flags alone and two independent chains of
//! carries, which compilers do not write of themselves. A product is made of tiles that are summed in registers, then reduced by rows of
//! them (P. Montgomery, 1985). Lengths that are not whole tiles are done row by row of limbs.

mod limbs;
mod tiles;

use limbs::{add_product, double_and_add_squares};
use tiles::{TILE, add_tiles, add_triangle, eliminate};
use zeroize::Zeroizing;

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

/// One lane of whole machine words.
pub struct Mulx {
    /// Limbs of a modulus; values have one more where R would not be large enough.
    length: usize,
    modulus: Buffer<u64>,
    /// `-1 / N mod 2^64`
    inverse: Zeroizing<u64>,
    product: Buffer<u64>,
    quotient: Buffer<u64>,
    /// The limbs that a row of tiles carries.
    window: Buffer<u64>,
}

impl Kernel for Mulx {
    const NAME: &'static str = "mulx";
    const LANES: usize = 1;
    type Word = u64;

    fn radix(_bits: u32) -> u32 {
        u64::BITS
    }

    fn new(bits: u32) -> Option<Self> {
        let limbs = Self::limbs(bits);
        (is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("adx")).then(|| Self {
            length: bits.div_ceil(u64::BITS) as usize,
            modulus: Buffer::new(limbs),
            inverse: Zeroizing::new(0),
            product: Buffer::new(2 * limbs),
            quotient: Buffer::new(TILE),
            window: Buffer::new(TILE),
        })
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        self.modulus.copy_from_slice(moduli);
        *self.inverse = negated_inverse(moduli[0]);
    }

    fn square(&mut self, x: &mut [u64], doubled: &[u64]) {
        // SAFETY: `new` has found the CPU to have what these functions need.
        unsafe {
            self.square_into_product(x);
            self.reduce();
        }
        // The low half of the product is zero, so that nothing is shifted in from there.
        let high = &self.product[self.modulus.len() - 1..];
        for (limb, [below, this]) in x.iter_mut().zip(high.array_windows()) {
            *limb = this << doubled[0] | below >> 63 & doubled[0];
        }
    }

    fn multiply(&mut self, x: &mut [u64], y: &[u64]) {
        // SAFETY: `new` has found the CPU to have what these functions need.
        unsafe {
            self.multiply_into_product(x, y);
            self.reduce();
        }
        x.copy_from_slice(&self.product[self.modulus.len()..]);
    }

    fn normalize(&mut self, _x: &mut [u64]) {}
}

impl Mulx {
    /// `product = x^2`: the products of different limbs once, doubled, with the squares of limbs; then what is above the length of a modulus.
    #[target_feature(enable = "bmi2,adx")]
    fn square_into_product(&mut self, x: &[u64]) {
        let length = self.length;
        if !length.is_multiple_of(TILE) {
            return self.multiply_into_product(x, x);
        }
        self.product.fill(0);
        for first in (0..length).step_by(TILE) {
            add_triangle(&mut self.product[2 * first..first + length + TILE], &x[first..length]);
        }
        double_and_add_squares(&mut self.product[..2 * length], &x[..length]);
        if let [low @ .., top] = x
            && low.len() == length
        {
            let carry = add_product(&mut self.product[length..2 * length], low, top << 1);
            self.product[2 * length] += top * top + carry;
        }
    }

    /// `product = x * y`
    #[target_feature(enable = "bmi2,adx")]
    fn multiply_into_product(&mut self, x: &[u64], y: &[u64]) {
        let limbs = x.len();
        let tiled = if self.length.is_multiple_of(TILE) { self.length } else { 0 };
        self.product.fill(0);
        for first in (0..tiled).step_by(TILE) {
            let factors = x[first..].first_chunk().expect("a tile");
            self.window.fill(0);
            add_tiles(&mut self.product[first..first + tiled], &y[..tiled], factors, &mut self.window);
            self.product[first + tiled..first + tiled + TILE].copy_from_slice(&self.window);
        }
        // What is above the tiles: the columns of y, then the rows of x.
        for (column, &factor) in y.iter().enumerate().skip(tiled) {
            self.product[column + tiled] = add_product(&mut self.product[column..column + tiled], &x[..tiled], factor);
        }
        for (row, &factor) in x.iter().enumerate().skip(tiled) {
            self.product[row + limbs] = add_product(&mut self.product[row..row + limbs], y, factor);
        }
    }

    /// The high half of the product is `product / R mod N`, the low half zero.
    #[target_feature(enable = "bmi2,adx")]
    fn reduce(&mut self) {
        let (limbs, length) = (self.modulus.len(), self.length);
        let tiled = if length.is_multiple_of(TILE) { length } else { 0 };
        let mut carry = false;
        let quotient = self.quotient.first_chunk_mut().expect("a tile");
        for first in (0..tiled).step_by(TILE) {
            carry = eliminate(&mut self.product[first..first + length + TILE], &self.modulus[..length], *self.inverse, quotient, carry);
        }
        for row in tiled..limbs {
            let (low, high) = self.product[row..].split_at_mut(length);
            let factor = low[0].wrapping_mul(*self.inverse);
            (high[0], carry) = high[0].carrying_add(add_product(low, &self.modulus[..length], factor), carry);
        }
        for limb in &mut self.product[limbs + length..] {
            (*limb, carry) = limb.carrying_add(0, carry);
        }
    }
}
