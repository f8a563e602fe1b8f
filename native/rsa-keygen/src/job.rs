use std::cell::RefCell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Weak};
use std::thread;

use napi::bindgen_prelude::Either;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, JsDeferred, Status};
use signet_keygen::{Event, Job};

use crate::spec::Asked;
use crate::{Failure, GeneratedKey, Outcome};

/// What JavaScript hears of a job.
pub type News = Either<f64, &'static str>;

/// Makes the outcome on the thread of the event loop, where JavaScript's values are made.
pub type Resolver = Box<dyn FnOnce(Env) -> napi::Result<Outcome> + Send>;
pub type Deferred = JsDeferred<Outcome, Resolver>;
/// Weak: it does not keep the event loop alive, and is never called by the event loop's own thread.
pub type Progress = ThreadsafeFunction<News, (), News, Status, false, true>;

/// The least nice value there is: a router keeps routing.
const LOWEST_PRIORITY: i32 = 19;
/// Progress is told in steps of at least this share.
const STEP: f64 = 1.0 / 256.0;

thread_local! {
    /// What cancels each job of this thread's JavaScript: an environment of Node has a thread of its own. Those of jobs that have ended go when
    /// the next one starts.
    static STARTED: RefCell<Vec<Weak<AtomicBool>>> = const { RefCell::new(Vec::new()) };
}

/// Cancels every job that the calling thread has started.
pub fn cancel_all() {
    for cancelled in STARTED.take().iter().filter_map(Weak::upgrade) {
        cancelled.store(true, Ordering::Relaxed);
    }
}

/// Runs the job on a thread of its own and as many more as were asked for, which settles the promise at its end.
pub fn start(asked: Asked, cancelled: Arc<AtomicBool>, progress: Progress, deferred: Deferred) {
    STARTED.with_borrow_mut(|started| {
        started.retain(|cancelled| cancelled.strong_count() > 0);
        started.push(Arc::downgrade(&cancelled));
    });
    // The promise is handed over when the thread exists, so that it can still be settled here when there is none to be had.
    let (hand_over, taken_over) = sync_channel::<Deferred>(1);
    let thread = thread::Builder::new().name("keygen".into()).spawn(move || {
        // Linux sets it for the calling thread alone, from which those that help inherit it. A key at the usual priority is better than none.
        let _ = rustix::process::setpriority_process(None, LOWEST_PRIORITY);
        let resolver = run(&asked, &cancelled, &progress);
        if let Ok(deferred) = taken_over.recv() {
            deferred.resolve(resolver);
        }
    });
    match thread {
        Ok(_) => hand_over.send(deferred).unwrap_or(()),
        Err(error) => {
            settle(deferred, Either::B(Failure { code: "threads", message: format!("no thread for the key generator: {error}") }));
        }
    }
}

pub fn settle(deferred: Deferred, outcome: Outcome) {
    deferred.resolve(Box::new(|_| Ok(outcome)));
}

fn run(asked: &Asked, cancelled: &AtomicBool, progress: &Progress) -> Resolver {
    let mut told = 0.0;
    let mut listener = |event| {
        let news = match event {
            Event::WaitingForEntropy => Either::B("waiting for entropy"),
            // The promise tells the end; it has a queue of its own, so a share of 1 might come after it and be lost.
            Event::Share(share) if share < 1.0 && share >= told + STEP => {
                told = share;
                Either::A(share)
            }
            Event::Share(_) => return,
        };
        progress.call(news, ThreadsafeFunctionCallMode::NonBlocking);
    };
    let mut job = Job::new(cancelled, &mut listener).on_threads(asked.threads);
    match catch_unwind(AssertUnwindSafe(|| signet_keygen::generate(asked.key, &mut job))) {
        Ok(Ok(mut key)) => Box::new(move |_| {
            // The very memory becomes JavaScript's: no copy is left to wipe.
            let private_key = mem::take(&mut *key.private_key).into();
            Ok(Either::A(GeneratedKey { private_key, public_key: key.public_key.into() }))
        }),
        Ok(Err(error)) => Box::new(move |_| Ok(Either::B(error.into()))),
        Err(_) => Box::new(|_| Ok(Either::B(Failure { code: "failed", message: "the key generator failed".into() }))),
    }
}
