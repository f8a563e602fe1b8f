//! `signet-keygen` for Node, and the calls of Linux that Node lacks (`host`): each job has threads of its own at the lowest priority, so neither the event loop nor anything else on
//! the machine waits for it. A promise tells how it ended; bad input and cancellation are values of it, not exceptions.
//!
//! A process that loads this holds keys: it dumps no core any more, and is silent about panics (`signet_secret_memory::seal`).

mod host;
mod job;
mod spec;

pub use host::{lock_file, notify, peer_user};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::{AsyncTask, Either, Function, Object, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use signet_keygen::{Error, KeySpec};
use signet_secret_memory::Wiping;

#[global_allocator]
static ALLOCATOR: Wiping<std::alloc::System> = Wiping(std::alloc::System);

#[napi_derive::module_init]
fn init() {
    signet_secret_memory::seal();
}

/// An environment of Node that ends takes its jobs with it, as that of a worker that is terminated does: nobody would get their keys.
///
/// # Errors
/// When Node-API refuses its part, which is a fault of the host.
#[napi(module_exports)]
pub fn load(_exports: Object, env: Env) -> napi::Result<()> {
    env.add_env_cleanup_hook((), |()| job::cancel_all())?;
    Ok(())
}

/// A new key pair. Whoever gets it wipes `private_key`.
#[napi(object, object_from_js = false)]
pub struct GeneratedKey {
    /// `PrivateKeyInfo`, DER.
    pub private_key: Uint8Array,
    /// `SubjectPublicKeyInfo`, DER.
    pub public_key: Uint8Array,
}

/// Why there is no key.
#[derive(Clone)]
#[napi(object, object_from_js = false)]
pub struct Failure {
    /// "size", "exponent", "memory", "threads", "entropy", "cancelled", "kernel", "worker", "inconsistent" or "failed".
    pub code: &'static str,
    /// For people; says nothing of a key.
    pub message: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

/// How a job ends.
pub type Outcome = Either<GeneratedKey, Failure>;

/// Stops a job, before or while it runs.
#[napi]
#[derive(Default)]
pub struct CancelToken(Arc<AtomicBool>);

#[napi]
impl CancelToken {
    /// A token that stops nothing yet.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The job ends within a test of a candidate.
    #[napi]
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Starts a job; its spec is that of `src/platform/keygen.ts`. `progress` hears the share of the work done, below 1, or "waiting for
/// entropy", as long as the event loop lives for other reasons.
///
/// # Errors
/// What reading the spec throws. Else when Node-API refuses its part, which is a fault of the host.
#[allow(clippy::needless_pass_by_value, reason = "an object of JavaScript arrives by value")]
#[napi(ts_return_type = "Promise<GeneratedKey | Failure>")]
pub fn generate<'env>(
    env: &'env Env,
    spec: Object<'env>,
    cancel: &CancelToken,
    progress: Function<'env, job::News, ()>,
) -> napi::Result<Object<'env>> {
    // What reading throws is thrown before there is a promise, which would keep the event loop alive until it is settled.
    let asked = spec::read(&spec)?;
    let progress = progress.build_threadsafe_function().weak::<true>().build()?;
    let (deferred, promise) = env.create_deferred()?;
    match asked {
        Ok(asked) => job::start(asked, cancel.0.clone(), progress, deferred),
        Err(failure) => job::settle(deferred, Either::B(failure)),
    }
    Ok(promise)
}

/// Mean seconds that such a key takes on this machine, as an order of magnitude.
///
/// # Errors
/// What reading the spec throws.
#[allow(clippy::needless_pass_by_value, reason = "an object of JavaScript arrives by value")]
#[napi(ts_return_type = "Promise<number | Failure>")]
pub fn expected_seconds(spec: Object) -> napi::Result<AsyncTask<Expectation>> {
    Ok(AsyncTask::new(Expectation(spec::read(&spec)?.map(|asked| asked.key))))
}

/// The work of [`expected_seconds`], on a thread of libuv's pool: the kernels may have to be measured.
pub struct Expectation(Result<KeySpec, Failure>);

impl Task for Expectation {
    type Output = Either<f64, Failure>;
    type JsValue = Either<f64, Failure>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let seconds = self.0.clone().and_then(|key| Ok(signet_keygen::expected_seconds(key)?));
        Ok(seconds.map_or_else(Either::B, Either::A))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_each_error_by_its_code_and_message() {
        let told = [
            (Error::Size { bits: 7 }, "size", "an RSA key has 1024 to 8192 bits, a multiple of 128; 7 is not"),
            (Error::Exponent { exponent: 3 }, "exponent", "the public exponent of an RSA key is 65537; 3 is not offered"),
            (Error::Memory { bytes: 65_536 }, "memory", "no memory for a new key: 65536 bytes are needed"),
            (Error::Threads { asked: 3, cores: 2 }, "threads", "a search has 1 to 2 threads on this machine; 3 is not"),
            (Error::Entropy, "entropy", "the operating system has no random numbers"),
            (Error::Cancelled, "cancelled", "cancelled"),
            (Error::Kernel, "kernel", "no arithmetic of the key generator gives right results on this machine"),
            (Error::Worker, "worker", "a thread of the key generator failed"),
            (Error::Inconsistent, "inconsistent", "the new key pair does not fit together; it was thrown away"),
        ];
        for (error, code, message) in told {
            let failure = Failure::from(error);
            assert_eq!((failure.code, &failure.message[..]), (code, message));
        }
    }
}
