//! One folder held open.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;

use rquickjs::function::Func;
use rquickjs::{Ctx, IntoJs, Object, Value};
use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, StatxFlags, StatxTimestamp, fchmod, fchown, fstat, fsync, mkdirat, openat, renameat, statat,
    statx, unlinkat,
};
use rustix::io::{Errno, Result, read, write};
use rustix::process::{Gid, Uid};

use super::answer;
use crate::value::Bytes;

/// Folders within folders that are gone through when one is removed with all it holds.
const DEEPEST: usize = 64;

/// `Folder` of `src/platform/common/folder.ts`.
pub struct Folder(OwnedFd);

impl Folder {
    /// Opens a folder by its path.
    pub fn open(path: &str) -> Result<Self> {
        open_folder(CWD, path, OFlags::empty()).map(Self)
    }
}

impl<'js> IntoJs<'js> for Folder {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("descriptor", self.0.as_raw_fd())?;
        let open = Rc::new(RefCell::new(Some(self.0)));
        macro_rules! method {
            ($name:literal, |$folder:ident $(, $argument:ident: $type:ty)*| $work:expr) => {
                let at = open.clone();
                let work = move |$folder: &OwnedFd $(, $argument: $type)*| $work;
                object.set(
                    $name,
                    Func::from(move |$($argument: $type),*| answer(at.borrow().as_ref().ok_or(Errno::BADF).and_then(|folder| work(folder $(, $argument)*)))),
                )?;
            };
        }
        method!("enter", |folder, entry: String| open_folder(folder, &*entry, OFlags::NOFOLLOW).map(Self));
        method!("make", |folder, entry: String| make(folder, &entry));
        method!("entries", |folder| entries(folder));
        method!("status", |folder, entry: String| Status::of(folder, &entry));
        method!("read", |folder, entry: String, limit: f64| read_whole(folder, &entry, limit));
        method!("write", |folder, entry: String, content: Bytes, mode: u32| write_new(folder, &entry, &content.0, mode));
        method!("adopt", |folder, entry: String, like: String| adopt(folder, &entry, &like));
        method!("wipe", |folder, entry: String| wipe(folder, &entry));
        method!("move", |folder, entry: String, to: i32, name: String| {
            // The other folder is known to JavaScript by its descriptor alone.
            renameat(folder, &*entry, CWD, format!("/proc/self/fd/{to}/{name}"))
        });
        method!("remove", |folder, entry: String| {
            let entry = CString::new(entry).map_err(|_| Errno::INVAL)?;
            remove(folder, &entry, 0)
        });
        method!("sync", |folder| fsync(folder));
        object.set("close", Func::from(move || drop(open.take())))?;
        Ok(object.into_value())
    }
}

fn open_folder<Fd: std::os::fd::AsFd>(at: Fd, entry: impl rustix::path::Arg, flags: OFlags) -> Result<OwnedFd> {
    openat(at, entry, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | flags, Mode::empty())
}

/// Durably, unless there is an entry of that name.
fn make(folder: &OwnedFd, entry: &str) -> Result<()> {
    match mkdirat(folder, entry, Mode::from_raw_mode(0o755)) {
        Ok(()) | Err(Errno::EXIST) => fsync(folder),
        Err(error) => Err(error),
    }
}

/// The names that are UTF-8, sorted by their bytes.
fn entries(folder: &OwnedFd) -> Result<Vec<String>> {
    let mut names: Vec<String> = names(folder)?.into_iter().filter_map(|name| name.into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}

fn names(folder: &OwnedFd) -> Result<Vec<CString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        if ![c".", c".."].contains(&entry.file_name()) {
            names.push(entry.file_name().to_owned());
        }
    }
    Ok(names)
}

/// A file's size, and its content unless that is longer than the limit.
struct Content {
    size: f64,
    content: Option<Bytes>,
}

impl<'js> IntoJs<'js> for Content {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("size", self.size)?;
        object.set("content", self.content)?;
        Ok(object.into_value())
    }
}

