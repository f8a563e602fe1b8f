//! Passes over limbs one after another, with two chains of carries.

use std::arch::asm;

use super::tiles::TILE;

/// `sum = 2 * sum + the square of each limb in its place`; what does not fit is lost. The sum has twice as many limbs.
#[target_feature(enable = "bmi2,adx")]
pub fn double_and_add_squares(sum: &mut [u64], limbs: &[u64]) {
    assert!(!limbs.is_empty() && limbs.len().is_multiple_of(TILE) && sum.len() == 2 * limbs.len(), "whole tiles");
    #[rustfmt::skip]
    macro_rules! limb {
        ($offset:literal, $place:literal, $above:literal) => {
            concat!(
                "mov rdx, [{limbs} + ", $offset, "]\n",
                "mulx {high}, {low}, rdx\n",
                "mov {limb}, [{sum} + ", $place, "]\n",
                "adcx {limb}, {limb}\n",
                "adox {limb}, {low}\n",
                "mov [{sum} + ", $place, "], {limb}\n",
                "mov {limb}, [{sum} + ", $above, "]\n",
                "adcx {limb}, {limb}\n",
                "adox {limb}, {high}\n",
                "mov [{sum} + ", $above, "], {limb}\n",
            )
        };
    }
    // SAFETY: as many limbs are read and written as there are.
    unsafe {
        asm!(
            "xor {low:e}, {low:e}", // no carries; what closes the loop leaves them
            "2:",
            limb!("0", "0", "8"),
            limb!("8", "16", "24"),
            limb!("16", "32", "40"),
            limb!("24", "48", "56"),
            limb!("32", "64", "72"),
            limb!("40", "80", "88"),
            limb!("48", "96", "104"),
            limb!("56", "112", "120"),
            "lea {limbs}, [{limbs} + 64]",
            "lea {sum}, [{sum} + 128]",
            "lea rcx, [rcx - 1]",
            "jrcxz 3f",
            "jmp 2b",
            "3:",
            sum = inout(reg) sum.as_mut_ptr() => _,
            limbs = inout(reg) limbs.as_ptr() => _,
            limb = out(reg) _, low = out(reg) _, high = out(reg) _,
            inout("rcx") limbs.len() / TILE => _,
            out("rdx") _,
            options(nostack),
        );
    }
}

/// `sum += factors * factor`; what does not fit is returned.
#[target_feature(enable = "bmi2,adx")]
#[inline]
pub fn add_product(sum: &mut [u64], factors: &[u64], factor: u64) -> u64 {
    assert!(sum.len() == factors.len());
    let mut carry = 0_u64;
    #[rustfmt::skip]
    macro_rules! limb {
        ($offset:literal, $below:literal, $high:literal) => {
            concat!(
                "mulx ", $high, ", {low}, [{factors} + ", $offset, "]\n",
                "adcx {low}, ", $below, "\n",
                "adox {low}, [{sum} + ", $offset, "]\n",
                "mov [{sum} + ", $offset, "], {low}\n",
            )
        };
    }
    #[rustfmt::skip]
    macro_rules! pair {
        ($first:literal, $second:literal) => {
            concat!(limb!($first, "{carry}", "{high}"), limb!($second, "{high}", "{carry}"))
        };
    }
    #[rustfmt::skip]
    macro_rules! last {
        ($bytes:literal) => {
            concat!(
                "mov {low:e}, 0\n",
                "adcx {carry}, {low}\n",
                "adox {carry}, {low}\n",
                "lea {factors}, [{factors} + ", $bytes, "]\n",
                "lea {sum}, [{sum} + ", $bytes, "]\n",
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
