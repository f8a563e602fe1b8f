//! Standard output and standard error. Each has a thread of its own that writes in order, since a terminal may take nothing for hours.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::BorrowedFd;
use rustix::io::{Errno, write};
use rustix::stdio::{stderr, stdout};
use tokio::sync::oneshot;

use crate::value::Failure;

/// Bytes to be written, and who waits for it.
type Outgoing = (Vec<u8>, Option<oneshot::Sender<Result<(), Errno>>>);

/// Bytes that nobody waits for, and nobody has taken yet; what more is said is lost.
const MOST_UNTAKEN: usize = 256 << 10;
/// How long the end of the program waits for who takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// One of the two.
pub struct Output {
    open: Mutex<Option<(Sender<Outgoing>, Receiver<()>)>>,
    untaken: Arc<AtomicUsize>,
    lost: AtomicUsize,
}

pub static STDOUT: LazyLock<Output> = LazyLock::new(|| Output::of(stdout()));
pub static STDERR: LazyLock<Output> = LazyLock::new(|| Output::of(stderr()));

impl Output {
    fn of(stream: BorrowedFd<'static>) -> Self {
        let (queue, queued) = channel::<Outgoing>();
        let (end, ended) = channel();
        let untaken = Arc::new(AtomicUsize::new(0));
        let taken = untaken.clone();
        thread::spawn(move || {
            for (bytes, done) in queued {
                let result = write_all(stream, &bytes);
                match done {
                    Some(done) => drop(done.send(result)),
                    None => drop(taken.fetch_sub(bytes.len(), Ordering::Relaxed)),
                }
            }
            let _ = end.send(());
        });
        Self { open: Mutex::new(Some((queue, ended))), untaken, lost: AtomicUsize::new(0) }
    }

    /// Writes when it is its turn; nobody waits for it.
    pub fn say(&self, text: String) {
        if self.untaken.load(Ordering::Relaxed) + text.len() > MOST_UNTAKEN {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let text = match self.lost.swap(0, Ordering::Relaxed) {
            0 => text,
            lost => format!("signet: {lost} messages were lost, since nobody took them\n{text}"),
        };
        self.untaken.fetch_add(text.len(), Ordering::Relaxed);
        self.send((text.into_bytes(), None));
    }

    /// Resolves when the bytes were taken.
    pub fn write(&self, bytes: Vec<u8>) -> impl Future<Output = Result<(), Failure>> + use<> {
        let (done, written) = oneshot::channel();
        self.send((bytes, Some(done)));
        async move {
            let gone = |why: &str| Failure::new("closed", format!("the terminal is gone: {why}"));
            written.await.map_err(|_| gone("it was closed"))?.map_err(|error| gone(&error.to_string()))
        }
    }

    /// Waits until all was written, but not for ever; what comes later is not.
    pub fn finish(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((queue, ended)) = open {
            drop(queue);
            let _ = ended.recv_timeout(PATIENCE);
        }
    }

    fn send(&self, outgoing: Outgoing) {
        if let Some((queue, _)) = &*self.open.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = queue.send(outgoing);
        }
    }
}

/// By no buffer that would keep what was written.
fn write_all(stream: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match write(stream, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Who shares the stream may have set it not to wait.
            Err(Errno::AGAIN) => drop(poll(&mut [PollFd::new(&stream, PollFlags::OUT)], None)),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
