//! Links what a static program needs on MIPS.

fn main() {
    signet_static_program::bring_along();
}
