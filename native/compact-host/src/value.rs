//! What crosses between Rust and JavaScript: bytes, failures with a code, and work that can be cancelled.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rquickjs::function::Func;
use rquickjs::promise::Promised;
use rquickjs::{Ctx, Exception, FromJs, IntoJs, Object, TypedArray, Value};
use tokio::sync::Notify;

/// A `Uint8Array`, copied on its way.
pub struct Bytes(pub Vec<u8>);

impl<'js> FromJs<'js> for Bytes {
    #[allow(unsafe_code)]
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Self> {
        let array = TypedArray::<u8>::from_js(ctx, value)?;
        // SAFETY: nothing of JavaScript runs while the bytes are borrowed.
        let bytes = unsafe { array.as_bytes() }.ok_or_else(|| Exception::throw_type(ctx, "the bytes are detached"))?;
        Ok(Self(bytes.to_vec()))
    }
}

impl<'js> IntoJs<'js> for Bytes {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        TypedArray::new(ctx.clone(), self.0).map(TypedArray::into_value)
    }
}

/// What the ports tell of a failure: a code of theirs and a text for people. In JavaScript an `Error` with both.
#[derive(Debug)]
pub struct Failure {
    /// One of the port's codes; "cancelled" everywhere.
    pub code: &'static str,
    /// Says nothing that is secret.
    pub message: String,
}

impl Failure {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub fn cancelled() -> Self {
        Self::new("cancelled", "interrupted")
    }

    fn throw(&self, ctx: &Ctx<'_>) -> rquickjs::Error {
        let thrown = Exception::from_message(ctx.clone(), &self.message).and_then(|exception| {
            exception.as_object().set("code", self.code)?;
            Ok(ctx.throw(exception.into_value()))
        });
        thrown.unwrap_or_else(|error| error)
    }
}

/// How a call ends; a failure is thrown, or rejects the promise.
pub struct Answer<T>(pub Result<T, Failure>);

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Answer<T> {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        match self.0 {
            Ok(value) => value.into_js(ctx),
            Err(failure) => Err(failure.throw(ctx)),
        }
    }
}

/// Tells work to stop.
#[derive(Clone, Default)]
pub struct Stop(Arc<(AtomicBool, Notify)>);

impl Stop {
    /// The flag that work on a thread looks at.
    pub fn flag(&self) -> &AtomicBool {
        &self.0.0
    }

    /// Resolves once it is set.
    pub async fn set(&self) {
        let told = self.0.1.notified();
        if !self.flag().load(Ordering::Relaxed) {
            told.await;
        }
    }

    pub fn now(&self) {
        self.flag().store(true, Ordering::Relaxed);
        self.0.1.notify_waiters();
    }
}

/// Work that takes its time: `{ outcome: Promise<T>, cancel(): void }` in JavaScript.
pub struct Work<T> {
    outcome: Pin<Box<dyn Future<Output = Result<T, Failure>>>>,
    stop: Stop,
}

impl<T> Work<T> {
    /// Work that heeds `stop` by itself.
    pub fn new(stop: Stop, outcome: impl Future<Output = Result<T, Failure>> + 'static) -> Self {
        Self { outcome: Box::pin(outcome), stop }
    }
}

impl<T: Send + 'static> Work<T> {
    /// Work on a thread of its own, which looks at the flag.
    pub fn on_thread(work: impl FnOnce(&AtomicBool) -> Result<T, Failure> + Send + 'static) -> Self {
        let stop = Stop::default();
        let flag = stop.clone();
        Self::new(stop, on_thread(move || work(flag.flag())))
    }
}

impl<'js, T: IntoJs<'js> + 'js> Work<T> {
    /// The object, to which more may be added.
    pub fn into_object(self, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let object = Object::new(ctx.clone())?;
        let outcome = self.outcome;
        object.set("outcome", Promised(async move { Answer(outcome.await) }))?;
        object.set("cancel", Func::from(move || self.stop.now()))?;
        Ok(object)
    }
}

impl<'js, T: IntoJs<'js> + 'js> IntoJs<'js> for Work<T> {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        self.into_object(ctx).map(Object::into_value)
    }
}

/// Runs what takes long beside the thread of JavaScript.
pub async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Failure::new("failed", "a thread of the host failed")))
}
