//! Sums of products by columns. The bounds are those of the kernel.

use std::arch::asm;
use std::arch::x86_64::{__m256d, _mm256_add_pd, _mm256_fmadd_pd, _mm256_mul_pd, _mm256_set1_pd, _mm256_setzero_pd, _mm256_sub_pd};
use std::ops::Range;

use super::vectors::{INTEGER, Padded};

/// Columns that are summed at once: their sums and what they are made from fit the 16 registers.
pub const BLOCK: usize = 6;

/// Constants of a radix.
#[derive(Clone, Copy)]
pub struct Radix {
    /// `2^r`
    pub base: __m256d,
    /// `2^-r`
    pub inverse: __m256d,
    /// `1.5 * 2^(52+r)`: what is added to it is rounded to a multiple of `2^r`.
    rounding: __m256d,
}

impl Radix {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn new(bits: u32) -> Self {
        let base = (1_u64 << bits) as f64;
        Self { base: _mm256_set1_pd(base), inverse: _mm256_set1_pd(base.recip()), rounding: _mm256_set1_pd(INTEGER * base) }
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn round(self, number: __m256d) -> __m256d {
        _mm256_sub_pd(_mm256_add_pd(number, self.rounding), self.rounding)
    }
}

/// The blocks of columns of a product or a square, and which rows each of them adds up: a row is one limb of a times what b has for it.
pub struct Plan<const SQUARE: bool> {
    /// Limbs of b.
    length: usize,
    blocks: Vec<Block>,
}

struct Block {
    first_column: isize,
    first_row: isize,
    /// Rows that reach all columns.
    rows: usize,
    edges: u32,
}

impl Block {
    /// Before the rows there are `BLOCK - 1` which end within the columns: in the first one, the first two, ...
    const ENDING: u32 = 1;
    /// After the rows there are `BLOCK - 1` which begin within the columns: in the second one, the third, ...
    const BEGINNING: u32 = 2;
}

impl<const SQUARE: bool> Plan<SQUARE> {
    /// Of two factors of `length` limbs; of a square, columns from an even one on. What stands around the limbs counts as limbs, where it
    /// costs less than to leave it out.
    pub fn new(length: usize, columns: Range<isize>) -> Self {
        let (block, limbs) = (BLOCK.cast_signed(), length.cast_signed());
        assert!(columns.start >= -block && columns.end <= 2 * limbs, "columns of a product");
        assert!(!SQUARE || columns.start >= 0 && columns.start % 2 == 0, "columns of a square");
        let blocks = columns.step_by(BLOCK).map(|first| {
            let end = if SQUARE { first / 2 } else { limbs.min(first + 1) };
            let some_end = first + 1 >= limbs;
            let (first_ending, first_whole) = (first + 1 - limbs, first + block - limbs);
            let (first_row, rows, edges) = match (some_end, first_whole <= end) {
                (true, true) => (first_ending, end - first_whole, Block::ENDING),
                (true, false) => (first_ending.min(end), end - first_ending.min(end), 0),
                (false, _) => (end.min(0), end.max(0), Block::BEGINNING),
            };
            Block { first_column: first, first_row, rows: rows.cast_unsigned(), edges }
        });
        Self { length, blocks: blocks.collect() }
    }
}

/// Sums of products in a block of columns.
struct Sums {
    high: [__m256d; BLOCK],
    low: [__m256d; BLOCK],
}

/// Adds one product to a column: what `high` is rounded to, then what was rounded away.
#[rustfmt::skip]
macro_rules! product {
    ($column:literal, $factor:literal, $offset:literal) => {
        concat!(
            "vmovapd {rest}, {high", $column, "}\n",
            "vfmadd231pd {high", $column, "}, {", $factor, "}, [{b} + ", $offset, "]\n",
            "vsubpd {rest}, {rest}, {high", $column, "}\n",
            "vfmadd231pd {rest}, {", $factor, "}, [{b} + ", $offset, "]\n",
            "vaddpd {low", $column, "}, {low", $column, "}, {rest}\n",
        )
    };
}

/// Adds one limb of a times the limbs that b has in some columns.
#[rustfmt::skip]
macro_rules! row {
    ($($column:literal $offset:literal),+) => {
        concat!("vmovapd {limb}, [{a}]\n", $(product!($column, "limb", $offset),)+ "add {a}, 32\n", "sub {b}, 32\n")
    };
}

/// As `row`, of `2 x` and x, where the first product is a square and counts once.
#[rustfmt::skip]
macro_rules! row_from_square {
    ($square:literal $at:literal $(, $column:literal $offset:literal)+) => {
        concat!("vmovapd {limb}, [{b} + ", $at, "]\n", product!($square, "limb", $at), row!($($column $offset),+))
    };
}

/// Rows that end within the columns if there are any, `rows` whole ones, and what `$last` says. In assembly, as compilers move registers
/// to memory and back between rows of different lengths.
macro_rules! rows {
    ($sums:ident, $block:ident, $a:ident, $b:ident, $($last:expr),+) => {{
        let [mut high0, mut high1, mut high2, mut high3, mut high4, mut high5] = $sums.high;
        let [mut low0, mut low1, mut low2, mut low3, mut low4, mut low5] = $sums.low;
        // SAFETY: a plan has no row and no column that is further outside of a and b than the zeros around them reach.
        unsafe {
            asm!(
                "test {edges:e}, 1", // Block::ENDING
                "jz 2f",
                row!("0" "0"),
                row!("0" "0", "1" "32"),
                row!("0" "0", "1" "32", "2" "64"),
                row!("0" "0", "1" "32", "2" "64", "3" "96"),
                row!("0" "0", "1" "32", "2" "64", "3" "96", "4" "128"),
                "2:",
                "test {rows}, {rows}",
                "jz 4f",
                "3:",
                row!("0" "0", "1" "32", "2" "64", "3" "96", "4" "128", "5" "160"),
                "dec {rows}",
                "jnz 3b",
                "4:",
                $($last),+,
                a = inout(reg) $a.at($block.first_row) => _,
                b = inout(reg) $b.at($block.first_column - $block.first_row) => _,
                rows = inout(reg) $block.rows => _,
                edges = in(reg) $block.edges,
                limb = out(ymm_reg) _, rest = out(ymm_reg) _,
                high0 = inout(ymm_reg) high0, high1 = inout(ymm_reg) high1, high2 = inout(ymm_reg) high2,
                high3 = inout(ymm_reg) high3, high4 = inout(ymm_reg) high4, high5 = inout(ymm_reg) high5,
                low0 = inout(ymm_reg) low0, low1 = inout(ymm_reg) low1, low2 = inout(ymm_reg) low2,
                low3 = inout(ymm_reg) low3, low4 = inout(ymm_reg) low4, low5 = inout(ymm_reg) low5,
                options(nostack, readonly),
            );
        }
        $sums.high = [high0, high1, high2, high3, high4, high5];
        $sums.low = [low0, low1, low2, low3, low4, low5];
    }};
}

impl Sums {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add_product(&mut self, block: &Block, a: &Padded, b: &Padded) {
        rows!(
            self,
            block,
            a,
            b,
            "test {edges:e}, 2", // Block::BEGINNING
            "jz 5f",
            row!("1" "32", "2" "64", "3" "96", "4" "128", "5" "160"),
            row!("2" "64", "3" "96", "4" "128", "5" "160"),
            row!("3" "96", "4" "128", "5" "160"),
            row!("4" "128", "5" "160"),
            row!("5" "160"),
            "5:"
        );
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add_square(&mut self, block: &Block, a: &Padded, b: &Padded) {
        rows!(
            self,
            block,
            a,
            b,
            row_from_square!("0" "0", "1" "32", "2" "64", "3" "96", "4" "128", "5" "160"),
            row_from_square!("2" "64", "3" "96", "4" "128", "5" "160"),
            row_from_square!("4" "128", "5" "160")
        );
    }
}

/// The limbs of `a * b` in the columns of a plan, added to those that are there if `ADDED`. Of a square, a is twice b.
#[target_feature(enable = "avx2,fma")]
#[inline]
pub fn columns<const SQUARE: bool, const ADDED: bool>(plan: &Plan<SQUARE>, a: &Padded, b: &Padded, limbs: &mut Padded, mut carry: Carry) {
    assert!(a.length >= plan.length && b.length == plan.length, "factors of the plan's length");
    for block in &plan.blocks {
        let limbs = limbs.block_mut(block.first_column);
        let low = if ADDED { *limbs } else { [_mm256_setzero_pd(); BLOCK] };
        let mut sums = Sums { high: [carry.radix.rounding; BLOCK], low };
        if SQUARE {
            sums.add_square(block, a, b);
        } else {
            sums.add_product(block, a, b);
        }
        *limbs = carry.limbs(sums.high, sums.low);
    }
}

/// What the columns so far carry to the next one.
pub struct Carry {
    radix: Radix,
    /// How often the sums count, and this over the base.
    factors: __m256d,
    factors_of_high: __m256d,
    /// `-1.5 * 2^52` times the factors: what `rounding` leaves when it is carried.
    negative: __m256d,
    /// From the sums of the last column.
    high: __m256d,
    /// From rounding the last column, times the base.
    rounded: __m256d,
}

impl Carry {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn new(radix: Radix) -> Self {
        Self::multiplying(radix, _mm256_set1_pd(1.0))
    }

    /// The sums of all columns count `factors` times: once or twice.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn multiplying(radix: Radix, factors: __m256d) -> Self {
        Self {
            radix,
            factors,
            factors_of_high: _mm256_mul_pd(factors, radix.inverse),
            negative: _mm256_mul_pd(factors, _mm256_set1_pd(-INTEGER)),
            high: _mm256_setzero_pd(),
            rounded: _mm256_setzero_pd(),
        }
    }

    /// Each limb gets what its column has, rounded, and what the one before carries; there is no chain of carries.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn limbs(&mut self, high: [__m256d; BLOCK], mut limbs: [__m256d; BLOCK]) -> [__m256d; BLOCK] {
        for (high, limb) in high.into_iter().zip(&mut limbs) {
            let sum = _mm256_fmadd_pd(*limb, self.factors, self.high);
            let rounded = self.radix.round(sum);
            *limb = _mm256_fmadd_pd(self.rounded, self.radix.inverse, _mm256_sub_pd(sum, rounded));
            self.high = _mm256_fmadd_pd(high, self.factors_of_high, self.negative);
            self.rounded = rounded;
        }
        limbs
    }
}
