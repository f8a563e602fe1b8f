//! Montgomery's multiplication by product scanning: column after column of tiles, the least significant first. Column k of a product is
//! the sum of the products of tiles whose indices add up to k. It is twice as wide as a tile; its upper half belongs to column k + 1.
//!
//! Each word of a column adds up at most `8 * limbs` halves of products of less than 2^52, far less than 2^64, so that a carry is passed
//! on once a limb: when its sum is complete.

#![allow(clippy::inline_always, reason = "all is compiled within two functions that have the instructions")]

use super::{LANES, LIMB_MASK, Limbs, Modulus, TILE, Tile, Vector, tiles, tiles_mut};

/// A column of tiles, not yet carried. The two halves of products are summed apart: a chain of additions to one sum would have the
/// multiplier wait.
struct Column<V> {
    /// Low halves of the products of limbs whose indices add up to i.
    low: [V; 2 * TILE - 1],
    /// Their high halves, which belong to limb i + 1.
    high: [V; 2 * TILE - 1],
}

impl<V: Vector> Column<V> {
    /// Begins with the upper half of the column before.
    #[inline(always)]
    fn after(upper_half: [V; TILE]) -> Self {
        let mut column = Self { low: [V::zero(); 2 * TILE - 1], high: [V::zero(); 2 * TILE - 1] };
        column.low[..TILE].copy_from_slice(&upper_half);
        column
    }

    /// What all products for limb i of the column add up to.
    #[inline(always)]
    fn sum(&self, i: usize) -> V {
        match i {
            0 => self.low[0],
            9 => self.high[8],
            _ => self.low[i].plus(self.high[i - 1]),
        }
    }

    #[inline(always)]
    fn upper_half(&self) -> [V; TILE] {
        [self.sum(5), self.sum(6), self.sum(7), self.sum(8), self.sum(9)]
    }

    /// Adds the product of limbs i and j of two tiles.
    #[inline(always)]
    fn add(&mut self, i: usize, a: V, j: usize, b: V) {
        self.low[i + j] = self.low[i + j].plus_low(a, b);
        self.high[i + j] = self.high[i + j].plus_high(a, b);
    }

    /// Adds the product of two tiles.
    #[inline(always)]
    fn add_tiles(&mut self, a: &Tile, b: &Tile) {
        let b = load(b);
        for (i, a) in a.iter().enumerate() {
            let a = V::load(a);
            for (j, &b) in b.iter().enumerate() {
                self.add(i, a, j, b);
            }
        }
    }

    /// Adds the products of `a[i]` and `b[index - i]` for each i from `first` until `end`.
    #[inline(always)]
    fn add_products(&mut self, index: usize, a: &[Tile], b: &[Tile], first: usize, end: usize) {
        for (a, b) in a[first..end].iter().zip(b[index + 1 - end..=index - first].iter().rev()) {
            self.add_tiles(a, b);
        }
    }

    /// Adds the product of each two limbs of a tile, once.
    #[inline(always)]
    fn add_pairs(&mut self, a: &Tile) {
        let a = load::<V>(a);
        for i in 0..TILE {
            for j in i + 1..TILE {
                self.add(i, a[i], j, a[j]);
            }
        }
    }

    /// Adds the square of each limb of a tile.
    #[inline(always)]
    fn add_squares(&mut self, a: &Tile) {
        for (i, a) in a.iter().enumerate() {
            let a = V::load(a);
            self.add(i, a, i, a);
        }
    }

    /// Adds that multiple of N, of one tile, which makes the lower half zero. What is carried out of it goes to the upper half.
    #[inline(always)]
    fn clear_lower_half(&mut self, modulus: &Tile, inverse: V, factors: &mut Tile) {
        let modulus = load::<V>(modulus);
        let limb_mask = V::load(&[LIMB_MASK; LANES]);
        let mut carry = V::zero();
        for (i, place) in factors.iter_mut().enumerate() {
            let sum = self.sum(i).plus(carry);
            let factor = V::zero().plus_low(sum, inverse);
            factor.store(place);
            // The low half of the first product makes the limb zero, so only rounding up is left of it.
            carry = sum.plus(limb_mask).carry();
            self.high[i] = self.high[i].plus_high(factor, modulus[0]);
            for (j, &limb) in modulus.iter().enumerate().skip(1) {
                self.add(i, factor, j, limb);
            }
        }
        self.low[TILE] = self.low[TILE].plus(carry);
    }
}

