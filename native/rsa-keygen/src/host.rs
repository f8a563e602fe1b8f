//! What a daemon asks of Linux and Node has no call for.

use std::os::fd::BorrowedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use napi_derive::napi;
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
