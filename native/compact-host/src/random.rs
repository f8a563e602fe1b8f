//! `signet:random`: the port Random.

use rquickjs::Ctx;
use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rustix::rand::{GetRandomFlags, getrandom};

use crate::value::{Answer, Bytes, Failure};

pub struct Random;

impl ModuleDef for Random {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("randomBytes").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export("randomBytes", Func::from(|length: usize| Answer(random_bytes(length)))).map(drop)
    }
}

/// getrandom(2), which waits until the kernel's pool is ready.
fn random_bytes(length: usize) -> Result<Bytes, Failure> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        filled += match getrandom(&mut bytes[filled..], GetRandomFlags::empty()) {
            Err(rustix::io::Errno::INTR) => 0,
            other => other.map_err(|error| Failure::new("failed", format!("the operating system has no random numbers: {error}")))?,
        };
    }
    Ok(Bytes(bytes))
}
