//! Rows of tiles: products of eight by eight limbs, whose columns are summed in registers with two chains of carries.

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
            products_from!(1),
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

/// The products of a row from that place on, and both carries.
#[rustfmt::skip]
macro_rules! products_from {
    (1) => { concat!(next_product!("r9", "8", "r8", "r10"), products_from!(2)) };
    (2) => { concat!(next_product!("r10", "16", "r9", "r11"), products_from!(3)) };
    (3) => { concat!(next_product!("r11", "24", "r10", "r12"), products_from!(4)) };
    (4) => { concat!(next_product!("r12", "32", "r11", "r13"), products_from!(5)) };
    (5) => { concat!(next_product!("r13", "40", "r12", "r14"), products_from!(6)) };
    (6) => { concat!(next_product!("r14", "48", "r13", "r15"), products_from!(7)) };
    (7) => {
        concat!(
            "mulx r15, rax, [rsi + 56]\n",
            "adcx r14, rax\n",
            "mov eax, 0\n",
            "adox r15, rax\n",
            "adcx r15, rax\n",
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

/// The columns up to that place move down by one.
#[rustfmt::skip]
macro_rules! columns_down {
    (1) => { "mov r8, r9\n" };
    (2) => { concat!(columns_down!(1), "mov r9, r10\n") };
    (3) => { concat!(columns_down!(2), "mov r10, r11\n") };
    (4) => { concat!(columns_down!(3), "mov r11, r12\n") };
    (5) => { concat!(columns_down!(4), "mov r12, r13\n") };
    (6) => { concat!(columns_down!(5), "mov r13, r14\n") };
    (7) => { concat!(columns_down!(6), "mov r14, r15\n") };
}

/// A row of the triangle above the diagonal of a tile's square: it has the products from a place on, and no others.
macro_rules! triangular {
    ($offset:literal, $first:tt) => {
        concat!(
            "mov [rdi + ",
            $offset,
            "], r8\n",
            columns_down!($first),
            "mov rdx, [rcx + ",
            $offset,
            "]\n",
            "xor ebx, ebx\n", // no carries
            products_from!($first),
        )
    };
}

/// Eight columns of the sum are added to those in registers, and a carry.
macro_rules! add_sum {
    () => {
        concat!(
            "neg rax\n", // the carry
            "adc r8, [rdi]\n",
            "adc r9, [rdi + 8]\n",
            "adc r10, [rdi + 16]\n",
            "adc r11, [rdi + 24]\n",
            "adc r12, [rdi + 32]\n",
            "adc r13, [rdi + 40]\n",
            "adc r14, [rdi + 48]\n",
            "adc r15, [rdi + 56]\n",
            "sbb rax, rax\n",
        )
    };
}

/// A carry is added to the columns in registers.
macro_rules! add_carry {
    ($carry:literal) => {
        concat!(
            "neg ",
            $carry,
            "\n",
            "adc r8, 0\n",
            "adc r9, 0\n",
            "adc r10, 0\n",
            "adc r11, 0\n",
            "adc r12, 0\n",
            "adc r13, 0\n",
            "adc r14, 0\n",
            "adc r15, 0\n",
        )
    };
}

/// Columns from memory, or to it.
macro_rules! load_columns {
    ($from:literal) => {
        concat!(
            "mov r8, [",
            $from,
            "]\n",
            "mov r9, [",
            $from,
            " + 8]\n",
            "mov r10, [",
            $from,
            " + 16]\n",
            "mov r11, [",
            $from,
            " + 24]\n",
            "mov r12, [",
            $from,
            " + 32]\n",
            "mov r13, [",
            $from,
            " + 40]\n",
            "mov r14, [",
            $from,
            " + 48]\n",
            "mov r15, [",
            $from,
            " + 56]\n",
        )
    };
}
macro_rules! store_columns {
    ($to:literal) => {
        concat!(
            "mov [",
            $to,
            "], r8\n",
            "mov [",
            $to,
            " + 8], r9\n",
            "mov [",
            $to,
            " + 16], r10\n",
            "mov [",
            $to,
            " + 24], r11\n",
            "mov [",
            $to,
            " + 32], r12\n",
            "mov [",
            $to,
            " + 40], r13\n",
            "mov [",
            $to,
            " + 48], r14\n",
            "mov [",
            $to,
            " + 56], r15\n",
        )
    };
}

/// From a carry in rax and columns in registers on, the products of the eight factors at rcx and of tiles of others at rsi; their number is
/// the last on the stack. They are added to the sum at rdi; the columns and the carry that are left belong behind it.
macro_rules! sweep {
    () => {
        concat!(
            "2:\n",
            add_sum!(),
            "push rax\n",
            given!("0"),
            given!("8"),
            given!("16"),
            given!("24"),
            given!("32"),
            given!("40"),
            given!("48"),
            given!("56"),
            "add rdi, 64\n",
            "add rsi, 64\n",
            "pop rax\n",
            "dec qword ptr [rsp]\n",
            "jnz 2b\n",
        )
    };
}

/// Goes on behind a first tile, without a carry: [`sweep`], where there are more tiles.
macro_rules! sweep_behind {
    () => {
        concat!("add rdi, 64\n", "add rsi, 64\n", "xor eax, eax\n", "cmp qword ptr [rsp], 0\n", "je 3f\n", sweep!(), "3:\n",)
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
            load_columns!("rdx"),
            "xor eax, eax",
            sweep!(),
            add_carry!("rax"),
            "pop rax",
            "pop rdx",
            store_columns!("rdx"),
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

/// One row of tiles of a square without the products that come twice, and without the squares of limbs: adds `x[i] * x[j]` of the
/// `factors` x for each i < 8 and each j > i. `sum` has eight limbs more than there are factors: the last eight are set.
#[target_feature(enable = "bmi2,adx")]
pub fn add_triangle(sum: &mut [u64], factors: &[u64]) {
    assert!(factors.len() >= TILE && factors.len().is_multiple_of(TILE) && sum.len() == factors.len() + TILE, "whole tiles");
    // SAFETY: as many limbs are read and written as both slices have. The compiler keeps rbx for itself, so it is put back.
    unsafe {
        asm!(
            "push rbx",
            "push rax", // tiles behind the first
            load_columns!("rdi"),
            triangular!("0", 1),
            triangular!("8", 2),
            triangular!("16", 3),
            triangular!("24", 4),
            triangular!("32", 5),
            triangular!("40", 6),
            triangular!("48", 7),
            // The last factor has nothing behind it.
            "mov [rdi + 56], r8",
            columns_down!(7),
            "xor r15d, r15d",
            sweep_behind!(),
            add_carry!("rax"),
            store_columns!("rdi"),
            "pop rax",
            "pop rbx",
            inout("rax") factors.len() / TILE - 1 => _,
            in("rcx") factors.as_ptr(),
            inout("rsi") factors.as_ptr() => _,
            inout("rdi") sum.as_mut_ptr() => _,
            out("rdx") _,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("r13") _, out("r14") _, out("r15") _,
        );
    }
}

/// One row of tiles of a reduction (P. Montgomery, 1985): adds that multiple of the modulus, of eight limbs, which makes the lowest eight
/// limbs of `sum` zero. `sum` has eight limbs more than the modulus; a carry into the last eight comes in, and one out of them is returned.
#[target_feature(enable = "bmi2,adx")]
pub fn eliminate(sum: &mut [u64], modulus: &[u64], inverse: u64, quotient: &mut [u64; TILE], carry: bool) -> bool {
    assert!(modulus.len() >= TILE && modulus.len().is_multiple_of(TILE) && sum.len() == modulus.len() + TILE, "whole tiles");
    let mut tiles_or_carry = modulus.len() / TILE - 1;
    // SAFETY: as many limbs are read and written as the slices have. The compiler keeps rbx for itself, so it is put back.
    unsafe {
        asm!(
            "push rbx",
            "push rdx", // the carry
            "push rax", // tiles behind the first
            "push r8", // the inverse
            load_columns!("rdi"),
            eliminating!("0"),
            eliminating!("8"),
            eliminating!("16"),
            eliminating!("24"),
            eliminating!("32"),
            eliminating!("40"),
            eliminating!("48"),
            eliminating!("56"),
            "mov qword ptr [rsp], 0", // it tells the lowest limb of the modulus
            "pop rax",
            sweep_behind!(),
            add_sum!(),
            "pop rdx",
            "pop rdx", // the carry
            add_carry!("rdx"),
            "sbb rdx, rdx",
            "or rax, rdx",
            "neg rax",
            store_columns!("rdi"),
            "pop rbx",
            inout("rax") tiles_or_carry,
            in("rcx") quotient.as_mut_ptr(),
            inout("rdx") u64::from(carry) => _,
            inout("rsi") modulus.as_ptr() => _,
            inout("rdi") sum.as_mut_ptr() => _,
            inout("r8") inverse => _,
            out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("r13") _, out("r14") _, out("r15") _,
        );
    }
    tiles_or_carry != 0
}
