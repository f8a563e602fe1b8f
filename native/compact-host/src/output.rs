//! Standard output and standard error. Each has a thread of its own that writes in order, since a terminal may take nothing for hours.

use std::io::{Error, Write, stderr, stdout};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::value::Failure;

/// Bytes to be written, and who waits for it.
type Outgoing = (Vec<u8>, Option<oneshot::Sender<Result<(), Error>>>);

/// One of the two.
pub struct Output(Mutex<Option<(Sender<Outgoing>, JoinHandle<()>)>>);

pub static STDOUT: LazyLock<Output> = LazyLock::new(|| Output::of(stdout()));
pub static STDERR: LazyLock<Output> = LazyLock::new(|| Output::of(stderr()));

impl Output {
    fn of(mut stream: impl Write + Send + 'static) -> Self {
        let (queue, queued) = channel::<Outgoing>();
        let thread = thread::spawn(move || {
            for (bytes, done) in queued {
                let result = stream.write_all(&bytes).and_then(|()| stream.flush());
                if let Some(done) = done {
                    let _ = done.send(result);
                }
            }
        });
        Self(Mutex::new(Some((queue, thread))))
    }

    /// Writes when it is its turn; nobody waits for it.
    pub fn say(&self, text: String) {
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

    /// Waits until all was written; what comes later is not.
    pub fn finish(&self) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((queue, thread)) = open {
            drop(queue);
            let _ = thread.join();
        }
    }

    fn send(&self, outgoing: Outgoing) {
        if let Some((queue, _)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = queue.send(outgoing);
        }
    }
}
