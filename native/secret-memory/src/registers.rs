#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use std::arch::asm;

/// Wipes the vector registers, which would otherwise be written to a stack when a signal comes or the linker resolves a symbol. The others
/// hold a word of a number at most, and are soon used again.
#[cfg(target_arch = "x86_64")]
pub fn wipe() {
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the CPU has these registers, and the compiler is told that they change, as it is below. vzeroall knows 0 to 15.
        unsafe {
            asm!(
                "vzeroall",
                "vpxord zmm16, zmm16, zmm16",
                "vpxord zmm17, zmm17, zmm17",
                "vpxord zmm18, zmm18, zmm18",
                "vpxord zmm19, zmm19, zmm19",
                "vpxord zmm20, zmm20, zmm20",
                "vpxord zmm21, zmm21, zmm21",
                "vpxord zmm22, zmm22, zmm22",
                "vpxord zmm23, zmm23, zmm23",
                "vpxord zmm24, zmm24, zmm24",
                "vpxord zmm25, zmm25, zmm25",
                "vpxord zmm26, zmm26, zmm26",
                "vpxord zmm27, zmm27, zmm27",
                "vpxord zmm28, zmm28, zmm28",
                "vpxord zmm29, zmm29, zmm29",
                "vpxord zmm30, zmm30, zmm30",
                "vpxord zmm31, zmm31, zmm31",
                clobber_abi("sysv64"),
                options(nomem, nostack, preserves_flags),
            );
        }
    } else if is_x86_feature_detected!("avx") {
        // SAFETY: as above.
        unsafe { asm!("vzeroall", clobber_abi("sysv64"), options(nomem, nostack, preserves_flags)) }
    } else {
        // SAFETY: as above; every CPU of this architecture has SSE.
        unsafe {
            asm!(
                "xorps xmm0, xmm0",
                "xorps xmm1, xmm1",
                "xorps xmm2, xmm2",
                "xorps xmm3, xmm3",
                "xorps xmm4, xmm4",
                "xorps xmm5, xmm5",
                "xorps xmm6, xmm6",
                "xorps xmm7, xmm7",
                "xorps xmm8, xmm8",
                "xorps xmm9, xmm9",
                "xorps xmm10, xmm10",
                "xorps xmm11, xmm11",
                "xorps xmm12, xmm12",
                "xorps xmm13, xmm13",
                "xorps xmm14, xmm14",
                "xorps xmm15, xmm15",
                clobber_abi("sysv64"),
                options(nomem, nostack, preserves_flags),
            );
        }
    }
}

/// Wipes the vector registers, but for the lower halves of v8 to v15: those are the caller's, and every function restores them (AAPCS64
/// 6.1.2).
#[cfg(target_arch = "aarch64")]
pub fn wipe() {
    // SAFETY: every CPU of this architecture has these registers, and the compiler is told that they change.
    unsafe {
        asm!(
            "movi v0.2d, #0",
            "movi v1.2d, #0",
            "movi v2.2d, #0",
            "movi v3.2d, #0",
            "movi v4.2d, #0",
            "movi v5.2d, #0",
            "movi v6.2d, #0",
            "movi v7.2d, #0",
            "mov v8.d[1], xzr",
            "mov v9.d[1], xzr",
            "mov v10.d[1], xzr",
            "mov v11.d[1], xzr",
            "mov v12.d[1], xzr",
            "mov v13.d[1], xzr",
            "mov v14.d[1], xzr",
            "mov v15.d[1], xzr",
            "movi v16.2d, #0",
            "movi v17.2d, #0",
            "movi v18.2d, #0",
            "movi v19.2d, #0",
            "movi v20.2d, #0",
            "movi v21.2d, #0",
            "movi v22.2d, #0",
            "movi v23.2d, #0",
            "movi v24.2d, #0",
            "movi v25.2d, #0",
            "movi v26.2d, #0",
            "movi v27.2d, #0",
            "movi v28.2d, #0",
            "movi v29.2d, #0",
            "movi v30.2d, #0",
            "movi v31.2d, #0",
            clobber_abi("C"),
            options(nomem, nostack, preserves_flags),
        );
    }
}

