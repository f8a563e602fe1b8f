//! Kernels for x86-64: what a CPU can run is asked at run time.

pub mod avx2;
pub mod mulx;
