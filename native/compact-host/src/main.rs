//! The compact host: the whole of signet in one static program, for routers that have no room for Node. The TypeScript of `src/` runs in QuickJS
//! as bytecode that is part of the program; `src/platform/compact` reaches the machine by the modules of this crate, one for each port.
//!
//! One thread runs JavaScript and waits for nothing but the store's commits and files; what takes longer has threads of its own.

#![deny(unsafe_code)]

mod clock;
mod crypto;
mod database;
mod engine;
mod files;
mod keygen;
mod machine;
mod network;
mod output;
mod process;
mod random;
mod terminal;
#[cfg(feature = "testing")]
mod testing;
mod text;
mod value;

use std::panic;
use std::sync::LazyLock;

use signet_secret_memory::Wiping;

#[global_allocator]
static ALLOCATOR: Wiping<std::alloc::System> = Wiping(std::alloc::System);

/// The parts of the program by their names; none where the host was built alone.
static PROGRAM: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/program.rs"));

fn main() {
    signet_secret_memory::seal();
    // Its thread is made in any case, and first: QEMU translates all that ran before a program's first thread once more.
    LazyLock::force(&output::STDOUT);
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        terminal::raw_mode::leave();
        told(panic);
    }));
    machine::note_start();
    let status = if PROGRAM.is_empty() { Err("this host was built without its program: see scripts/cross-build".into()) } else { run() };
    process::exit(status.unwrap_or_else(|error: String| {
        output::STDERR.say(format!("signet: {error}\n"));
        1
    }))
}

fn run() -> Result<i32, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| format!("the host can't start: {error}"))?;
    let status = runtime.block_on(engine::run(PROGRAM, &engine::LIMITS));
    // A thread may be reading what nobody types.
    runtime.shutdown_background();
    status
}
