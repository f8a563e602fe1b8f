//! One connection: bytes one way and the other, on any socket, with TLS or without.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs::function::{Async, Func};
use rquickjs::{Ctx, IntoJs, Object, Value};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::failure;
use super::tls::{self, Session};
use crate::value::{Answer, Bytes, Failure, Stop};

/// The most that one read brings.
pub const CHUNK: usize = 16_384;

type Incoming = Box<dyn AsyncRead + Unpin>;

/// Bytes to be written, and who waits for it.
type Outgoing = (Vec<u8>, oneshot::Sender<std::io::Result<()>>);

/// What is written goes by a task of its own, in order, which ends the connection after the last of it, or where it is told to drop the rest.
#[derive(Clone)]
pub struct Queue {
    sender: mpsc::UnboundedSender<Outgoing>,
    dropped: Stop,
}

impl Queue {
    fn of(half: impl AsyncWrite + Unpin + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let dropped = Stop::default();
        let told = dropped.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = write_all(half, receiver) => {},
                () = told.set() => {},
            }
        });
        Self { sender, dropped }
    }

    /// Queues within the call, so that what is called first is written first; resolves when the kernel took the bytes.
    pub fn write(&self, bytes: Vec<u8>) -> impl Future<Output = Result<(), Failure>> + use<> {
        let (done, written) = oneshot::channel();
        let queued = self.sender.send((bytes, done));
        async move {
            queued.map_err(|_| gone())?;
            written.await.map_err(|_| gone())?.map_err(|error| failure(&error, "connection"))
        }
    }
}

async fn write_all(mut half: impl AsyncWrite + Unpin, mut queue: mpsc::UnboundedReceiver<Outgoing>) {
    while let Some((bytes, done)) = queue.recv().await {
        let _ = done.send(half.write_all(&bytes).await);
    }
    let _ = half.shutdown().await;
}

pub fn gone() -> Failure {
    Failure::new("closed", "connection: it is closed")
}

/// One end of a connection, whose socket is closed when both halves are gone.
pub struct Connection {
    peer: String,
    /// Uid of the process at the other end.
    user: Option<u32>,
    incoming: Rc<Mutex<Option<Incoming>>>,
    outgoing: Rc<RefCell<Option<Queue>>>,
    tls: Option<Rc<Session>>,
}

impl Connection {
    pub fn new(
        peer: String,
        user: Option<u32>,
        incoming: impl AsyncRead + Unpin + 'static,
        outgoing: impl AsyncWrite + Unpin + Send + 'static,
    ) -> Self {
        Self {
            peer,
            user,
            incoming: Rc::new(Mutex::new(Some(Box::new(incoming)))),
            outgoing: Rc::new(RefCell::new(Some(Queue::of(outgoing)))),
            tls: None,
        }
    }
}

