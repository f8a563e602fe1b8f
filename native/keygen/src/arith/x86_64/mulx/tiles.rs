//! Products of limbs with two chains of carries.

use std::arch::asm;

/// Limbs of a tile's side: a product of eight by eight limbs is summed in registers.
pub const TILE: usize = 8;

/// One row of a tile, whose eight columns are in registers and move down by one: `sum + factor * others`. The lowest goes to memory.
#[rustfmt::skip]
macro_rules! row {
    ($factor:expr, $offset:literal) => {
        concat!(
            $factor,
            "mov rax, r8\n",
            "xor ebx, ebx\n", // no carries
            "mulx r8, rbx, [rsi]\n",
            "adcx rax, rbx\n",
            "adox r8, r9\n",
            "mov [rdi + ", $offset, "], rax\n",
            next_product!("r9", "8", "r8", "r10"),
            next_product!("r10", "16", "r9", "r11"),
            next_product!("r11", "24", "r10", "r12"),
            next_product!("r12", "32", "r11", "r13"),
            next_product!("r13", "40", "r12", "r14"),
            next_product!("r14", "48", "r13", "r15"),
            "mulx r15, rax, [rsi + 56]\n",
            "adcx r14, rax\n",
            "mov eax, 0\n",
            "adox r15, rax\n",
            "adcx r15, rax\n",
        )
    };
}

/// One more product of a row.
#[rustfmt::skip]
macro_rules! next_product {
    ($high:literal, $offset:literal, $below:literal, $next:literal) => {
        concat!(
            "mulx ", $high, ", rax, [rsi + ", $offset, "]\n",
            "adcx ", $below, ", rax\n",
            "adox ", $high, ", ", $next, "\n",
        )
    };
}

/// A row of a factor that is there.
macro_rules! given {
    ($offset:literal) => {
        row!(concat!("mov rdx, [rcx + ", $offset, "]\n"), $offset)
    };
}

/// A row of that factor which makes the lowest limb zero.
macro_rules! eliminating {
    ($offset:literal) => {
        row!(concat!("mov rdx, r8\n", "imul rdx, [rsp]\n", "mov [rcx + ", $offset, "], rdx\n"), $offset)
    };
}

/// `sum += others * factors + window`, tile by tile; what does not fit is the new window.
#[target_feature(enable = "bmi2,adx")]
pub fn add_tiles(sum: &mut [u64], others: &[u64], factors: &[u64; TILE], window: &mut [u64]) {
    assert!(sum.len() == others.len() && others.len().is_multiple_of(TILE) && window.len() == TILE, "whole tiles");
    if others.is_empty() {
        return;
    }
    // SAFETY: as many limbs are read and written as both slices have, eight of the window and eight factors. The compiler keeps rbx for
    // itself, so it is put back.
    unsafe {
        asm!(
            "push rbx",
            "push rdx", // the window
            "push rax", // tiles that are left
            "mov r8, [rdx]",
            "mov r9, [rdx + 8]",
            "mov r10, [rdx + 16]",
            "mov r11, [rdx + 24]",
            "mov r12, [rdx + 32]",
            "mov r13, [rdx + 40]",
            "mov r14, [rdx + 48]",
            "mov r15, [rdx + 56]",
            "xor eax, eax",
            "2:",
            "neg rax", // the carry
            "adc r8, [rdi]",
            "adc r9, [rdi + 8]",
            "adc r10, [rdi + 16]",
            "adc r11, [rdi + 24]",
            "adc r12, [rdi + 32]",
            "adc r13, [rdi + 40]",
            "adc r14, [rdi + 48]",
            "adc r15, [rdi + 56]",
            "sbb rax, rax",
            "push rax",
            given!("0"),
            given!("8"),
            given!("16"),
            given!("24"),
            given!("32"),
            given!("40"),
            given!("48"),
            given!("56"),
            "add rdi, 64",
            "add rsi, 64",
            "pop rax",
            "dec qword ptr [rsp]",
            "jnz 2b",
            "neg rax",
            "adc r8, 0",
            "adc r9, 0",
            "adc r10, 0",
            "adc r11, 0",
            "adc r12, 0",
            "adc r13, 0",
            "adc r14, 0",
            "adc r15, 0",
            "pop rax",
            "pop rdx",
            "mov [rdx], r8",
            "mov [rdx + 8], r9",
            "mov [rdx + 16], r10",
            "mov [rdx + 24], r11",
            "mov [rdx + 32], r12",
            "mov [rdx + 40], r13",
            "mov [rdx + 48], r14",
            "mov [rdx + 56], r15",
            "pop rbx",
            inout("rax") others.len() / TILE => _,
            in("rcx") factors.as_ptr(),
            inout("rdx") window.as_mut_ptr() => _,
            inout("rsi") others.as_ptr() => _,
            inout("rdi") sum.as_mut_ptr() => _,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("r13") _, out("r14") _, out("r15") _,
        );
    }
}

