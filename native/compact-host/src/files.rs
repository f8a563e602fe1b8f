//! `signet:files`: folders held open, for the port Files, and what the folder of a store needs. Names are checked by `src/platform`.
//!
//! Everything in a folder is reached through its descriptor and without following links, so that nobody can put a link or another folder in
//! its place between a check and a use. The calls are made by the thread of JavaScript: a file of some KB takes about as long as a commit of the
//! store, one of 16 MB longer.

mod folder;
mod names;

use std::cell::RefCell;
use std::os::fd::OwnedFd;

use rquickjs::function::{Async, Func};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};
use rustix::fs::{CWD, FileType, FlockOperation, Mode, OFlags, chmod, fcntl_lock, fsync, openat, stat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::value::{Answer, Bytes, Failure, on_thread};
use folder::Folder;
pub use names::code;

pub struct Files;

impl ModuleDef for Files {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        for name in ["openFolder", "makeFolder", "statusOfFolder", "chmod", "syncFolder", "readFile", "lockFile"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export("openFolder", Func::from(|path: String| answer(Folder::open(&path))))?;
        exports.export("makeFolder", Func::from(|path: String, mode: u32| answer(make_folder(&path, mode))))?;
        exports.export("statusOfFolder", Func::from(|path: String| answer(FolderStatus::of(&path))))?;
        exports.export("chmod", Func::from(|path: String, mode: u32| answer(chmod(path, Mode::from_raw_mode(mode)))))?;
        exports.export("lockFile", Func::from(|path: String| answer(Lock::of(&path))))?;
        exports.export("syncFolder", Func::from(|path: String| answer(sync_folder(&path))))?;
        exports.export(
            "readFile",
            Func::from(Async(|path: String| async move { Answer(on_thread(move || answer(read_file(&path)).0).await) })),
        )?;
        Ok(())
    }
}

/// A failure has the system's name of its error for a code, which `src/platform/common/file-names.ts` turns into the port's.
pub fn answer<T>(result: rustix::io::Result<T>) -> Answer<T> {
    Answer(result.map_err(|error| Failure::new(code(error), error.to_string())))
}

/// Tells whether it was made: false where there is something of that name.
fn make_folder(path: &str, mode: u32) -> rustix::io::Result<bool> {
    match rustix::fs::mkdir(path, Mode::from_raw_mode(mode)) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        Err(error) => Err(error),
    }
}

fn sync_folder(path: &str) -> rustix::io::Result<()> {
    fsync(openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

/// A file that is locked as `lckpwdf(3)` locks: until this is dropped, or the process ends.
struct Lock(OwnedFd);

impl Lock {
    /// None if another process has it.
    fn of(path: &str) -> rustix::io::Result<Option<Self>> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let file = openat(CWD, path, flags, Mode::from_raw_mode(0o600))?;
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(Errno::ACCESS | Errno::AGAIN) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<'js> IntoJs<'js> for Lock {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let held = RefCell::new(Some(self.0));
        object.set("release", Func::from(move || drop(held.take())))?;
        Ok(object.into_value())
    }
}

/// The file that a person names on the command line, by any path.
fn read_file(path: &str) -> rustix::io::Result<Bytes> {
    std::fs::read(path).map(Bytes).map_err(|error| error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error))
}

/// Whether there is a folder, its mode, and whether it is of this process's user.
struct FolderStatus {
    is_folder: bool,
    mode: u32,
    is_own: bool,
}

impl FolderStatus {
    fn of(path: &str) -> rustix::io::Result<Self> {
        let status = stat(path)?;
        let is_folder = FileType::from_raw_mode(status.st_mode) == FileType::Directory;
        Ok(Self { is_folder, mode: Mode::from_raw_mode(status.st_mode).as_raw_mode(), is_own: status.st_uid == geteuid().as_raw() })
    }
}

impl<'js> IntoJs<'js> for FolderStatus {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("isFolder", self.is_folder)?;
        object.set("mode", self.mode)?;
        object.set("isOwn", self.is_own)?;
        Ok(object.into_value())
    }
}