impl<'js> IntoJs<'js> for Connection {
    /// ```text
    /// {
    ///   peer: string, user: number | undefined, version: string | undefined, peerCertificates: Uint8Array[] | undefined,
    ///   read(): Promise<Uint8Array | undefined>, write(bytes): Promise<void>, close(): void, drop(): void,
    ///   serveTls(certificates, privateKey, only12): Promise<Connection>, startTls(name, only12): Promise<Connection>
    /// }
    /// ```
    /// The last two are not there where TLS is spoken already.
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self { peer, user, incoming, outgoing, tls } = self;
        object.set("peer", peer.clone())?;
        object.set("user", user)?;
        if let Some(session) = &tls {
            object.set("version", session.version())?;
            object.set("peerCertificates", session.peer_certificates().into_iter().map(Bytes).collect::<Vec<_>>())?;
        }
        let closed = Stop::default();
        let (half, told, session) = (incoming.clone(), closed.clone(), tls.clone());
        let open = outgoing.clone();
        object.set(
            "read",
            Func::from(Async(move || {
                let (half, told, session, queue) = (half.clone(), told.clone(), session.clone(), open.borrow().clone());
                async move {
                    Answer(match session {
                        Some(session) => session.read(&half, queue.as_ref(), &told).await,
                        None => read(&half, CHUNK, &told).await,
                    })
                }
            })),
        )?;
        let (open, session) = (outgoing.clone(), tls.clone());
        object.set(
            "write",
            Func::from(Async(move |bytes: Bytes| {
                let queue = open.borrow().clone();
                let written = queue.map(|queue| match &session {
                    Some(session) => Ok(session.clone().write(queue, bytes.0)),
                    None => Err(queue.write(bytes.0)),
                });
                async move {
                    Answer(match written {
                        Some(Ok(written)) => written.await,
                        Some(Err(written)) => written.await,
                        None => Err(gone()),
                    })
                }
            })),
        )?;
        let dropped = outgoing.borrow().as_ref().map(|queue| queue.dropped.clone());
        if tls.is_none() {
            tls::offer(&object, Upgrade { peer, incoming: incoming.clone(), outgoing: outgoing.clone(), closed: closed.clone() })?;
        }
        let (open, half, told) = (outgoing.clone(), incoming.clone(), closed.clone());
        object.set(
            "close",
            Func::from(move |ctx: Ctx<'js>| {
                if let (Some(queue), Some(session)) = (open.take(), &tls) {
                    ctx.spawn(session.clone().close(queue));
                }
                stop_reading(&half, &told);
            }),
        )?;
        object.set(
            "drop",
            Func::from(move || {
                drop(outgoing.take());
                if let Some(dropped) = &dropped {
                    dropped.now();
                }
                stop_reading(&incoming, &closed);
            }),
        )?;
        Ok(object.into_value())
    }
}

fn stop_reading(incoming: &Half, closed: &Stop) {
    closed.now();
    // Else the read that is under way drops it.
    if let Ok(mut half) = incoming.try_lock() {
        *half = None;
    }
}

/// What a connection gives up to the one that speaks TLS over it.
#[derive(Clone)]
pub struct Upgrade {
    peer: String,
    incoming: Rc<Mutex<Option<Incoming>>>,
    outgoing: Rc<RefCell<Option<Queue>>>,
    pub closed: Stop,
}

impl Upgrade {
    /// Handshakes, and gives the connection that takes the place of the one below, which is closed as far as its caller can see. A close of it
    /// during the handshake ends that.
    pub async fn speak_tls(self, session: rustls::Connection) -> Result<Connection, Failure> {
        let queue = self.outgoing.borrow().clone().ok_or_else(gone)?;
        let session = tls::handshake(session, &self.incoming, &queue, &self.closed).await?;
        let half = self.incoming.lock().await.take().ok_or_else(gone)?;
        self.outgoing.take().ok_or_else(gone)?;
        Ok(Connection {
            peer: self.peer,
            user: None,
            incoming: Rc::new(Mutex::new(Some(half))),
            outgoing: Rc::new(RefCell::new(Some(queue))),
            tls: Some(Rc::new(session)),
        })
    }
}

/// What comes next, at most so many bytes; nothing at the end, and once it is closed here. A reset is an error: what came before it may not be all.
pub async fn read(incoming: &Half, most: usize, closed: &Stop) -> Result<Option<Bytes>, Failure> {
    let mut open = incoming.lock().await;
    let Some(half) = &mut *open else { return Ok(None) };
    // Not cleared before: most of it is written, or never touched.
    let mut bytes = Vec::with_capacity(most);
    tokio::select! {
        read = half.read_buf(&mut bytes) => drop(read.map_err(|error| failure(&error, "connection"))?),
        () = closed.set() => *open = None,
    }
    // Of just its length: it may be kept for long.
    Ok((!bytes.is_empty()).then(|| Bytes(bytes.as_slice().to_vec())))
}

pub type Half = Mutex<Option<Incoming>>;