/// `sum + modulus * quotient` is zero and the window; the quotient is found row by row.
#[target_feature(enable = "bmi2,adx")]
pub fn eliminate_tile(sum: &mut [u64; TILE], modulus: &[u64; TILE], inverse: u64, quotient: &mut [u64; TILE], window: &mut [u64; TILE]) {
    // SAFETY: eight limbs of each are read and written. The compiler keeps rbx for itself, so it is put back.
    unsafe {
        asm!(
            "push rbx",
            "push rdx", // the window
            "push rax", // the inverse
            "mov r8, [rdi]",
            "mov r9, [rdi + 8]",
            "mov r10, [rdi + 16]",
            "mov r11, [rdi + 24]",
            "mov r12, [rdi + 32]",
            "mov r13, [rdi + 40]",
            "mov r14, [rdi + 48]",
            "mov r15, [rdi + 56]",
            eliminating!("0"),
            eliminating!("8"),
            eliminating!("16"),
            eliminating!("24"),
            eliminating!("32"),
            eliminating!("40"),
            eliminating!("48"),
            eliminating!("56"),
            "pop rax",
            "pop rdx",
            "mov [rdx], r8",
            "mov [rdx + 8], r9",
            "mov [rdx + 16], r10",
            "mov [rdx + 24], r11",
            "mov [rdx + 32], r12",
            "mov [rdx + 40], r13",
            "mov [rdx + 48], r14",
            "mov [rdx + 56], r15",
            "pop rbx",
            inout("rax") inverse => _,
            in("rcx") quotient.as_mut_ptr(),
            inout("rdx") window.as_mut_ptr() => _,
            in("rsi") modulus.as_ptr(),
            in("rdi") sum.as_mut_ptr(),
            out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("r13") _, out("r14") _, out("r15") _,
        );
    }
}

/// `sum = 2 * sum`; what does not fit is lost.
#[target_feature(enable = "bmi2,adx")]
pub fn double_tiles(sum: &mut [u64]) {
    assert!(!sum.is_empty() && sum.len().is_multiple_of(TILE), "whole tiles");
    #[rustfmt::skip]
    macro_rules! limb {
        ($offset:literal) => {
            concat!(
                "mov {limb}, [{sum} + ", $offset, "]\n",
                "adc {limb}, {limb}\n",
                "mov [{sum} + ", $offset, "], {limb}\n",
            )
        };
    }
    // SAFETY: as many limbs are read and written as there are.
    unsafe {
        asm!(
            "xor {limb:e}, {limb:e}", // no carry
            "2:",
            limb!("0"),
            limb!("8"),
            limb!("16"),
            limb!("24"),
            limb!("32"),
            limb!("40"),
            limb!("48"),
            limb!("56"),
            "lea {sum}, [{sum} + 64]",
            "dec {tiles}", // leaves the carry
            "jnz 2b",
            sum = inout(reg) sum.as_mut_ptr() => _,
            tiles = inout(reg) sum.len() / TILE => _,
            limb = out(reg) _,
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
