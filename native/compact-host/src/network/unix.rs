//! Unix sockets.

use std::fs;
use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::process::umask;
use tokio::net::{UnixListener, UnixStream};

use super::connection::Connection;
use super::{Accept, Listener, failure};
use crate::value::Failure;

/// Longest path that fits a `sockaddr_un` (unix(7)).
const LONGEST_PATH: usize = 107;

/// A socket's path, by way of its open folder where it is too long to be given to the kernel.
struct SocketPath {
    path: PathBuf,
    /// Open as long as the path is used.
    _folder: Option<fs::File>,
}

impl SocketPath {
    fn of(path: &str) -> std::io::Result<Self> {
        let path = Path::new(path);
        let (Some(parent), Some(name), true) = (path.parent(), path.file_name(), path.as_os_str().len() > LONGEST_PATH) else {
            return Ok(Self { path: path.to_owned(), _folder: None });
        };
        let folder = fs::File::open(parent)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }

    fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Accept for UnixListener {
    async fn accept(&self) -> std::io::Result<Connection> {
        self.accept().await.map(|(stream, _)| connection(stream))
    }
}

/// A socket's file that nobody listens on stays after a crash: its place is taken.
pub async fn listen(path: &str, mode: u32) -> Result<Listener<UnixListener>, Failure> {
    let open = async {
        let at = SocketPath::of(path)?;
        let socket = match bind(&at.path, mode) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                if !fs::symlink_metadata(&at.path)?.file_type().is_socket() {
                    return Ok(Err(Failure::new("in-use", format!("{path} is there and no socket"))));
                }
                match UnixStream::connect(&at.path).await {
                    Ok(_) => return Ok(Err(Failure::new("in-use", format!("another program listens on {path}")))),
                    // Its queue of those who wait is full.
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        return Ok(Err(Failure::new("in-use", format!("another program listens on {path}"))));
                    }
                    Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
                    Err(error) => return Err(error),
                }
                fs::remove_file(&at.path)?;
                bind(&at.path, mode)
            }
            other => other,
        }?;
        Ok(Ok(Listener::new(socket, path.to_owned(), move || at.remove())))
    };
    open.await.unwrap_or_else(|error: std::io::Error| Err(failure(&error, path)))
}

/// The socket's file is made within this call: its mode is right from the first moment.
fn bind(path: &Path, mode: u32) -> std::io::Result<UnixListener> {
    let mask = umask(Mode::from_raw_mode(0o777 & !mode));
    let socket = UnixListener::bind(path);
    umask(mask);
    socket
}

pub async fn connect(path: &str) -> Result<Connection, Failure> {
    let connected = async {
        let at = SocketPath::of(path)?;
        UnixStream::connect(&at.path).await
    };
    connected.await.map(connection).map_err(|error| failure(&error, path))
}

fn connection(stream: UnixStream) -> Connection {
    let user = stream.peer_cred().ok().map(|peer| peer.uid());
    let (incoming, outgoing) = stream.into_split();
    Connection::new("unix".into(), user, incoming, outgoing)
}
