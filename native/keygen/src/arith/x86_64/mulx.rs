//! One lane of whole machine words, by `mulx`, `adcx` and `adox`: multiplication that leaves the flags alone and two independent chains of
//! carries, which compilers do not write of themselves. Operand by operand, then reduced limb by limb (P. Montgomery, 1985).

use std::arch::asm;

use super::super::buffer::Buffer;
use super::super::kernel::{Kernel, negated_inverse};

/// One lane of whole machine words.
pub struct Mulx {
    modulus: Buffer<u64>,
    /// `-1 / N mod 2^64`
    inverse: u64,
    product: Buffer<u64>,
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
            modulus: Buffer::new(limbs),
            inverse: 0,
            product: Buffer::new(2 * limbs),
        })
    }

    fn set_moduli(&mut self, moduli: &[u64]) {
        self.modulus.copy_from_slice(moduli);
        self.inverse = negated_inverse(moduli[0]);
    }

    fn square(&mut self, x: &mut [u64], doubled: &[u64]) {
        // SAFETY: `new` has found the CPU to have what these functions need.
        unsafe {
            square_into(&mut self.product, x);
            self.reduce();
        }
        // The low half of the product is zero, so that nothing is shifted in from there.
        let high = &self.product[self.modulus.len() - 1..];
        for (limb, pair) in x.iter_mut().zip(high.array_windows()) {
            let [below, this] = *pair;
            *limb = this << doubled[0] | below >> 63 & doubled[0];
        }
    }

    fn multiply(&mut self, x: &mut [u64], y: &[u64]) {
        let limbs = self.modulus.len();
        self.product[..limbs].fill(0);
        // SAFETY: `new` has found the CPU to have what these functions need.
        unsafe {
            for (row, &factor) in x.iter().enumerate() {
                self.product[row + limbs] = add_product(&mut self.product[row..row + limbs], y, factor);
            }
            self.reduce();
        }
        x.copy_from_slice(&self.product[limbs..]);
    }

    fn normalize(&mut self, _x: &mut [u64]) {}
}

impl Mulx {
    /// The high half of the product is `product / R mod N`, the low half zero.
    #[target_feature(enable = "bmi2,adx")]
    #[inline]
    fn reduce(&mut self) {
        let limbs = self.modulus.len();
        let mut carry = false;
        for row in 0..limbs {
            let (low, high) = self.product[row..].split_at_mut(limbs);
            let factor = low[0].wrapping_mul(self.inverse);
            (high[0], carry) = high[0].carrying_add(add_product(low, &self.modulus, factor), carry);
        }
    }
}

/// `product = x^2`, each product of two different limbs only once made and then doubled.
#[target_feature(enable = "bmi2,adx")]
#[inline]
fn square_into(product: &mut [u64], x: &[u64]) {
    product[..=x.len()].fill(0);
    for (row, &factor) in x.iter().enumerate() {
        let (low, high) = product[2 * row + 1..].split_at_mut(x.len() - row - 1);
        high[0] = add_product(low, &x[row + 1..], factor);
    }
    assert!(product.len() == 2 * x.len() && !x.is_empty(), "a product has the limbs of both factors");
    // SAFETY: `count` limbs of x and twice as many of the product are read and written, which there are.
    unsafe {
        asm!(
            "xor {low:e}, {low:e}", // no carries
            "2:",
            "mov rdx, [{x}]",
            "mulx {high}, {low}, rdx",
            "mov {even}, [{product}]",
            "mov {odd}, [{product} + 8]",
            "adcx {even}, {even}",
            "adox {even}, {low}",
            "adcx {odd}, {odd}",
            "adox {odd}, {high}",
            "mov [{product}], {even}",
            "mov [{product} + 8], {odd}",
            "lea {x}, [{x} + 8]",
            "lea {product}, [{product} + 16]",
            "lea rcx, [rcx - 1]", // leaves the carries
            "jrcxz 3f",
            "jmp 2b",
            "3:",
            x = inout(reg) x.as_ptr() => _,
            product = inout(reg) product.as_mut_ptr() => _,
            inout("rcx") x.len() => _,
            low = out(reg) _, high = out(reg) _, even = out(reg) _, odd = out(reg) _,
            out("rdx") _,
            options(nostack),
        );
    }
}

/// `sum += factors * factor`; what does not fit is returned.
#[target_feature(enable = "bmi2,adx")]
#[inline]
fn add_product(sum: &mut [u64], factors: &[u64], factor: u64) -> u64 {
    assert!(sum.len() == factors.len());
    let mut carry = 0_u64;
    macro_rules! limb {
        ($offset:literal, $below:literal, $high:literal) => {
            concat!(
                "mulx ",
                $high,
                ", {low}, [{factors} + ",
                $offset,
                "]\n",
                "adcx {low}, ",
                $below,
                "\n",
                "adox {low}, [{sum} + ",
                $offset,
                "]\n",
                "mov [{sum} + ",
                $offset,
                "], {low}\n",
            )
        };
    }
    macro_rules! pair {
        ($first:literal, $second:literal) => {
            concat!(limb!($first, "{carry}", "{high}"), limb!($second, "{high}", "{carry}"))
        };
    }
    macro_rules! last {
        ($bytes:literal) => {
            concat!(
                "mov {low:e}, 0\n",
                "adcx {carry}, {low}\n",
                "adox {carry}, {low}\n",
                "lea {factors}, [{factors} + ",
                $bytes,
                "]\n",
                "lea {sum}, [{sum} + ",
                $bytes,
                "]\n",
            )
        };
    }
    // SAFETY: as many limbs are read and written as both slices have.
    unsafe {
        asm!(
            "mov {blocks:e}, {count:e}",
            "shr {blocks:e}, 3",
            "jz 3f",
            "2:",
            "xor {low:e}, {low:e}", // no carries
            pair!("0", "8"),
            pair!("16", "24"),
            pair!("32", "40"),
            pair!("48", "56"),
            last!("64"),
            "dec {blocks:e}",
            "jnz 2b",
            "3:",
            "test {count:e}, 4",
            "jz 4f", // test has left no carries
            pair!("0", "8"),
            pair!("16", "24"),
            last!("32"),
            "4:",
            "test {count:e}, 2",
            "jz 5f",
            pair!("0", "8"),
            last!("16"),
            "5:",
            "test {count:e}, 1",
            "jz 6f",
            limb!("0", "{carry}", "{high}"),
            "mov {low:e}, 0",
            "mov {carry}, {high}",
            "adcx {carry}, {low}",
            "adox {carry}, {low}",
            "6:",
            sum = inout(reg) sum.as_mut_ptr() => _,
            factors = inout(reg) factors.as_ptr() => _,
            count = in(reg) factors.len(),
            carry = inout(reg) carry,
            low = out(reg) _, high = out(reg) _, blocks = out(reg) _,
            in("rdx") factor,
            options(nostack),
        );
    }
    carry
}
