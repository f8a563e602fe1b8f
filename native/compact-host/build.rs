//! Compiles the JavaScript that `SIGNET_PROGRAM` names, one module that imports nothing but `signet:` modules, to the engine's bytecode. The
//! bytecode is the same on every machine, and holds no source.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use rquickjs::module::{ModuleDef, WriteOptions};
use rquickjs::{Context, Module, Runtime};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SIGNET_PROGRAM");
    // Without one there is still a host to lint and to test, which says at its start what it lacks.
    let bytecode = match env::var_os("SIGNET_PROGRAM") {
        Some(path) => {
            println!("cargo:rerun-if-changed={}", path.display());
            compile(&fs::read_to_string(path)?)?
        }
        None => Vec::new(),
    };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("program.bytecode"), bytecode)?;
    Ok(())
}

/// The engine looks for imported modules when it compiles; what they export is seen when they are linked.
struct Elsewhere;

impl ModuleDef for Elsewhere {}

fn compile(source: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let context = Context::full(&Runtime::new()?)?;
    context.with(|ctx| {
        for (at, _) in source.match_indices("\"signet:") {
            let name = source[at + 1..].split('"').next().unwrap_or_default();
            Module::declare_def::<Elsewhere, _>(ctx.clone(), name)?;
        }
        let options = WriteOptions { strip_source: true, ..WriteOptions::default() };
        Module::declare(ctx.clone(), "signet", source)
            .and_then(|module| module.write(options))
            .map_err(|error| format!("the program does not compile: {error}: {:?}", ctx.catch()).into())
    })
}
