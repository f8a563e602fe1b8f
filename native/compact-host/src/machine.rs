//! `signet:machine`: the port Machine, as Linux tells it.

use std::ffi::CString;
use std::fs;
use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::Instant;

use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, qjs};
use rustix::io::Errno;

use crate::engine::is_crowded;
use crate::files::answer;
use crate::value::Answer;

pub struct Machine;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// To be called when the program starts.
pub fn note_start() {
    LazyLock::force(&STARTED);
}

/// The name that RouterOS gives to the architecture.
const ARCHITECTURE: &str = match (cfg!(target_arch = "x86_64"), cfg!(target_arch = "aarch64")) {
    (true, _) => "x86_64",
    (_, true) => "arm64",
    _ => "mipsle",
};

/// Where the name of a board is: device tree, then DMI; a MIPS kernel without a device tree tells it with the CPU.
const BOARDS: [&str; 2] = ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"];

impl ModuleDef for Machine {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        for name in ["architecture", "cpu", "cpuCount", "board", "memory", "isCrowded", "space", "uptime", "engine"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        exports.export("architecture", ARCHITECTURE)?;
        exports.export("cpu", field(&cpus, &["model name", "cpu model"]).unwrap_or_default())?;
        exports.export("cpuCount", available_parallelism().map_or(1, usize::from))?;
        exports.export("board", board().or_else(|| field(&cpus, &["machine"])).unwrap_or_default())?;
        exports.export("memory", Func::from(|| ["MemTotal", "MemAvailable"].map(memory).to_vec()))?;
        exports.export("isCrowded", Func::from(|ctx: Ctx<'js>| crowded(&ctx)))?;
        exports.export("space", Func::from(|folder: String| space(&folder)))?;
        exports.export("uptime", Func::from(|| STARTED.elapsed().as_secs() as f64))?;
        exports.export("engine", format!("quickjs {}", engine_version(ctx)))?;
        Ok(())
    }
}

/// What nobody reaches any more may be most of it: that goes first.
fn crowded(ctx: &Ctx<'_>) -> bool {
    if is_crowded() {
        ctx.run_gc();
    }
    is_crowded()
}

#[allow(unsafe_code)]
fn engine_version(_ctx: &Ctx) -> String {
    // SAFETY: the engine answers with a static text.
    unsafe { std::ffi::CStr::from_ptr(qjs::JS_GetVersion()) }.to_string_lossy().into_owned()
}

/// The value of the first field of one of these names in a file of /proc.
fn field(text: &str, names: &[&str]) -> Option<String> {
    text.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| names.contains(&name.trim())).map(|(_, value)| printable(value))
}

fn board() -> Option<String> {
    BOARDS.iter().find_map(|file| fs::read(Path::new(file)).ok()).map(|bytes| printable(&String::from_utf8_lossy(&bytes)))
}

/// Firmware texts end in NUL or a line end, and may hold anything.
fn printable(text: &str) -> String {
    let shown: String = text.chars().map(|character| if matches!(character, ' '..='~') { character } else { ' ' }).collect();
    shown.trim().to_owned()
}

/// Bytes.
fn memory(name: &str) -> f64 {
    let kilobytes = fs::read_to_string("/proc/meminfo").ok().and_then(|text| field(&text, &[name]));
    kilobytes.and_then(|text| text.split(' ').next()?.parse::<f64>().ok()).unwrap_or(0.0) * 1024.0
}

/// Bytes in all, and those that an ordinary user may still write, on the file system of a folder. By the C library: rustix reads what the
/// kernel answers on MIPS by another order.
#[allow(unsafe_code)]
fn space(folder: &str) -> Answer<Vec<f64>> {
    let mut status = MaybeUninit::<libc::statvfs>::uninit();
    let result = CString::new(folder).map_err(|_| Errno::INVAL).and_then(|path| {
        // SAFETY: the path ends in NUL, and the call fills the status in, or fails.
        match unsafe { libc::statvfs(path.as_ptr(), status.as_mut_ptr()) } {
            // SAFETY: it did not fail.
            0 => Ok(unsafe { status.assume_init() }),
            _ => Err(std::io::Error::last_os_error().raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)),
        }
    });
    answer(result.map(|status| [status.f_blocks, status.f_bavail].map(|blocks| blocks as f64 * status.f_frsize as f64).to_vec()))
}
