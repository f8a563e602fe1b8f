//! What every kernel promises, tried on each one that this CPU can run: the same answers as `crypto-bigint`, and as its portable twin on
//! random and edge operands.

mod comparison;
// It reads /proc/self/mem, which under QEMU is that of the emulator. What other CPUs run of kernels without a buffer for the inverse is the
// same code.
#[cfg(target_arch = "x86_64")]
mod inverses;

use chacha20::ChaCha20Rng;
use comparison::Comparison;
use crypto_bigint::BoxedUint;
use rand_core::{Rng, SeedableRng};

use super::integer::Modulus;
use super::kernel::Word;
use super::*;

/// Lengths of the primes of keys, and odd ones in between.
const LENGTHS: [u32; 9] = [512, 576, 640, 768, 1024, 1088, 1536, 2048, 4096];

fn random(bits: u32, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let mut words: Vec<u32> = (0..bits / 32).map(|_| rng.next_u32()).collect();
    match rng.next_u32() % 8 {
        // Edges: all ones, long runs of ones and zeros.
        0 => words.fill(u32::MAX),
        1 => words.fill(0),
        2 => words.iter_mut().for_each(|word| *word = if rng.next_u32() & 1 == 0 { 0 } else { u32::MAX }),
        _ => (),
    }
    words
}

/// Odd, of exactly `bits` bits.
fn modulus(bits: u32, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let mut words = random(bits, rng);
    words[0] |= 1;
    *words.last_mut().expect("words") |= 1 << 31;
    words
}

fn below(modulus: &[u32], rng: &mut ChaCha20Rng) -> Vec<u32> {
    let mut words = random(modulus.len() as u32 * 32, rng);
    natural::reduce_once(&mut words, modulus);
    words
}

fn boxed(words: &[u32]) -> BoxedUint {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    BoxedUint::from_le_slice(&bytes, words.len() as u32 * 32).expect("its own length")
}

fn slices(numbers: &[Vec<u32>]) -> Vec<&[u32]> {
    numbers.iter().map(Vec::as_slice).collect()
}

/// Every kernel that runs here, for one length.
fn batches(bits: u32) -> impl Iterator<Item = Box<dyn Batch>> {
    KERNELS.iter().filter_map(move |(_, new)| new(bits))
}

#[test]
fn raises_to_powers_as_crypto_bigint_does() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for bits in LENGTHS.into_iter().filter(|bits| bits % 64 == 0) {
        for mut batch in batches(bits) {
            // Which kernels this CPU has is not known beforehand: a check of a CPU that has them all looks for these lines.
            println!("{}, {bits} bits", batch.name());
            for _ in 0..if bits < 2048 { 12 } else { 3 } {
                let count = 1 + rng.next_u32() as usize % batch.lanes();
                let moduli: Vec<Vec<u32>> = (0..count).map(|_| modulus(bits, &mut rng)).collect();
                let bases: Vec<Vec<u32>> = moduli.iter().map(|modulus| below(modulus, &mut rng)).collect();
                let exponents: Vec<Vec<u32>> = (0..count).map(|_| random(bits, &mut rng)).collect();
                let powers = batch.pow(&slices(&moduli), &slices(&bases), &slices(&exponents), &|| false).expect("not stopped");
                assert_eq!(powers.len(), count);
                for lane in 0..count {
                    let modulus = Modulus::new(&boxed(&moduli[lane]));
                    let expected = modulus.residue(&boxed(&bases[lane])).pow(&boxed(&exponents[lane])).value();
                    assert_eq!(boxed(&powers[lane]), *expected, "{} {bits} lane {lane}", batch.name());
                }
            }
        }
    }
}

/// Fermat's test of 2 against the same power by `crypto-bigint`, on numbers that pass (primes) and numbers that don't.
#[test]
fn filters_as_crypto_bigint_does() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let mersenne: Vec<u32> = [vec![u32::MAX; 16], vec![0x1ff]].concat();
    for mut batch in batches(521) {
        let passed = batch.filter(&vec![&mersenne[..]; batch.lanes()], &|| false);
        assert_eq!(passed, Ok(u32::MAX >> (32 - batch.lanes())), "{}: 2^521 - 1 is prime", batch.name());
    }
    for bits in LENGTHS {
        for mut batch in batches(bits) {
            let candidates: Vec<Vec<u32>> = (0..batch.lanes()).map(|_| modulus(bits, &mut rng)).collect();
            let passed = batch.filter(&slices(&candidates), &|| false).expect("not stopped");
            for (lane, candidate) in candidates.iter().enumerate() {
                let candidate = boxed(candidate);
                let modulus = Modulus::new(&candidate);
                let two = modulus.one().plus(&modulus.one());
                let expected = two.pow(&integer::minus_one(&candidate)).equals(&modulus.one());
                assert_eq!(passed >> lane & 1 == 1, expected, "{} {bits}", batch.name());
            }
        }
    }
}

