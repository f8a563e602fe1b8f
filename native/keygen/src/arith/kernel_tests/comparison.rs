//! A kernel and its portable twin side by side.

use chacha20::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, Word};
use super::super::lanes::pack;
use super::super::natural::{self, bit, reduce_once};
use super::super::portable::Portable;
use super::random;

/// A kernel beside its portable twin: one number a lane, kept in the kernel's own form from one operation to the next.
pub struct Comparison<K: Kernel> {
    bits: u32,
    rng: ChaCha20Rng,
    kernel: K,
    moduli: Vec<Vec<u32>>,
    x: Buffer<K::Word>,
    y: Buffer<K::Word>,
    twin: Vec<Twin>,
}

impl<K: Kernel> Comparison<K> {
    pub fn new(bits: u32, kernel: K) -> Self {
        let length = K::limbs(bits) * K::LANES;
        Self {
            bits,
            rng: ChaCha20Rng::seed_from_u64(bits.into()),
            kernel,
            moduli: Vec::new(),
            x: Buffer::new(length),
            y: Buffer::new(length),
            twin: Vec::new(),
        }
    }

    pub fn run(&mut self, operations: usize) -> Result<(), String> {
        for operation in 0..operations {
            if operation % 256 == 0 {
                self.choose_moduli();
                self.y = self.chosen_operands();
            }
            if operation % 4 == 0 {
                self.x = self.chosen_operands();
            }
            let before = values(&mut self.kernel, self.bits, &self.x);
            if self.rng.next_u32() & 1 == 0 {
                let doubled: Vec<u32> = (0..K::LANES).map(|_| self.rng.next_u32() & 1).collect();
                let flags: Vec<K::Word> = doubled.iter().map(|flag| K::Word::from_limb((*flag).into())).collect();
                self.kernel.square(&mut self.x, &flags);
                self.compare("squared", &before, &before, &doubled)?;
            } else {
                let factors = values(&mut self.kernel, self.bits, &self.y);
                self.kernel.multiply(&mut self.x, &self.y);
                self.compare("multiplied", &before, &factors, &[0; 32])?;
                // The next factor is in the kernel's own form.
                self.y.copy_from_slice(&self.x);
            }
        }
        Ok(())
    }

    /// Whether x is `a * b / R`, doubled where that is asked for, in every lane.
    fn compare(&mut self, what: &str, a: &[Vec<u32>], b: &[Vec<u32>], doubled: &[u32]) -> Result<(), String> {
        let results = values(&mut self.kernel, self.bits, &self.x);
        for lane in 0..K::LANES {
            let twin = &mut self.twin[lane];
            // Both sides times R / S, where S is the twin's.
            let (result, expected) = (twin.product(&results[lane], &twin.r.clone(), 0), twin.product(&a[lane], &b[lane], doubled[lane]));
            let mut rest = results[lane].clone();
            (0..if doubled[lane] == 1 { 3 } else { 1 }).for_each(|_| reduce_once(&mut rest, &self.moduli[lane]));
            let small = natural::subtract(&rest, &self.moduli[lane]).1 == 1;
            if result != expected || !small {
                let modulus = &self.moduli[lane];
                return Err(format!("lane {lane} {what}: {:x?} * {:x?} modulo {modulus:x?} is not {:x?}", a[lane], b[lane], results[lane]));
            }
        }
        Ok(())
    }

    fn choose_moduli(&mut self) {
        self.moduli = (0..K::LANES).map(|_| chosen_modulus(self.bits, K::radix(self.bits), &mut self.rng)).collect();
        let mut words = Buffer::new(self.x.len());
        pack::<K>(self.bits, self.moduli.iter().map(Vec::as_slice), &mut words);
        self.kernel.set_moduli(&words);
        let r_bits = K::radix(self.bits) * K::limbs(self.bits) as u32;
        self.twin = self.moduli.iter().map(|modulus| Twin::new(self.bits, modulus, r_bits)).collect();
    }

    fn chosen_operands(&mut self) -> Buffer<K::Word> {
        let operands: Vec<Vec<u32>> =
            self.moduli.iter().map(|modulus| chosen_operand(modulus, K::radix(self.bits), &mut self.rng)).collect();
        let mut words = Buffer::new(self.x.len());
        pack::<K>(self.bits, operands.iter().map(Vec::as_slice), &mut words);
        self.kernel.adopt(&mut words);
        words
    }
}

/// The judge of one lane.
struct Twin {
    bits: u32,
    portable: Portable,
    modulus: Vec<u32>,
    /// R of the judged kernel, modulo N.
    r: Vec<u32>,
}

