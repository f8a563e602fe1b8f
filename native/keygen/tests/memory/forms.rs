//! The forms that a number can have in memory, and runs of 16 bytes of them. What is kept of a number here is masked, so that a
//! search does not find itself.

use std::collections::HashMap;

use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;

const MASK: u64 = 0xa5f1_0c3b_96d2_784e;

/// How a number lies in memory.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Bits of a limb.
    radix: u32,
    /// Bytes of the word that holds it: 1, 4 or 8.
    pub width: usize,
    /// Every how many words there is one: the lanes of a kernel.
    stride: usize,
    order: Order,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    LittleEndian,
    BigEndian,
    /// Little-endian limbs as floating-point numbers.
    Float,
}

/// Bytes either way round, the radices of vector kernels in words of 32 and 64 bits and as floating-point numbers, by lanes. Whole words
/// in one lane are bytes.
pub fn all() -> impl Iterator<Item = Form> {
    use Order::{BigEndian, Float, LittleEndian};
    let bytes = [LittleEndian, BigEndian].map(|order| Form { radix: 8, width: 1, stride: 1, order });
    let lanes = [
        (4, LittleEndian, &[24, 25, 26, 27, 28, 29, 30, 31, 32][..]),
        (8, LittleEndian, &[26, 27, 28, 29, 32, 50, 51, 52, 64]),
        (8, Float, &[24, 25, 26, 48, 50, 51, 52]),
    ];
    let lanes = lanes.into_iter().flat_map(|(width, order, radices)| {
        let strides = move |radix: u32| [1, 2, 4, 8, 16].map(|stride| Form { radix, width, stride, order });
        radices.iter().flat_map(move |&radix| strides(radix))
    });
    bytes.into_iter().chain(lanes)
}

impl Form {
    /// The words of a big-endian number that has no leading zeros.
    fn words(self, number: &[u8]) -> impl Iterator<Item = u64> {
        let count = (number.len() as u32 * 8).div_ceil(self.radix);
        (0..count).map(move |index| match self.order {
            Order::LittleEndian => limb(number, index * self.radix, self.radix),
            Order::BigEndian => limb(number, (count - 1 - index) * self.radix, self.radix),
            Order::Float => (limb(number, index * self.radix, self.radix) as f64).to_bits(),
        })
    }

    /// The number in memory, nothing but zeros between the words of its lane.
    pub fn written(self, number: &[u8]) -> Vec<u8> {
        let words = self.words(number);
        words.flat_map(|word| (0..self.width * self.stride).map(move |byte| word.checked_shr(8 * byte as u32).unwrap_or(0) as u8)).collect()
    }
}

/// Bits `from .. from + count` of a big-endian number.
fn limb(number: &[u8], from: u32, count: u32) -> u64 {
    let bit = |index: u32| number.iter().rev().nth(index as usize / 8).map_or(0, |byte| u64::from(byte >> (index % 8) & 1));
    (0..count).fold(0, |limb, index| limb | bit(from + index) << index)
}

/// Runs of 16 bytes: their first half, their second, masked, and what they are of.
#[derive(Default)]
pub struct Traces {
    runs: HashMap<(u64, u64), String>,
    /// Which first halves there are, roughly: most of memory is told to be something else by one look.
    filter: Vec<bool>,
}

impl Traces {
    /// Of all secret numbers in a `PrivateKeyInfo`.
    pub fn of(private_key: &[u8]) -> Self {
        let mut traces = Self::default();
        let info = PrivateKeyInfoRef::try_from(private_key).expect("a private key");
        if let Ok(rsa) = RsaPrivateKeyRef::try_from(info.private_key) {
            let numbers = [rsa.private_exponent, rsa.prime1, rsa.prime2, rsa.exponent1, rsa.exponent2, rsa.coefficient];
            for (name, number) in ["d", "p", "q", "dP", "dQ", "qInv"].into_iter().zip(numbers) {
                traces.add(name, number.as_bytes());
            }
        } else {
            traces.add("the private key", scalar(info.private_key.as_bytes()));
        }
        traces
    }

    pub fn of_number(name: &str, number: &[u8]) -> Self {
        let mut traces = Self::default();
        traces.add(name, number);
        traces
    }

    fn add(&mut self, name: &str, number: &[u8]) {
        self.filter.resize(1 << 20, false);
        for form in all() {
            let words: Vec<u64> = form.words(number).collect();
            for run in words.windows(16 / form.width) {
                // Both halves, each word at its place.
                let [first, second] = [0, 1].map(|half| {
                    let words = run.iter().skip(half * 8 / form.width).take(8 / form.width).zip(0_u32..);
                    words.fold(0, |joined, (word, index)| joined | word << (8 * form.width as u32 * index))
                });
                let [first, second] = [first ^ MASK, second ^ MASK];
                self.filter[place(first)] = true;
                self.runs.entry((first, second)).or_insert_with(|| format!("{name} as {form:?}"));
            }
        }
    }

    /// What two halves of a run in memory are of; the second is looked at only if need be.
    pub fn look_up(&self, first: u64, second: impl FnOnce() -> Option<u64>) -> Option<&str> {
        let masked = first ^ MASK;
        if first == 0 || !self.filter[place(masked)] {
            return None;
        }
        self.runs.get(&(masked, second()? ^ MASK)).map(String::as_str)
    }
}

fn place(half: u64) -> usize {
    (half.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as usize
}

/// The private key of an `ECPrivateKey` (RFC 5915) or a `CurvePrivateKey` (RFC 8410): the octet string at its beginning.
fn scalar(key: &[u8]) -> &[u8] {
    let start = key.windows(2).position(|pair| pair[0] == 4 && [32, 48, 66].contains(&pair[1])).expect("an octet string");
    let octets = &key[start + 2..start + 2 + usize::from(key[start + 1])];
    // P-521's begins with zeros.
    &octets[octets.iter().take_while(|octet| **octet == 0).count()..]
}
