use zeroize::Zeroizing;

use super::buffer::Buffer;
use super::kernel::{Kernel, Word};
use super::natural::{self, Natural};

/// The work was stopped from outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Stopped;

/// Whether to stop; asked every few multiplications.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// Squarings between two questions whether to stop.
const PATIENCE: u32 = 16;

/// What is done to a batch of odd numbers of one length, `lanes()` of them at most, at the cost of a full batch. A set of lanes is a
/// mask with bit l for lane l.
pub trait Batch: Send {
    /// The name of the kernel.
    #[cfg(test)]
    fn name(&self) -> &'static str;

    /// How many numbers a batch has.
    fn lanes(&self) -> usize;

    /// Those n for which `2^(n - 1) = 1 mod n` (Fermat): every prime, and next to nothing else.
    fn filter(&mut self, candidates: &[&[u32]], stop: Stop) -> Result<u32, Stopped>;

    /// Those n that are strong probable primes to their `base` (one round of Miller-Rabin, FIPS 186-5 B.3.1), which is less than n.
    fn strong(&mut self, candidates: &[&[u32]], bases: &[&[u32]], stop: Stop) -> Result<u32, Stopped>;

    /// `base^exponent mod modulus`; bases are less than their modulus, exponents not longer than it.
    fn pow(&mut self, moduli: &[&[u32]], bases: &[&[u32]], exponents: &[&[u32]], stop: Stop) -> Result<Vec<Natural>, Stopped>;

    /// A number as it goes into the kernel, and in the kernel's own form.
    #[cfg(feature = "measure")]
    fn forms(&self, number: &[u32]) -> [Form; 2];
}

/// How one lane's number lies in memory.
#[cfg(feature = "measure")]
pub struct Form {
    /// Its words, the least significant first.
    pub words: Zeroizing<Vec<u64>>,
    /// Bytes of a word: 4 or 8.
    pub width: usize,
    /// Every how many words there is one of this number: the lanes of the kernel.
    pub stride: usize,
}

#[cfg(feature = "measure")]
impl Form {
    fn of<K: Kernel>(words: &[K::Word]) -> Self {
        let words = Zeroizing::new(words.iter().step_by(K::LANES).map(|word| word.limb()).collect());
        Self { words, width: size_of::<K::Word>(), stride: K::LANES }
    }
}

/// A [`Batch`] by a [`Kernel`].
pub struct Lanes<K: Kernel> {
    kernel: K,
    bits: u32,
    moduli: Vec<Natural>,
    /// R mod N, by lane: 1 in Montgomery's form.
    ones: Vec<Natural>,
    x: Buffer<K::Word>,
    operand: Buffer<K::Word>,
    table: Buffer<K::Word>,
}

impl<K: Kernel> Lanes<K> {
    /// For numbers of exactly `bits` bits; nothing when this CPU can't run the kernel.
    pub fn new(bits: u32) -> Option<Self> {
        K::new(bits).map(|kernel| Self::of(kernel, bits))
    }

    /// By a kernel for numbers of exactly `bits` bits.
    pub fn of(kernel: K, bits: u32) -> Self {
        let length = K::limbs(bits) * K::LANES;
        Self {
            kernel,
            bits,
            moduli: Vec::new(),
            ones: Vec::new(),
            x: Buffer::new(length),
            operand: Buffer::new(length),
            table: Buffer::new(0),
        }
    }

    /// The exponent of R, which is a power of two.
    fn r_bits(&self) -> u32 {
        K::radix(self.bits) * K::limbs(self.bits) as u32
    }

    /// Lanes that are not asked for repeat the first number.
    fn set_moduli(&mut self, moduli: &[&[u32]]) {
        self.moduli = filled::<K>(moduli).map(|modulus| Natural::new(modulus.to_vec())).collect();
        pack::<K>(self.bits, self.moduli.iter().map(|modulus| &modulus[..]), &mut self.operand);
        self.kernel.set_moduli(&self.operand);
        self.ones = self.moduli.iter().map(|modulus| natural::power_of_two(self.r_bits(), modulus, self.bits)).collect();
    }

