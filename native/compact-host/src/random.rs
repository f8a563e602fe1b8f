//! `signet:random`: the port Random.

use rquickjs::Ctx;
use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};

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

fn random_bytes(length: usize) -> Result<Bytes, Failure> {
    let mut bytes = vec![0; length];
    signet_host_crypto::fill_random(&mut bytes).map_err(|failure| Failure::new("failed", failure.to_string()))?;
    Ok(Bytes(bytes))
}
