//! What a process that holds keys does about its memory, apart from wiping what it knows of: an allocator that wipes every block it gets
//! back ([`Wiping`]), work whose stack and registers are wiped behind it ([`wiped`]), and a process that writes nothing of its memory into
//! a core dump or a panic's message ([`seal`]).

mod allocator;
mod process;
mod registers;
mod stack;

pub use allocator::Wiping;
pub use process::seal;
pub use stack::{DEPTH, wiped};