#[inline(always)]
fn load<V: Vector>(tile: &Tile) -> [V; TILE] {
    [V::load(&tile[0]), V::load(&tile[1]), V::load(&tile[2]), V::load(&tile[3]), V::load(&tile[4])]
}

/// Where the columns of a product come from. (A trait and not a closure: a closure would not be compiled for the instructions.)
trait Product<V> {
    /// Begins column `index` of x times something from the upper half of the one before. Of x, the tiles below `index - x.len()` are
    /// already the result's.
    fn column(&mut self, x: &[Tile], index: usize, of_before: [V; TILE]) -> Column<V>;
}

struct Square<V> {
    /// The upper half of what [`Column::add_pairs`] is about.
    pairs_of_before: [V; TILE],
}

impl<V: Vector> Product<V> for Square<V> {
    #[inline(always)]
    fn column(&mut self, x: &[Tile], index: usize, of_before: [V; TILE]) -> Column<V> {
        let first = (index + 1).saturating_sub(x.len());
        // Products of different limbs, which count twice.
        let mut pairs = Column::after(self.pairs_of_before);
        pairs.add_products(index, x, x, first, index.div_ceil(2));
        if index.is_multiple_of(2) {
            pairs.add_pairs(&x[index / 2]);
        }
        let mut column = Column::after(of_before);
        for i in 0..TILE {
            column.low[i] = column.low[i].plus(pairs.sum(i)).plus(pairs.sum(i));
        }
        if index.is_multiple_of(2) {
            column.add_squares(&x[index / 2]);
        }
        self.pairs_of_before = pairs.upper_half();
        column
    }
}

struct Times<'a> {
    y: &'a [Tile],
}

impl<V: Vector> Product<V> for Times<'_> {
    #[inline(always)]
    fn column(&mut self, x: &[Tile], index: usize, of_before: [V; TILE]) -> Column<V> {
        let first = (index + 1).saturating_sub(x.len());
        let mut column = Column::after(of_before);
        column.add_products(index, x, self.y, first, x.len().min(index + 1));
        column
    }
}

/// `x = x^2 / R`, then times two to the power of each lane's word in `doubled`.
#[inline(always)]
pub fn square<V: Vector>(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs) {
    reduce(modulus, x, doubled, Square { pairs_of_before: [V::zero(); TILE] });
}

/// `x = x * y / R`.
#[inline(always)]
pub fn multiply<V: Vector>(modulus: &mut Modulus, x: &mut [Tile], y: &[Tile]) {
    reduce::<V>(modulus, x, &[0; LANES], Times { y });
}

/// Reduces a product while it is made.
#[inline(always)]
fn reduce<V: Vector>(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs, mut product: impl Product<V>) {
    let length = x.len();
    let limbs = tiles(&modulus.limbs);
    let factors = tiles_mut(&mut modulus.factors);
    let (inverse, doubled) = (V::load(&modulus.inverse), V::load(doubled));
    let mut of_before = [V::zero(); TILE];
    for index in 0..length {
        let mut column = product.column(x, index, of_before);
        column.add_products(index, factors, limbs, 0, index);
        column.clear_lower_half(&limbs[0], inverse, &mut factors[index]);
        of_before = column.upper_half();
    }
    let mut carry = V::zero();
    for index in length..2 * length {
        let mut column = product.column(x, index, of_before);
        column.add_products(index, factors, limbs, index + 1 - length, length);
        for (i, limb) in x[index - length].iter_mut().enumerate() {
            let sum = column.sum(i).shifted_left(doubled).plus(carry);
            sum.store(limb);
            carry = sum.carry();
        }
        of_before = column.upper_half();
    }
}
