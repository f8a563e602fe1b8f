//! `signet-keygen`: the key generator as a program of its own. Linked statically it shows what the crate does on a CPU that has no Node.
//!
//! It holds keys, as the addon's process does, and keeps them to itself in the same way (`signet_secret_memory`).

#![forbid(unsafe_code)]

mod failure;
mod key;
#[cfg(feature = "measure")]
mod measure;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use failure::Failure;
use signet_secret_memory::Wiping;

#[global_allocator]
static ALLOCATOR: Wiping<std::alloc::System> = Wiping(std::alloc::System);

const USAGE: &str = "usage: signet-keygen rsa BITS
       signet-keygen ec prime256v1 | secp384r1 | secp521r1
       signet-keygen ed25519
prints a new private key as PKCS#8 PEM";

fn main() -> ExitCode {
    signet_secret_memory::seal();
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("signet-keygen: {failure}");
            if let Failure::Usage(_) = failure {
                eprintln!("{USAGE}");
            }
            failure.status()
        }
    }
}

/// Each subcommand reads the arguments after its own name.
fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let words = arguments
        .iter()
        .map(|argument| argument.to_str().ok_or_else(|| Failure::usage(format!("{} is not UTF-8", argument.display()))))
        .collect::<Result<Vec<&str>, Failure>>()?;
    match words.as_slice() {
        [command @ ("rsa" | "ec" | "ed25519"), rest @ ..] => key::run(command, rest),
        #[cfg(feature = "measure")]
        ["measure", rest @ ..] => measure::run(rest),
        [command, ..] => Err(Failure::usage(format!("no such command: {command}"))),
        [] => Err(Failure::usage("expected a command")),
    }
}
