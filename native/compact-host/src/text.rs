//! `signet:text`: UTF-8, which takes an interpreter long.

use rquickjs::Ctx;
use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};

use crate::value::Bytes;

pub struct Text;

impl ModuleDef for Text {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("encodeUtf8").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        // Nothing for a text with a lone surrogate, which has no UTF-8.
        exports
            .export("encodeUtf8", Func::from(|text: rquickjs::String<'_>| text.to_string().ok().map(|text| Bytes(text.into_bytes()))))?;
        Ok(())
    }
}
