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

/// Wipes the vector registers that a function need not preserve. Of the others every function restores the half that counts.
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

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn leaves_nothing_in_a_vector_register() {
        let (low, high): (u64, u64);
        // SAFETY: nothing but the registers named is written to.
        unsafe { asm!("pcmpeqd xmm0, xmm0", "movaps xmm13, xmm0", out("xmm0") _, out("xmm13") _) };
        wipe();
        // SAFETY: as above.
        unsafe { asm!("movq {}, xmm13", "psrldq xmm13, 8", "movq {}, xmm13", out(reg) low, out(reg) high, out("xmm13") _) };
        assert_eq!((low, high), (0, 0));
    }
}