/// There are no vector registers that a kernel here would use.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn wipe() {}

#[cfg(all(test, any(target_arch = "x86_64", target_arch = "aarch64")))]
mod tests {
    use super::*;

    /// An instruction for each register, by its number.
    macro_rules! for_each_register {
        ($instruction:ident) => {
            for_each_register!($instruction, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
        };
        (all $instruction:ident) => {
            for_each_register!($instruction, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
        };
        ($instruction:ident, $($register:literal)+) => {
            concat!($($instruction!($register)),+)
        };
    }

    /// Sets all bits of all registers, wipes, and stores them one after the other in `$found`.
    macro_rules! wiped {
        ($found:ident, $abi:literal, $fill:expr, $store:expr) => {
            // SAFETY: vector registers are written to, and what the compiler is told of; `$found` has room for them.
            unsafe {
                asm!($fill, clobber_abi($abi), options(nomem, nostack));
                wipe();
                asm!($store, at = in(reg) &raw mut $found, clobber_abi($abi), options(nostack));
            }
        };
    }

    /// By the widest registers that this CPU has.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn leaves_nothing_in_a_vector_register() {
        macro_rules! fill_zmm {
            ($n:literal) => {
                concat!("vpternlogd zmm", $n, ", zmm", $n, ", zmm", $n, ", 255\n")
            };
        }
        macro_rules! store_zmm {
            ($n:literal) => {
                concat!("vmovdqu64 [{at} + 64 * ", $n, "], zmm", $n, "\n")
            };
        }
        macro_rules! fill_ymm {
            ($n:literal) => {
                concat!("vcmpps ymm", $n, ", ymm", $n, ", ymm", $n, ", 15\n")
            };
        }
        macro_rules! store_ymm {
            ($n:literal) => {
                concat!("vmovups [{at} + 32 * ", $n, "], ymm", $n, "\n")
            };
        }
        macro_rules! fill_xmm {
            ($n:literal) => {
                concat!("pcmpeqd xmm", $n, ", xmm", $n, "\n")
            };
        }
        macro_rules! store_xmm {
            ($n:literal) => {
                concat!("movups [{at} + 16 * ", $n, "], xmm", $n, "\n")
            };
        }
        if is_x86_feature_detected!("avx512f") {
            let mut found = [[u64::MAX; 8]; 32];
            wiped!(found, "sysv64", for_each_register!(all fill_zmm), for_each_register!(all store_zmm));
            assert_eq!(found, [[0; 8]; 32]);
        } else if is_x86_feature_detected!("avx") {
            let mut found = [[u64::MAX; 4]; 16];
            wiped!(found, "sysv64", for_each_register!(fill_ymm), for_each_register!(store_ymm));
            assert_eq!(found, [[0; 4]; 16]);
        } else {
            let mut found = [[u64::MAX; 2]; 16];
            wiped!(found, "sysv64", for_each_register!(fill_xmm), for_each_register!(store_xmm));
            assert_eq!(found, [[0; 2]; 16]);
        }
    }

    #[cfg(target_arch = "aarch64")]
    #[test]
    fn leaves_nothing_in_a_vector_register_but_what_is_the_callers() {
        macro_rules! fill {
            ($n:literal) => {
                concat!("movi v", $n, ".16b, #255\n")
            };
        }
        macro_rules! store {
            ($n:literal) => {
                concat!("str q", $n, ", [{at}, #16 * ", $n, "]\n")
            };
        }
        let mut found = [[u64::MAX; 2]; 32];
        wiped!(found, "C", for_each_register!(all fill), for_each_register!(all store));
        let mut expected = [[0; 2]; 32];
        expected[8..16].fill([u64::MAX, 0]);
        assert_eq!(found, expected);
    }
}
