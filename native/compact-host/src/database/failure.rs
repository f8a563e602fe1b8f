//! SQLite's errors as the port tells them.

use rusqlite::ffi;
use rustix::io::Errno;

use crate::value::Failure;

/// A failure of SQLite, by its primary result code (sqlite3.h) where that means something to a caller.
pub fn failure(error: &rusqlite::Error) -> Failure {
    let (extended, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code.extended_code, message.clone()),
        rusqlite::Error::SqlInputError { error: code, msg, .. } => (code.extended_code, Some(msg.clone())),
        other => (ffi::SQLITE_ERROR, Some(other.to_string())),
    };
    let message = message.unwrap_or_else(|| ffi::code_to_str(extended).to_owned());
    let code = match extended & 0xff {
        // A file that ends in the middle of a page.
        _ if extended == ffi::SQLITE_IOERR_SHORT_READ => "damaged",
        _ if message == "unsupported file format" => "too-new",
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => "busy",
        ffi::SQLITE_READONLY => "read-only",
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => "damaged",
        ffi::SQLITE_FULL => "full",
        ffi::SQLITE_CONSTRAINT => "constraint",
        _ => "failed",
    };
    Failure::new(code, message)
}

/// A failure of the operating system on the file.
pub fn of_system(error: Errno, path: &str) -> Failure {
    let code = match error {
        Errno::NOSPC | Errno::DQUOT => "full",
        Errno::ROFS | Errno::ACCESS | Errno::PERM => "read-only",
        _ => "failed",
    };
    Failure::new(code, format!("{path}: {error}"))
}
