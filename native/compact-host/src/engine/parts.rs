//! The parts of the program, which the engine loads as they are imported.

use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module};

/// Bytecode by the names of modules.
pub struct Parts(pub &'static [(&'static str, &'static [u8])]);

impl Resolver for Parts {
    fn resolve<'js>(
        &mut self,
        _ctx: &Ctx<'js>,
        _base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        Ok(name.trim_start_matches("./").to_owned())
    }
}

impl Loader for Parts {
    #[allow(unsafe_code)]
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        let part = self.0.iter().find(|(part, _)| *part == name);
        let (_, bytecode) = part.ok_or_else(|| Error::new_loading(name))?;
        // SAFETY: the bytecode was made by this very engine when this program was built.
        unsafe { Module::load(ctx.clone(), bytecode) }
    }
}
