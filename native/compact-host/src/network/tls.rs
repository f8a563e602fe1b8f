//! TLS on a connection, by `native/host-tls`.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::io::{Read, Write};
use std::rc::Rc;

use rquickjs::Object;
use rquickjs::function::{Async, Func};
use rustls::ProtocolVersion;
use signet_host_tls::Versions;
use tokio::sync::{Mutex, Semaphore};

use super::connection::{Half, Queue, Upgrade, gone, read};
use crate::value::{Answer, Bytes, Failure, Stop, on_thread};

/// Gives a connection's object its methods `serveTls` and `startTls`.
pub fn offer(object: &Object<'_>, upgrade: Upgrade) -> rquickjs::Result<()> {
    let below = upgrade.clone();
    object.set(
        "serveTls",
        Func::from(Async(move |certificates: Vec<Bytes>, private_key: Bytes, only_12: bool| {
            let below = below.clone();
            async move {
                let certificates = certificates.into_iter().map(|certificate| certificate.0).collect();
                // The key's public half is computed.
                let session = computed(&below.closed, move || {
                    signet_host_tls::serve(certificates, private_key.0, versions(only_12)).map_err(failure)
                })
                .await;
                Answer(match session {
                    Ok(session) => below.speak_tls(session).await,
                    Err(failure) => Err(failure),
                })
            }
        })),
    )?;
    object.set(
        "startTls",
        Func::from(Async(move |name: String, only_12: bool| {
            let below = upgrade.clone();
            async move {
                Answer(match signet_host_tls::connect(&name, versions(only_12)) {
                    Ok(session) => below.speak_tls(session).await,
                    Err(error) => Err(failure(error)),
                })
            }
        })),
    )
}

fn versions(only_12: bool) -> Versions {
    if only_12 { Versions::Only12 } else { Versions::Any }
}

/// Of rustls, or of what it reads and writes in memory.
#[allow(clippy::needless_pass_by_value, reason = "maps errors")]
fn failure(error: impl Display) -> Failure {
    Failure::new("tls", format!("TLS: {error}"))
}

/// The most that is read at once: a record with what belongs to it (RFC 8446 5.2).
const RECORD: usize = 16_384 + 256 + 5;
/// The most that is encrypted at once, as the thread of JavaScript does it.
const PIECE: usize = 16_384;
/// One handshake is computed at a time, on a thread, and so many wait for their turn: who connects often does not fill the memory.
static COMPUTING: Semaphore = Semaphore::const_new(1);
static WAITING: Semaphore = Semaphore::const_new(64);

async fn computed<T: Send + 'static>(closed: &Stop, work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let _place = WAITING.try_acquire().map_err(|_| Failure::new("failed", "TLS: too many handshakes at once"))?;
    let turn = tokio::select! {
        biased;
        () = closed.set() => return Err(gone()),
        turn = COMPUTING.acquire() => turn.map_err(|_| gone())?,
    };
    let outcome = on_thread(work).await;
    drop(turn);
    outcome
}

/// Speaks until both sides are sure of each other. Signatures take long on a small CPU, so they are made beside the thread of JavaScript.
pub async fn handshake(mut tls: rustls::Connection, incoming: &Half, queue: &Queue, closed: &Stop) -> Result<Session, Failure> {
    let (mut early, mut ended) = (Vec::new(), false);
    loop {
        let flight = drain(&mut tls)?;
        if !flight.is_empty() {
            tokio::select! {
                biased;
                () = closed.set() => return Err(gone()),
                written = queue.write(flight) => written?,
            }
        }
        if !tls.is_handshaking() {
            return Ok(Session { tls: RefCell::new(tls), early: RefCell::new(early), writing: Mutex::new(()), ended: Cell::new(ended) });
        }
        let bytes = read(incoming, RECORD, closed).await?.ok_or_else(gone)?;
        let (after, told, text) = computed(closed, move || {
            let mut text = Vec::new();
            let told = take(&mut tls, &bytes.0, &mut text);
            Ok((tls, told, text))
        })
        .await?;
        tls = after;
        early.extend(text);
        match told {
            Ok(is_last) => ended = is_last,
            Err(failure) => {
                // The alert that tells the other end why.
                drop(queue.write(drain(&mut tls)?));
                return Err(failure);
            }
        }
        if ended && tls.is_handshaking() {
            return Err(gone());
        }
    }
}

/// Takes in what came, and appends what it says. True where the peer said that nothing more comes; what comes nevertheless is not looked at.
fn take(tls: &mut rustls::Connection, mut bytes: &[u8], text: &mut Vec<u8>) -> Result<bool, Failure> {
    loop {
        let taken = tls.read_tls(&mut bytes).map_err(failure)?;
        let state = tls.process_new_packets().map_err(failure)?;
        let (start, length) = (text.len(), state.plaintext_bytes_to_read());
        text.resize(start + length, 0);
        tls.reader().read_exact(&mut text[start..]).map_err(failure)?;
        if state.peer_has_closed() {
            return Ok(true);
        }
        if taken == 0 || bytes.is_empty() {
            return Ok(false);
        }
    }
}

/// What is to be sent.
fn drain(tls: &mut rustls::Connection) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut bytes).map_err(failure)?;
    }
    Ok(bytes)
}

/// What a connection that speaks TLS has besides its socket.
pub struct Session {
    tls: RefCell<rustls::Connection>,
    /// Came with the handshake's end.
    early: RefCell<Vec<u8>>,
    /// Held by the one whose bytes are being written.
    writing: Mutex<()>,
    /// Has the peer said that nothing more comes?
    ended: Cell<bool>,
}

impl Session {
    pub fn version(&self) -> &'static str {
        if self.tls.borrow().protocol_version() == Some(ProtocolVersion::TLSv1_3) { "1.3" } else { "1.2" }
    }

    /// As the peer sent them; none on the server's side.
    pub fn peer_certificates(&self) -> Vec<Vec<u8>> {
        self.tls.borrow().peer_certificates().unwrap_or_default().iter().map(|certificate| certificate.to_vec()).collect()
    }

    pub async fn read(&self, incoming: &Half, queue: Option<&Queue>, closed: &Stop) -> Result<Option<Bytes>, Failure> {
        let mut text = self.early.take();
        while text.is_empty() && !self.ended.get() {
            let Some(bytes) = read(incoming, RECORD, closed).await? else { return Ok(None) };
            let told = take(&mut self.tls.borrow_mut(), &bytes.0, &mut text);
            // Answers to a change of keys, and alerts.
            let answer = drain(&mut self.tls.borrow_mut())?;
            if let (false, Some(queue)) = (answer.is_empty(), queue) {
                drop(queue.write(answer));
            }
            self.ended.set(told?);
        }
        Ok((!text.is_empty()).then_some(Bytes(text)))
    }

    pub async fn write(self: Rc<Self>, queue: Queue, bytes: Vec<u8>) -> Result<(), Failure> {
        let _turn = self.writing.lock().await;
        for piece in bytes.chunks(PIECE) {
            let sealed = self.seal(piece)?;
            queue.write(sealed).await?;
        }
        Ok(())
    }

    fn seal(&self, piece: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut tls = self.tls.borrow_mut();
        tls.writer().write_all(piece).map_err(failure)?;
        drain(&mut tls)
    }

    /// Says that nothing more comes, after what is being written.
    pub async fn close(self: Rc<Self>, queue: Queue) {
        let _turn = self.writing.lock().await;
        self.tls.borrow_mut().send_close_notify();
        let farewell = drain(&mut self.tls.borrow_mut());
        if let Ok(bytes) = farewell {
            drop(queue.write(bytes));
        }
    }
}
