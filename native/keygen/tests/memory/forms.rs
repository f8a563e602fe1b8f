//! The forms that a number can have in memory, and runs of 16 bytes of them. What is kept of a number here is masked, so that a
//! search does not find itself.

use std::collections::HashMap;

use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use signet_keygen::measure;

const MASK: u64 = 0xa5f1_0c3b_96d2_784e;

/// How a number lies in memory.
pub struct Form {
    pub name: String,
    words: Vec<u64>,
    /// Bytes of a word: 1, 4 or 8.
    pub width: usize,
    /// Every how many words there is one of this number.
    stride: usize,
}

/// Of a big-endian number without leading zeros: bytes either way round; limbs of the radices that implementations of curves use; and
/// what each kernel that runs here makes of it, for primes of `prime_bits` bits.
pub fn all(number: &[u8], prime_bits: Option<u32>) -> Vec<Form> {
    let bytes =
        |name: &str, words: Vec<u8>| Form { name: name.into(), words: words.into_iter().map(u64::from).collect(), width: 1, stride: 1 };
    let mut forms = vec![bytes("big-endian bytes", number.to_vec()), bytes("little-endian bytes", number.iter().rev().copied().collect())];
    for (width, radices) in [(4, 24..32), (8, 48..64)] {
        forms.extend(radices.map(|radix| Form { name: format!("limbs of {radix} bits"), words: limbs(number, radix), width, stride: 1 }));
    }
    let kernels = measure::kernels().into_iter().zip(std::iter::repeat(prime_bits));
    forms.extend(kernels.filter_map(|(kernel, bits)| Some(of_kernel(kernel, bits?, number))).flatten());
    forms
}

/// As a number goes into a kernel, and in the kernel's own form.
pub fn of_kernel(kernel: &str, prime_bits: u32, number: &[u8]) -> [Form; 2] {
    let words: Vec<u32> = limbs(number, u32::BITS).into_iter().map(|limb| limb as u32).collect();
    let [taken, own] = measure::forms(kernel, prime_bits, &words);
    [("what goes into", taken), ("the form of", own)].map(|(name, form)| Form {
        name: format!("{name} {kernel}"),
        words: form.words.to_vec(),
        width: form.width,
        stride: form.stride,
    })
}

impl Form {
    /// The number in memory, nothing but zeros between the words of its lane.
    pub fn written(&self) -> Vec<u8> {
        let bytes = |word: u64| (0..self.width * self.stride).map(move |byte| word.checked_shr(8 * byte as u32).unwrap_or(0) as u8);
        self.words.iter().flat_map(|word| bytes(*word)).collect()
    }
}

/// Limbs of `radix` bits of a big-endian number, the least significant first.
fn limbs(number: &[u8], radix: u32) -> Vec<u64> {
    let bit = |index: u32| number.iter().rev().nth(index as usize / 8).map_or(0, |byte| u64::from(byte >> (index % 8) & 1));
    let limb = |index: u32| (0..radix).fold(0, |limb, offset| limb | bit(index * radix + offset) << offset);
    (0..(number.len() as u32 * 8).div_ceil(radix)).map(limb).collect()
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
            let prime_bits = rsa.prime1.as_bytes().len() as u32 * 8;
            for (name, number) in ["d", "p", "q", "dP", "dQ", "qInv"].into_iter().zip(numbers) {
                traces.add(name, &all(number.as_bytes(), Some(prime_bits)));
            }
        } else {
            traces.add("the private key", &all(scalar(info.private_key.as_bytes()), None));
        }
        traces
    }

    /// Of some forms of a number.
    pub fn add(&mut self, name: &str, forms: &[Form]) {
        self.filter.resize(1 << 20, false);
        for form in forms {
            for run in form.words.windows(16 / form.width) {
                // Both halves, each word at its place.
                let [first, second] = [0, 1].map(|half| {
                    let words = run.iter().skip(half * 8 / form.width).take(8 / form.width).zip(0_u32..);
                    words.fold(0, |joined, (word, index)| joined | word << (8 * form.width as u32 * index))
                });
                let [first, second] = [first ^ MASK, second ^ MASK];
                self.filter[place(first)] = true;
                self.runs.entry((first, second)).or_insert_with(|| format!("{name} as {}", form.name));
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