fn read_whole(folder: &OwnedFd, entry: &str, limit: f64) -> Result<Option<Content>> {
    // NONBLOCK: opening a FIFO must not wait for a writer.
    let file = openat(folder, entry, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?;
    let status = fstat(&file)?;
    if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
        return Ok(None);
    }
    let size = status.st_size as f64;
    if size > limit {
        return Ok(Some(Content { size, content: None }));
    }
    let mut content = vec![0; status.st_size as usize];
    let mut length = 0;
    while length < content.len() {
        match read(&file, &mut content[length..])? {
            0 => break,
            more => length += more,
        }
    }
    content.truncate(length);
    Ok(Some(Content { size, content: Some(Bytes(content)) }))
}

/// Makes a file that is not there, and its content durable.
fn write_new(folder: &OwnedFd, entry: &str, content: &[u8], mode: u32) -> Result<()> {
    let mode = Mode::from_raw_mode(mode);
    let file = openat(folder, entry, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC, mode)?;
    // The mode at creation went through the umask; it only ever gets narrower there.
    fchmod(&file, mode)?;
    write_durably(&file, content)
}

/// Writes zeros over the bytes of a small file.
fn wipe(folder: &OwnedFd, entry: &str) -> Result<()> {
    let file = openat(folder, entry, OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    write_durably(&file, &vec![0; fstat(&file)?.st_size as usize])
}

fn write_durably(file: &OwnedFd, mut rest: &[u8]) -> Result<()> {
    while !rest.is_empty() {
        let written = write(file, rest)?;
        rest = &rest[written..];
    }
    fsync(file)
}

/// Gives a file owner, group and mode of another one.
fn adopt(folder: &OwnedFd, entry: &str, like: &str) -> Result<()> {
    let status = statat(folder, like, AtFlags::SYMLINK_NOFOLLOW)?;
    let file = openat(folder, entry, OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    fchown(&file, Some(Uid::from_raw(status.st_uid)), Some(Gid::from_raw(status.st_gid)))?;
    fchmod(&file, Mode::from_raw_mode(status.st_mode & 0o7777))
}

/// Takes an entry away with all that a folder holds; a link is taken away itself, never followed.
fn remove(folder: &OwnedFd, entry: &CStr, depth: usize) -> Result<()> {
    match unlinkat(folder, entry, AtFlags::empty()) {
        Err(Errno::ISDIR) if depth < DEEPEST => {}
        other => return other,
    }
    let inner = open_folder(folder, entry, OFlags::NOFOLLOW)?;
    for name in names(&inner)? {
        remove(&inner, &name, depth + 1)?;
    }
    unlinkat(folder, entry, AtFlags::REMOVEDIR)
}

/// What is told of an entry; undefined in JavaScript where there is none.
struct Status {
    kind: &'static str,
    size: f64,
    modified: f64,
    created: f64,
}

impl Status {
    fn of(folder: &OwnedFd, entry: &str) -> Result<Option<Self>> {
        let status = match statx(folder, entry, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS | StatxFlags::BTIME) {
            Err(Errno::NOENT) => return Ok(None),
            other => other?,
        };
        let kind = match FileType::from_raw_mode(status.stx_mode.into()) {
            FileType::RegularFile => "file",
            FileType::Directory => "directory",
            FileType::Symlink => "link",
            _ => "other",
        };
        let modified = seconds(status.stx_mtime);
        let created = if status.stx_mask & StatxFlags::BTIME.bits() == 0 { 0.0 } else { seconds(status.stx_btime) };
        Ok(Some(Self { kind, size: status.stx_size as f64, modified, created: if created > 0.0 { created } else { modified } }))
    }
}

fn seconds(time: StatxTimestamp) -> f64 {
    time.tv_sec as f64 + f64::from(time.tv_nsec) / 1e9
}

impl<'js> IntoJs<'js> for Status {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("type", self.kind)?;
        object.set("size", self.size)?;
        object.set("modified", self.modified)?;
        object.set("created", self.created)?;
        Ok(object.into_value())
    }
}
