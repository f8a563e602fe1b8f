//! `signet:database`: SQLite for the port Database. The pragmas, transactions and the cache of statements are `src/platform/common/sqlite.ts`'s.

mod failure;
mod statement;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{CWD, Mode, OFlags, fsync, openat};

use crate::value::{Answer, Failure};
use failure::failure;
use statement::{Dependents, prepare};

pub struct Database;

impl ModuleDef for Database {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("openDatabase").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export("openDatabase", Func::from(|path: String| Answer(OpenDatabase::open(&path)))).map(drop)
    }
}

/// A connection until it is closed.
struct OpenDatabase(Rc<RefCell<Option<Rc<Connection>>>>);

impl OpenDatabase {
    fn open(path: &str) -> Result<Self, Failure> {
        make_file(Path::new(path)).map_err(|error| failure::of_system(error, path))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(Duration::ZERO)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
            Ok(connection)
        });
        Ok(Self(Rc::new(RefCell::new(Some(Rc::new(connection.map_err(|error| failure(&error))?))))))
    }
}

impl<'js> IntoJs<'js> for OpenDatabase {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self(connection) = self;
        let dependents = Dependents::default();
        let of = |connection: &Rc<RefCell<Option<Rc<Connection>>>>| connection.borrow().clone().ok_or_else(closed);
        let at = connection.clone();
        object.set(
            "execute",
            Func::from(move |sql: String| Answer(of(&at).and_then(|open| open.execute_batch(&sql).map_err(|error| failure(&error))))),
        )?;
        let (at, added) = (connection.clone(), dependents.clone());
        object.set("prepare", Func::from(move |sql: String| Answer(of(&at).and_then(|open| prepare(open, &sql, &added)))))?;
        let at = connection.clone();
        object.set("inTransaction", Func::from(move || at.borrow().as_ref().is_some_and(|open| !open.is_autocommit())))?;
        object.set(
            "close",
            Func::from(move || {
                dependents.close();
                drop(connection.take());
            }),
        )?;
        Ok(object.into_value())
    }
}

fn closed() -> Failure {
    Failure::new("failed", "the database is closed")
}

/// Makes an empty file that nobody else can read, if there is none, and its name durable. SQLite gives the journal the same mode.
fn make_file(path: &Path) -> rustix::io::Result<()> {
    openat(CWD, path, OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::RUSR | Mode::WUSR)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fsync(openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}
