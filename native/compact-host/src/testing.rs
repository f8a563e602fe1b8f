//! `signet:testing`: streams that are read and written within a call, for the guest of the contract tests (`DirectStreams` of test/compact).

use std::fs::File;
use std::io::{Read, Write};

use rquickjs::Ctx;
use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};

use crate::value::{Answer, Bytes, Failure};

pub struct Testing;

impl ModuleDef for Testing {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("readDirect")?.declare("writeDirect").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export("readDirect", Func::from(|| Answer(read())))?;
        exports.export("writeDirect", Func::from(|bytes: Bytes| Answer(write(&bytes.0))))?;
        Ok(())
    }
}

/// The next bytes of descriptor 3, or nothing at its end.
fn read() -> Result<Option<Bytes>, Failure> {
    let mut bytes = vec![0; 65_536];
    let length = File::open("/proc/self/fd/3").and_then(|mut stream| stream.read(&mut bytes)).map_err(|error| failure(&error))?;
    bytes.truncate(length);
    Ok((length > 0).then_some(Bytes(bytes)))
}

/// All of the bytes to standard output, past the thread that else writes there.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stream = std::io::stdout().lock();
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| failure(&error))
}

fn failure(error: &std::io::Error) -> Failure {
    Failure::new("failed", error.to_string())
}
