//! Compiles the JavaScript in the folder that `SIGNET_PROGRAM` names, modules that import nothing but each other and `signet:` modules, to the
//! engine's bytecode, which is the same on every machine and holds no source.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rquickjs::module::{ModuleDef, WriteOptions};
use rquickjs::{Context, Module, Runtime};

fn main() -> Result<(), Box<dyn Error>> {
    signet_static_program::bring_along();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SIGNET_PROGRAM");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = String::from("&[\n");
    // Without one there is still a host to lint and to test, which says at its start what it lacks.
    if let Some(folder) = env::var_os("SIGNET_PROGRAM") {
        println!("cargo:rerun-if-changed={}", folder.display());
        for path in parts(Path::new(&folder))? {
            let name = path.file_name().and_then(|name| name.to_str()).ok_or("a part's name is no text")?;
            let bytecode = compile(name, &fs::read_to_string(&path)?)?;
            fs::write(out.join(name), bytecode)?;
            writeln!(table, "({name:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))),")?;
        }
    }
    table.push(']');
    fs::write(out.join("program.rs"), table)?;
    Ok(())
}

fn parts(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut parts = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    parts.sort();
    Ok(parts)
}

/// The engine looks for imported modules when it compiles; what they export is seen when they are linked.
struct Elsewhere;

impl ModuleDef for Elsewhere {}

fn compile(name: &str, source: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let context = Context::full(&Runtime::new()?)?;
    context.with(|ctx| {
        for start in ["\"signet:", "\"./"] {
            for (at, _) in source.match_indices(start) {
                let imported = source[at + 1..].split('"').next().unwrap_or_default().trim_start_matches("./");
                Module::declare_def::<Elsewhere, _>(ctx.clone(), imported)?;
            }
        }
        let options = WriteOptions { strip_source: true, ..WriteOptions::default() };
        Module::declare(ctx.clone(), name, source)
            .and_then(|module| module.write(options))
            .map_err(|error| format!("{name} does not compile: {error}: {:?}", ctx.catch()).into())
    })
}
