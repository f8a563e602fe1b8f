//! Eight lanes in radix 2^52, on the multiplier that AVX-512 IFMA has for it: `vpmadd52luq` and `vpmadd52huq` add the low and the high
//! half of eight products of 52 bits to eight sums of 64 bits.
//!
//! Between calls the bits of a word beyond the 52 of its limb mean nothing: the multiplier doesn't read them.

mod scan;
mod zmm;

#[cfg(test)]
mod model;

use std::marker::PhantomData;

use zeroize::Zeroizing;

use super::buffer::Buffer;
use super::kernel::{Kernel, negated_inverse};

/// Lanes of a vector.
const LANES: usize = 8;

/// Bits of a limb.
const RADIX: u32 = 52;

/// What the low bits of a word hold: a limb.
const LIMB_MASK: u64 = (1 << RADIX) - 1;

/// Limbs of a tile. Five limbs are a little more than 256 bits, so that the lengths of primes fill their last tile.
const TILE: usize = 5;

/// One limb of each lane.
type Limbs = [u64; LANES];

/// What is multiplied at once.
type Tile = [Limbs; TILE];

/// The instructions that [`scan`] is written with, one word a lane.
trait Vector: Copy + Send + 'static {
    /// For reports.
    const NAME: &'static str;

    /// Whether this CPU can run them.
    fn supported() -> bool;

    /// [`scan::square`] compiled for them. Only after `supported`.
    fn square(modulus: &mut Modulus, x: &mut [Tile], doubled: &Limbs);
    /// [`scan::multiply`] compiled for them. Only after `supported`.
    fn multiply(modulus: &mut Modulus, x: &mut [Tile], y: &[Tile]);

    fn zero() -> Self;
    fn load(words: &Limbs) -> Self;
    fn store(self, words: &mut Limbs);
    fn plus(self, other: Self) -> Self;
    /// Adds the low 52 bits of the product of the low 52 bits of `a` and `b`.
    fn plus_low(self, a: Self, b: Self) -> Self;
    /// Adds what is above the low 52 bits of the product of the low 52 bits of `a` and `b`.
    fn plus_high(self, a: Self, b: Self) -> Self;
    /// What is above a limb.
    fn carry(self) -> Self;
    /// Each word times two to the power of its own count.
    fn shifted_left(self, counts: Self) -> Self;
}

/// What a multiplication needs to know of N.
struct Modulus {
    limbs: Buffer<u64>,
    /// -1 / N mod 2^52.
    inverse: Zeroizing<Limbs>,
    /// The multiples of N that a reduction adds, a limb each.
    factors: Buffer<u64>,
}

/// The kernel on a kind of [`Vector`].
pub struct Ifma<V> {
    modulus: Modulus,
    vector: PhantomData<V>,
}

/// The kernel on the CPU's own instructions.
pub type Native = Ifma<zmm::Zmm>;

/// The same code on a model of the instructions, where the CPU has none.
#[cfg(test)]
pub type Model = Ifma<model::Words>;

impl<V: Vector> Kernel for Ifma<V> {
    const NAME: &'static str = V::NAME;
    const LANES: usize = LANES;
    type Word = u64;

    fn radix(_bits: u32) -> u32 {
        RADIX
    }

    fn limbs(bits: u32) -> usize {
        ((bits + 5).div_ceil(RADIX) as usize).next_multiple_of(TILE)
    }

    fn new(bits: u32) -> Option<Self> {
        V::supported().then(|| Self::with_limbs(Self::limbs(bits)))
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        self.modulus.limbs.copy_from_slice(moduli);
        for (inverse, &limb) in self.modulus.inverse.iter_mut().zip(moduli) {
            *inverse = negated_inverse(limb) & LIMB_MASK;
        }
    }

    fn square(&mut self, x: &mut [u64], doubled: &[u64]) {
        V::square(&mut self.modulus, tiles_mut(x), doubled.try_into().expect("one word a lane"));
    }

    fn multiply(&mut self, x: &mut [u64], y: &[u64]) {
        V::multiply(&mut self.modulus, tiles_mut(x), tiles(y));
    }

    fn normalize(&mut self, x: &mut [u64]) {
        for word in x {
            *word &= LIMB_MASK;
        }
    }
}

impl<V> Ifma<V> {
    /// Only where the instructions are supported.
    fn with_limbs(limbs: usize) -> Self {
        let length = limbs * LANES;
        let modulus = Modulus { limbs: Buffer::new(length), inverse: Zeroizing::new([0; LANES]), factors: Buffer::new(length) };
        Self { modulus, vector: PhantomData }
    }
}

fn tiles(words: &[u64]) -> &[Tile] {
    words.as_chunks().0.as_chunks().0
}

fn tiles_mut(words: &mut [u64]) -> &mut [Tile] {
    words.as_chunks_mut().0.as_chunks_mut().0
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use rand_core::{Rng, SeedableRng};

    use super::*;

    /// Canonical limbs, the last of `top` bits; edges now and then.
    fn random(length: usize, top: u32, rng: &mut ChaCha20Rng) -> Vec<u64> {
        let edge = rng.next_u32().is_multiple_of(4);
        let mut limb = || match rng.next_u32() % 2 {
            _ if !edge => rng.next_u64(),
            0 => 0,
            _ => u64::MAX,
        };
        let mut words: Vec<u64> = (0..length).map(|_| limb() & LIMB_MASK).collect();
        for word in &mut words[length - LANES..] {
            *word &= (1 << top) - 1;
        }
        words
    }

    /// Where this CPU has the instructions. That the model is right is what the tests of all kernels say.
    #[test]
    fn instructions_do_what_their_model_does() {
        if !zmm::Zmm::supported() {
            return;
        }
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        for tiles in 1..=16 {
            println!("ifma, {tiles} tiles");
            let length = tiles * TILE * LANES;
            let (mut native, mut model) = (Native::with_limbs(tiles * TILE), Model::with_limbs(tiles * TILE));
            for _ in 0..4 {
                let mut modulus = random(length, 46, &mut rng);
                for lane in 0..LANES {
                    modulus[lane] |= 1;
                    modulus[length - LANES + lane] |= 1 << 46;
                }
                native.set_moduli(&modulus);
                model.set_moduli(&modulus);
                let mut x = random(length, 46, &mut rng);
                let mut expected = x.clone();
                for _ in 0..4 {
                    let doubled: Vec<u64> = (0..LANES).map(|_| rng.next_u64() & 1).collect();
                    native.square(&mut x, &doubled);
                    model.square(&mut expected, &doubled);
                    assert_eq!(x, expected, "square of {tiles} tiles");
                    let y = random(length, 46, &mut rng);
                    native.multiply(&mut x, &y);
                    model.multiply(&mut expected, &y);
                    assert_eq!(x, expected, "product of {tiles} tiles");
                }
            }
        }
    }
}