#[test]
fn stops_when_asked_to() {
    for mut batch in batches(4096) {
        let number = vec![u32::MAX; 128];
        assert_eq!(batch.filter(&[&number], &|| true), Err(Stopped));
        assert_eq!(batch.strong(&[&number], &[&[3]], &|| true), Err(Stopped));
        assert_eq!(batch.pow(&[&number], &[&[3]], &[&number], &|| true), Err(Stopped));
    }
}

/// The tests of each kernel beside its portable twin, and their names.
macro_rules! compare {
    ($($(#[$condition:meta])* $test:ident: $kernel:ty,)*) => {
        const COMPARED: &[&str] = &[$($(#[$condition])* <$kernel>::NAME),*];

        $($(#[$condition])*
        mod $test {
            use super::*;

            #[test]
            fn agrees_with_its_portable_twin_on_random_and_edge_operands() {
                agrees_with_its_portable_twin::<$kernel>();
            }

            /// The comparison finds a kernel that is wrong in one lane only, and there seldom; so do the answers known of each length.
            #[test]
            fn would_be_found_at_fault_in_a_single_lane() {
                would_be_found_at_fault::<$kernel>();
            }
        })*
    };
}

compare! {
    portable: Portable,
    #[cfg(target_arch = "x86_64")]
    model: crate::arith::ifma::Model,
    #[cfg(target_arch = "x86_64")]
    ifma: crate::arith::ifma::Native,
    #[cfg(target_arch = "x86_64")]
    avx2: Avx2,
    #[cfg(target_arch = "x86_64")]
    mulx: Mulx,
    #[cfg(target_arch = "aarch64")]
    neon: aarch64::Neon,
    #[cfg(target_arch = "aarch64")]
    umulh: aarch64::Umulh,
    #[cfg(target_arch = "mips")]
    mips: crate::arith::mips::Mips,
}

#[test]
fn every_kernel_is_compared() {
    for (name, _) in KERNELS {
        assert!(COMPARED.contains(name), "{name} is compared");
    }
}

/// A million operations a kernel at the shortest length and thousands at each other one, compared with the portable twin's; where time is
/// dear, as under an emulator, the variable `COMPARE_ONE_IN` asks for one operation in so many.
fn agrees_with_its_portable_twin<K: Kernel>() {
    let one_in = std::env::var("COMPARE_ONE_IN").map_or(1, |number| number.parse().expect("COMPARE_ONE_IN is a number"));
    for bits in LENGTHS {
        let operations = match bits {
            512 => 1_000_000,
            ..=1088 => 50_000,
            _ => 6_000,
        };
        if let Some(kernel) = K::new(bits) {
            Comparison::new(bits, kernel)
                .run(operations / K::LANES / one_in)
                .unwrap_or_else(|difference| panic!("{} {bits}: {difference}", K::NAME));
        }
    }
}

fn would_be_found_at_fault<K: Kernel>() {
    for lane in 0..K::LANES {
        let faulty = |bits| K::new(bits).map(|kernel| Faulty { kernel, lane, operations: 0 });
        if let Some(kernel) = faulty(512) {
            let difference = Comparison::new(512, kernel).run(2_000).expect_err("a fault");
            assert!(difference.starts_with(&format!("lane {lane} ")), "{difference}");
        }
        for bits in LENGTHS {
            if let Some(kernel) = faulty(bits) {
                let given = known_answers::are_given_at(bits, &mut Lanes::of(kernel, bits), &|| false);
                assert_eq!(given, Ok(false), "lane {lane}, {bits} bits");
            }
        }
    }
}

/// A kernel of which each five hundredth square is one too large in a lane.
struct Faulty<K> {
    kernel: K,
    lane: usize,
    operations: u32,
}

impl<K: Kernel> Kernel for Faulty<K> {
    const NAME: &'static str = "faulty";
    const LANES: usize = K::LANES;
    type Word = K::Word;

    fn radix(bits: u32) -> u32 {
        K::radix(bits)
    }

    fn limbs(bits: u32) -> usize {
        K::limbs(bits)
    }

    fn new(_bits: u32) -> Option<Self> {
        None
    }

    fn set_moduli(&mut self, moduli: &[K::Word]) {
        self.kernel.set_moduli(moduli);
    }

    fn adopt(&self, x: &mut [K::Word]) {
        self.kernel.adopt(x);
    }

    fn square(&mut self, x: &mut [K::Word], doubled: &[K::Word]) {
        self.kernel.square(x, doubled);
        self.operations += 1;
        if self.operations.is_multiple_of(500) {
            self.kernel.normalize(x);
            x[self.lane] = K::Word::from_limb(x[self.lane].limb() ^ 1);
            self.kernel.adopt(x);
        }
    }

    fn multiply(&mut self, x: &mut [K::Word], y: &[K::Word]) {
        self.kernel.multiply(x, y);
    }

    fn normalize(&mut self, x: &mut [K::Word]) {
        self.kernel.normalize(x);
    }
}
