//! `signet:network`: Unix sockets, for the port Network.

use std::cell::RefCell;
use std::fs;
use std::io::{Error, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rquickjs::function::{Async, Func};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};
use rustix::fs::Mode;
use rustix::process::umask;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::value::{Answer, Bytes, Failure, Stop};

pub struct Network;

impl ModuleDef for Network {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("listenUnix")?.declare("connectUnix").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports
            .export("listenUnix", Func::from(Async(|path: String, mode: u32| async move { Answer(Listener::open(&path, mode).await) })))?;
        exports.export("connectUnix", Func::from(Async(|path: String| async move { Answer(connect(&path).await) })))?;
        Ok(())
    }
}

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

struct Listener {
    socket: Rc<RefCell<Option<Rc<UnixListener>>>>,
    at: SocketPath,
}

impl Listener {
    /// A socket's file that nobody listens on stays after a crash: its place is taken.
    async fn open(path: &str, mode: u32) -> Result<Self, Failure> {
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
            Ok(Ok(Self { socket: Rc::new(RefCell::new(Some(Rc::new(socket)))), at }))
        };
        open.await.unwrap_or_else(|error: Error| Err(failure(&error, path)))
    }
}

/// The socket's file is made within this call: its mode is right from the first moment.
fn bind(path: &Path, mode: u32) -> std::io::Result<UnixListener> {
    let mask = umask(Mode::from_raw_mode(0o777 & !mode));
    let socket = UnixListener::bind(path);
    umask(mask);
    socket
}

async fn connect(path: &str) -> Result<Connection, Failure> {
    let connected = async {
        let at = SocketPath::of(path)?;
        UnixStream::connect(&at.path).await
    };
    connected.await.map(Connection::of).map_err(|error| failure(&error, path))
}

impl<'js> IntoJs<'js> for Listener {
    /// `{ accept(): Promise<Connection | undefined>, close(): void }`; undefined once it is closed.
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self { socket, at } = self;
        let closed = Stop::default();
        let (listening, told) = (socket.clone(), closed.clone());
        object.set(
            "accept",
            Func::from(Async(move || {
                let (socket, told) = (listening.borrow().clone(), told.clone());
                async move { Answer(accept(socket, &told).await) }
            })),
        )?;
        object.set(
            "close",
            Func::from(move || {
                if socket.take().is_some() {
                    at.remove();
                    closed.now();
                }
            }),
        )?;
        Ok(object.into_value())
    }
}

async fn accept(socket: Option<Rc<UnixListener>>, closed: &Stop) -> Result<Option<Connection>, Failure> {
    let Some(socket) = socket else { return Ok(None) };
    tokio::select! {
        biased;
        () = closed.set() => Ok(None),
        accepted = socket.accept() => accepted.map(|(stream, _)| Some(Connection::of(stream))).map_err(|error| failure(&error, "listener")),
    }
}

/// Bytes to be written, and who waits for it.
type Outgoing = (Vec<u8>, oneshot::Sender<std::io::Result<()>>);

/// One end of a connection, whose socket is closed when both halves are gone. What is written goes by a task of its own, in order, which ends the connection after the last of it.
pub struct Connection {
    /// Uid of the process at the other end.
    user: Option<u32>,
    incoming: Rc<Mutex<Option<OwnedReadHalf>>>,
    outgoing: Rc<RefCell<Option<mpsc::UnboundedSender<Outgoing>>>>,
}

impl Connection {
    fn of(stream: UnixStream) -> Self {
        let user = stream.peer_cred().ok().map(|peer| peer.uid());
        let (incoming, outgoing) = stream.into_split();
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(write_all(outgoing, receiver));
        Self { user, incoming: Rc::new(Mutex::new(Some(incoming))), outgoing: Rc::new(RefCell::new(Some(sender))) }
    }
}

async fn write_all(mut half: OwnedWriteHalf, mut queue: mpsc::UnboundedReceiver<Outgoing>) {
    while let Some((bytes, done)) = queue.recv().await {
        let _ = done.send(half.write_all(&bytes).await);
    }
    let _ = half.shutdown().await;
}

/// The most that one read brings.
const CHUNK: usize = 65_536;

impl<'js> IntoJs<'js> for Connection {
    /// `{ user: number | undefined, read(): Promise<Uint8Array | undefined>, write(bytes): Promise<void>, close(): void }`
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self { user, incoming, outgoing } = self;
        object.set("user", user)?;
        let closed = Stop::default();
        let (half, told) = (incoming.clone(), closed.clone());
        object.set(
            "read",
            Func::from(Async(move || {
                let (half, told) = (half.clone(), told.clone());
                async move { Answer(read(&half, &told).await) }
            })),
        )?;
        let open = outgoing.clone();
        object.set(
            "write",
            Func::from(Async(move |bytes: Bytes| {
                let written = open.borrow().as_ref().and_then(|queue| {
                    let (done, written) = oneshot::channel();
                    queue.send((bytes.0, done)).is_ok().then_some(written)
                });
                async move { Answer(wait(written).await) }
            })),
        )?;
        object.set(
            "close",
            Func::from(move || {
                drop(outgoing.take());
                closed.now();
                // Else the read that is under way drops it.
                if let Ok(mut half) = incoming.try_lock() {
                    *half = None;
                }
            }),
        )?;
        Ok(object.into_value())
    }
}

async fn read(incoming: &Mutex<Option<OwnedReadHalf>>, closed: &Stop) -> Result<Option<Bytes>, Failure> {
    let mut open = incoming.lock().await;
    let Some(half) = &mut *open else { return Ok(None) };
    let mut bytes = vec![0; CHUNK];
    let length = tokio::select! {
        read = half.read(&mut bytes) => match read {
            Err(error) if error.kind() == ErrorKind::ConnectionReset => 0,
            other => other.map_err(|error| failure(&error, "connection"))?,
        },
        () = closed.set() => {
            *open = None;
            0
        }
    };
    // Of just its length: it may be kept for long.
    Ok((length > 0).then(|| Bytes(bytes[..length].to_vec())))
}

async fn wait(written: Option<oneshot::Receiver<std::io::Result<()>>>) -> Result<(), Failure> {
    let gone = || Failure::new("closed", "connection: it is closed");
    match written {
        Some(written) => written.await.map_err(|_| gone())?.map_err(|error| failure(&error, "connection")),
        None => Err(gone()),
    }
}

fn failure(error: &Error, what: &str) -> Failure {
    let code = match error.kind() {
        ErrorKind::AddrInUse => "in-use",
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => "refused",
        ErrorKind::PermissionDenied => "not-permitted",
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => "closed",
        _ => "failed",
    };
    Failure::new(code, format!("{what}: {error}"))
}