    /// `x = 2^exponent`, by lane, in Montgomery's form. `exponent_bits` is the length of the longest exponent.
    fn power_of_two(&mut self, exponents: &[Natural], exponent_bits: u32, stop: Stop) -> Result<(), Stopped> {
        adopt(&self.kernel, self.bits, self.ones.iter().map(|one| &one[..]), &mut self.x);
        let mut doubled = Zeroizing::new(vec![K::Word::default(); K::LANES]);
        for index in (0..exponent_bits).rev() {
            if index % PATIENCE == 0 && stop() {
                return Err(Stopped);
            }
            for (doubled, exponent) in doubled.iter_mut().zip(exponents) {
                *doubled = K::Word::from_limb(natural::bit(exponent, index).into());
            }
            self.kernel.square(&mut self.x, &doubled);
        }
        Ok(())
    }

    /// `x = base` in Montgomery's form.
    fn set_bases(&mut self, bases: &[&[u32]]) -> Result<(), Stopped> {
        let exponents = vec![Natural::new(vec![self.r_bits()]); K::LANES];
        self.power_of_two(&exponents, u32::BITS - self.r_bits().leading_zeros(), &|| false)?;
        adopt(&self.kernel, self.bits, filled::<K>(bases), &mut self.operand);
        self.kernel.multiply(&mut self.x, &self.operand);
        Ok(())
    }

    /// `x = x^exponent` in Montgomery's form, by windows of a fixed size whose powers are read with masks: which exponent it is shows
    /// neither in time nor in addresses.
    fn raise(&mut self, exponents: &[Natural], stop: Stop) -> Result<(), Stopped> {
        let window = window_bits(K::limbs(self.bits));
        self.fill_table(1 << window, stop)?;
        let zeros = vec![K::Word::default(); K::LANES];
        let mut digits = Natural::new(vec![0; K::LANES]);
        adopt(&self.kernel, self.bits, self.ones.iter().map(|one| &one[..]), &mut self.x);
        for digit in (0..self.bits.div_ceil(window)).rev() {
            for index in 0..window {
                if index % PATIENCE == 0 && stop() {
                    return Err(Stopped);
                }
                self.kernel.square(&mut self.x, &zeros);
            }
            for (chosen, exponent) in digits.iter_mut().zip(exponents) {
                *chosen = natural::bits(exponent, digit * window, window) as u32;
            }
            select::<K>(&self.table, &digits, &mut self.operand);
            self.kernel.multiply(&mut self.x, &self.operand);
        }
        Ok(())
    }

    /// The table has the powers `0 .. size` of x.
    fn fill_table(&mut self, size: usize, stop: Stop) -> Result<(), Stopped> {
        let length = self.x.len();
        if self.table.len() != size * length {
            self.table = Buffer::new(size * length);
        }
        adopt(&self.kernel, self.bits, self.ones.iter().map(|one| &one[..]), &mut self.operand);
        self.table[..length].copy_from_slice(&self.operand);
        self.table[length..2 * length].copy_from_slice(&self.x);
        for power in 2..size {
            if power.is_multiple_of(PATIENCE as usize) && stop() {
                return Err(Stopped);
            }
            self.operand.copy_from_slice(&self.table[(power - 1) * length..power * length]);
            self.kernel.multiply(&mut self.operand, &self.x);
            self.table[power * length..(power + 1) * length].copy_from_slice(&self.operand);
        }
        Ok(())
    }

    /// The value of each lane of x, below its modulus.
    fn values(&mut self) -> Vec<Natural> {
        self.operand.copy_from_slice(&self.x);
        self.kernel.normalize(&mut self.operand);
        let words = self.moduli[0].len() + 1;
        (0..K::LANES)
            .map(|lane| {
                let mut value = unpack::<K>(self.bits, &self.operand, lane, words);
                // It is less than 4 N.
                for _ in 0..3 {
                    natural::reduce_once(&mut value, &self.moduli[lane]);
                }
                value.truncate(words - 1);
                value
            })
            .collect()
    }

