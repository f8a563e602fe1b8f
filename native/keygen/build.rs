//! Assembles what Rust's stable inline assembly has no words for.

fn main() {
    println!("cargo::rerun-if-changed=src/arith/mips/kernel.S");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("mips") {
        cc::Build::new().file("src/arith/mips/kernel.S").compile("signet-mips");
    }
}
