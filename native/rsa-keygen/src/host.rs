//! What a daemon asks of Linux and Node has no call for.

use std::os::fd::{BorrowedFd, IntoRawFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use napi_derive::napi;
use rustix::fs::{FlockOperation, Mode, OFlags, fcntl_lock, open};
use rustix::io::Errno;
use rustix::net::sockopt::socket_peercred;

/// Uid of the process at the other end of the connected Unix socket `descriptor`, as it was when it connected (unix(7), `SO_PEERCRED`);
/// nothing for what is no such socket.
#[napi]
#[must_use]
pub fn peer_user(descriptor: i32) -> Option<u32> {
    if descriptor < 0 {
        return None;
    }
    // SAFETY: the caller's descriptor is open during the call; one that is not is refused by the system.
    let socket = unsafe { BorrowedFd::borrow_raw(descriptor) };
    socket_peercred(socket).ok().map(|peer| peer.uid.as_raw())
}

/// Locks the file at `path`, which is made if it is not there, as `lckpwdf(3)` locks: until the descriptor that is returned is closed. Nothing
/// if another process has it.
///
/// # Errors
/// When the file can't be opened or locked.
#[allow(clippy::needless_pass_by_value, reason = "a string of JavaScript arrives by value")]
#[napi]
pub fn lock_file(path: String) -> napi::Result<Option<i32>> {
    let failed = |error: Errno| napi::Error::from_reason(format!("{path}: {error}"));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = open(&path, flags, Mode::from_raw_mode(0o600)).map_err(failed)?;
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file.into_raw_fd())),
        Err(Errno::ACCESS | Errno::AGAIN) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Sends `message` to a supervisor's socket, a path or `@` and an abstract name (`sd_notify(3)`). False if it could not be sent.
#[allow(clippy::needless_pass_by_value, reason = "a string of JavaScript arrives by value")]
#[napi]
#[must_use]
pub fn notify(socket: String, message: String) -> bool {
    let send = || -> std::io::Result<usize> {
        let address = match socket.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(&socket)?,
        };
        UnixDatagram::unbound()?.send_to_addr(message.as_bytes(), &address)
    };
    send().is_ok()
}