    /// The lanes in which x is the value that `of` takes from R mod N and N.
    fn lanes_equal(&mut self, of: impl Fn(&Natural, &Natural) -> Natural) -> u32 {
        let values = self.values();
        (0..K::LANES).fold(0, |set, lane| set | natural::equal(&values[lane], &of(&self.ones[lane], &self.moduli[lane])) << lane)
    }
}

impl<K: Kernel> Batch for Lanes<K> {
    #[cfg(test)]
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn lanes(&self) -> usize {
        K::LANES
    }

    fn filter(&mut self, candidates: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
        self.set_moduli(candidates);
        let exponents: Vec<Natural> = self.moduli.iter().map(less_one).collect();
        self.power_of_two(&exponents, self.bits, stop)?;
        Ok(self.lanes_equal(|one, _| one.clone()) & all(candidates.len()))
    }

    fn strong(&mut self, candidates: &[&[u32]], bases: &[&[u32]], stop: Stop) -> Result<u32, Stopped> {
        self.set_moduli(candidates);
        self.set_bases(bases)?;
        let even: Vec<Natural> = self.moduli.iter().map(less_one).collect();
        let twos = Natural::new(even.iter().map(|number| trailing_zeros(number)).collect());
        let odd: Vec<Natural> = even.iter().zip(&*twos).map(|(number, twos)| shifted_right(number, *twos)).collect();
        self.raise(&odd, stop)?;
        let minus_one = |one: &Natural, modulus: &Natural| natural::subtract(modulus, one).0;
        let mut passed = self.lanes_equal(|one, _| one.clone()) | self.lanes_equal(minus_one);
        let zeros = vec![K::Word::default(); K::LANES];
        for squarings in 1..twos.iter().copied().max().unwrap_or(0) {
            self.kernel.square(&mut self.x, &zeros);
            let in_time = twos.iter().enumerate().fold(0, |set, (lane, twos)| set | u32::from(squarings < *twos) << lane);
            passed |= self.lanes_equal(minus_one) & in_time;
        }
        Ok(passed & all(candidates.len()))
    }

    fn pow(&mut self, moduli: &[&[u32]], bases: &[&[u32]], exponents: &[&[u32]], stop: Stop) -> Result<Vec<Natural>, Stopped> {
        self.set_moduli(moduli);
        self.set_bases(bases)?;
        let exponents: Vec<Natural> = filled::<K>(exponents).map(|exponent| Natural::new(exponent.to_vec())).collect();
        self.raise(&exponents, stop)?;
        // Out of Montgomery's form: x * 1 / R.
        let unit = Natural::new(vec![1]);
        adopt(&self.kernel, self.bits, std::iter::repeat_n(&unit[..], K::LANES), &mut self.operand);
        self.kernel.multiply(&mut self.x, &self.operand);
        let mut values = self.values();
        values.truncate(moduli.len());
        Ok(values)
    }

    #[cfg(feature = "measure")]
    fn forms(&self, number: &[u32]) -> [Form; 2] {
        let limbs = (number.len() as u32 * u32::BITS).div_ceil(K::radix(self.bits)) as usize;
        let mut words = Buffer::new(limbs * K::LANES);
        pack::<K>(self.bits, std::iter::once(number), &mut words);
        let canonical = Form::of::<K>(&words);
        self.kernel.adopt(&mut words);
        [canonical, Form::of::<K>(&words)]
    }
}

/// Bits of a window: larger tables pay for themselves where numbers are long.
fn window_bits(limbs: usize) -> u32 {
    if limbs < 32 { 4 } else { 5 }
}