impl Twin {
    fn new(bits: u32, modulus: &[u32], r_bits: u32) -> Self {
        let mut portable = Portable::new(bits).expect("it runs everywhere");
        let mut words = Buffer::new(Portable::limbs(bits));
        pack::<Portable>(bits, std::iter::once(modulus), &mut words);
        portable.set_moduli(&words);
        Self { bits, portable, modulus: modulus.to_vec(), r: natural::power_of_two(r_bits, modulus, bits).to_vec() }
    }

    /// `a * b` over the twin's R, below the modulus.
    fn product(&mut self, a: &[u32], b: &[u32], doubled: u32) -> Vec<u32> {
        let [mut x, mut y] = [a, b].map(|number| {
            let mut words = Buffer::new(Portable::limbs(self.bits));
            pack::<Portable>(self.bits, std::iter::once(number), &mut words);
            words
        });
        self.portable.multiply(&mut x, &y);
        y.copy_from_slice(&x);
        let mut number = vec![0; self.bits as usize / 32 + 5];
        let radix = Portable::radix(self.bits) as usize;
        x.iter().enumerate().for_each(|(index, word)| add_at(&mut number, index * radix, word.limb()));
        reduce_once(&mut number, &self.modulus);
        if doubled == 1 {
            let mut carry = 0;
            for word in &mut number {
                (*word, carry) = (*word << 1 | carry, *word >> 31);
            }
            reduce_once(&mut number, &self.modulus);
        }
        number
    }
}

/// The value of each lane, a word longer than the modulus.
fn values<K: Kernel>(kernel: &mut K, bits: u32, words: &[K::Word]) -> Vec<Vec<u32>> {
    let mut words = words.to_vec();
    kernel.normalize(&mut words);
    let (radix, length) = (K::radix(bits) as usize, bits as usize / 32 + 1);
    (0..K::LANES)
        .map(|lane| {
            let mut number = vec![0; length + 4];
            for (index, word) in words[lane..].iter().step_by(K::LANES).enumerate() {
                add_at(&mut number, index * radix, word.limb());
            }
            assert!(number[length..].iter().all(|word| *word == 0), "a value is not longer than its modulus");
            number.truncate(length);
            number
        })
        .collect()
}

/// `number = number | limb << shift`; what is beyond the number is lost.
fn add_at(number: &mut [u32], shift: usize, limb: u64) {
    let wide = u128::from(limb) << (shift % 32);
    for (index, word) in number.iter_mut().skip(shift / 32).take(3).enumerate() {
        *word |= (wide >> (32 * index)) as u32;
    }
}

/// Words whose limbs of `radix` bits are all the same.
fn repeated(bits: u32, radix: u32, limb: u64) -> Vec<u32> {
    let mut number = vec![0; bits as usize / 32];
    (0..bits.div_ceil(radix)).for_each(|index| add_at(&mut number, (index * radix) as usize, limb));
    number
}

/// Limbs at the edges of a radix: all ones, the largest and smallest signed ones.
fn edge_limb(radix: u32, rng: &mut ChaCha20Rng) -> u64 {
    let half = 1 << (radix - 1);
    let all = half | (half - 1);
    [all, half, half - 1, half + 1, 1, all - 1][rng.next_u32() as usize % 6]
}

fn chosen_modulus(bits: u32, radix: u32, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let mut words = match rng.next_u32() % 8 {
        0 => vec![u32::MAX; bits as usize / 32],
        1 => vec![0; bits as usize / 32],
        2 => repeated(bits, radix, edge_limb(radix, rng)),
        // The low limb all ones.
        3 => [vec![u32::MAX; 2], random(bits - 64, rng)].concat(),
        _ => random(bits, rng),
    };
    words[0] |= 1;
    *words.last_mut().expect("words") |= 1 << 31;
    words
}

/// Less than four moduli.
fn chosen_operand(modulus: &[u32], radix: u32, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let bits = modulus.len() as u32 * 32;
    let mut number = match rng.next_u32() % 8 {
        0 => vec![0; modulus.len()],
        1 => natural::subtract(modulus, &[1]).0.to_vec(),
        2 => modulus.to_vec(),
        3 => repeated(bits, radix, edge_limb(radix, rng)),
        _ => random(bits, rng),
    };
    number.push(0);
    // It is less than two moduli; one or two are added, and 4 N - 1 is one of the choices.
    for _ in 0..rng.next_u32() % 3 {
        add(&mut number, modulus);
    }
    if rng.next_u32().is_multiple_of(16) {
        number.fill(0);
        (0..4).for_each(|_| add(&mut number, modulus));
        number = natural::subtract(&number, &[1]).0.to_vec();
    }
    debug_assert!(bit(&number, bits + 2) == 0);
    number
}

fn add(number: &mut [u32], other: &[u32]) {
    let mut carry = 0;
    for (index, word) in number.iter_mut().enumerate() {
        let sum = u64::from(*word) + u64::from(other.get(index).copied().unwrap_or(0)) + carry;
        (*word, carry) = (sum as u32, sum >> 32);
    }
}
