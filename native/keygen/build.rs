//! Assembles what Rust's stable inline assembly has no words for.

fn main() {
    println!("cargo::rerun-if-changed=src/arith/mips");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("mips") {
        cc::Build::new().files(["src/arith/mips/kernel.S", "src/arith/mips/residues.S"]).compile("signet-mips");
    }
}