/// One number a lane; the first again where there are too few.
fn filled<'a, K: Kernel>(numbers: &'a [&'a [u32]]) -> impl Iterator<Item = &'a [u32]> {
    assert!((1..=K::LANES).contains(&numbers.len()), "a batch has a number and at most one a lane");
    numbers.iter().copied().chain(std::iter::repeat(numbers[0])).take(K::LANES)
}

fn all(lanes: usize) -> u32 {
    ((1_u64 << lanes) - 1) as u32
}

/// Canonical limbs of one number a lane.
pub fn pack<'a, K: Kernel>(bits: u32, numbers: impl Iterator<Item = &'a [u32]>, words: &mut [K::Word]) {
    let radix = K::radix(bits);
    for (lane, number) in numbers.enumerate() {
        for (limb, word) in words[lane..].iter_mut().step_by(K::LANES).enumerate() {
            *word = K::Word::from_limb(natural::bits(number, limb as u32 * radix, radix));
        }
    }
}

/// One number a lane in the kernel's own form.
fn adopt<'a, K: Kernel>(kernel: &K, bits: u32, numbers: impl Iterator<Item = &'a [u32]>, words: &mut [K::Word]) {
    pack::<K>(bits, numbers, words);
    kernel.adopt(words);
}

/// The number of canonical limbs in one lane; what is beyond `length` words is zero.
fn unpack<K: Kernel>(bits: u32, words: &[K::Word], lane: usize, length: usize) -> Natural {
    let radix = K::radix(bits);
    let mut number = Natural::new(Vec::with_capacity(length));
    let (mut pending, mut count) = (0_u128, 0);
    for word in words[lane..].iter().step_by(K::LANES) {
        pending |= u128::from(word.limb()) << count;
        count += radix;
        while count >= 32 {
            if number.len() < length {
                number.push(pending as u32);
            }
            pending >>= 32;
            count -= 32;
        }
    }
    pending &= u128::from(u32::MAX);
    if number.len() < length {
        number.push(pending as u32);
    }
    number.resize(length, 0);
    number
}

/// One power of the table a lane, every power read.
fn select<K: Kernel>(table: &[K::Word], digits: &[u32], chosen: &mut [K::Word]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: this CPU has AVX2.
        return unsafe { select_by_avx2::<K>(table, digits, chosen) };
    }
    select_by_masks::<K>(table, digits, chosen);
}

/// [`select_by_masks`] compiled for longer vectors.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn select_by_avx2<K: Kernel>(table: &[K::Word], digits: &[u32], chosen: &mut [K::Word]) {
    select_by_masks::<K>(table, digits, chosen);
}

#[allow(clippy::inline_always, reason = "it is compiled within a function that has the instructions")]
#[inline(always)]
fn select_by_masks<K: Kernel>(table: &[K::Word], digits: &[u32], chosen: &mut [K::Word]) {
    chosen.fill(K::Word::default());
    let mut masks = Zeroizing::new(vec![K::Word::default(); K::LANES]);
    for (power, entry) in (0_u32..).zip(table.chunks_exact(chosen.len())) {
        for (mask, digit) in masks.iter_mut().zip(digits) {
            *mask = K::Word::mask((u64::from(digit ^ power).wrapping_sub(1) >> 63) as u32);
        }
        for (chosen, entry) in chosen.chunks_exact_mut(K::LANES).zip(entry.chunks_exact(K::LANES)) {
            for ((chosen, &word), &mask) in chosen.iter_mut().zip(entry).zip(masks.iter()) {
                *chosen = *chosen | word & mask;
            }
        }
    }
}

/// `n - 1` of an odd n.
fn less_one(odd: &Natural) -> Natural {
    let mut even = odd.clone();
    even[0] &= !1;
    even
}

/// How many times two divides a number.
fn trailing_zeros(number: &[u32]) -> u32 {
    let bits = number.len() as u32 * u32::BITS;
    (0..bits).find(|index| natural::bit(number, *index) == 1).unwrap_or(bits)
}

fn shifted_right(number: &[u32], count: u32) -> Natural {
    Natural::new((0..number.len()).map(|index| natural::bits(number, index as u32 * 32 + count, 32) as u32).collect())
}
