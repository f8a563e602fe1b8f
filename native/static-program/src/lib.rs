//! For build scripts of static programs: what they must bring along on MIPS, in place of a part of musl that does not work there.
//!
//! Crates ask `dlsym` for system calls that an old C library may be without. In a static program there is nothing to find, but musl's own
//! `dlsym` first computes its global pointer from a register that code which is not position-independent does not set, and dies.

use std::path::Path;
use std::{env, fs};

/// Held as a text: a crate that cargo keeps for another clone of this tree must not look for its file there.
const SOURCE: &str = include_str!("dlsym.c");

/// Has the program that is being built linked with a `dlsym` of its own where it needs one.
///
/// # Panics
/// Where it is not called by a build script.
pub fn bring_along() {
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("ARCH") != "mips" || target("ENV") != "musl" {
        return;
    }
    let source = Path::new(&env::var("OUT_DIR").expect("cargo names a folder for what a build script makes")).join("dlsym.c");
    fs::write(&source, SOURCE).expect("that folder takes files");
    // An object, since of two archives that have it the linker would take musl's.
    for object in cc::Build::new().file(source).compile_intermediates() {
        println!("cargo::rustc-link-arg-bins={}", object.display());
    }
}
