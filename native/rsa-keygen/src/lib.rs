//! `signet-keygen` for Node: each job has a thread of its own at the lowest priority, so neither the event loop nor anything else on
//! the machine waits for it. A promise tells how it ended; bad input and cancellation are values of it, not exceptions.

mod job;
mod wiping;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::Env;
use napi::bindgen_prelude::{Either, Function, Object, Uint8Array};
use napi_derive::napi;
use signet_keygen::{Curve, Error};
use wiping::Wiping;

#[global_allocator]
static ALLOCATOR: Wiping<std::alloc::System> = Wiping(std::alloc::System);

/// What key to make; the same shape as `KeySpec` of `src/platform/keygen.ts`.
#[napi(object, object_to_js = false)]
pub struct KeySpec {
    /// "rsa", "ec" or "ed25519".
    pub r#type: String,
    /// Of RSA.
    pub bits: Option<u32>,
    /// Of EC: "prime256v1", "secp384r1" or "secp521r1".
    pub curve: Option<String>,
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
#[napi(object, object_from_js = false)]
pub struct Failure {
    /// "size", "memory", "threads", "cancelled" or "failed".
    pub code: &'static str,
    /// For people; says nothing of a key.
    pub message: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Size { .. } => "size",
            Error::Memory { .. } => "memory",
            Error::Cancelled => "cancelled",
            Error::Inconsistent => "failed",
        };
        Self { code, message: error.to_string() }
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

    /// The job ends at its next test of a candidate.
    #[napi]
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Starts a job. `progress` hears the share of the work done, as long as the event loop lives for other reasons.
///
/// # Errors
/// When Node-API refuses its part, which is a fault of the host.
#[allow(clippy::needless_pass_by_value, reason = "an object of JavaScript arrives by value")]
#[napi(ts_return_type = "Promise<GeneratedKey | Failure>")]
pub fn generate<'env>(
    env: &'env Env,
    spec: KeySpec,
    cancel: &CancelToken,
    progress: Function<'env, f64, ()>,
) -> napi::Result<Object<'env>> {
    let progress = progress.build_threadsafe_function().weak::<true>().build()?;
    let (deferred, promise) = env.create_deferred()?;
    match key_spec(&spec) {
        Ok(spec) => job::start(spec, cancel.0.clone(), progress, deferred),
        Err(failure) => job::settle(deferred, Either::B(failure)),
    }
    Ok(promise)
}

/// Mean seconds that such a key takes on this machine, as an order of magnitude.
///
/// # Errors
/// When there is no such key.
#[allow(clippy::needless_pass_by_value, reason = "an object of JavaScript arrives by value")]
#[napi]
pub fn expected_seconds(spec: KeySpec) -> napi::Result<f64> {
    let spec = key_spec(&spec).map_err(|failure| napi::Error::from_reason(failure.message))?;
    Ok(signet_keygen::expected_seconds(spec))
}

fn key_spec(spec: &KeySpec) -> Result<signet_keygen::KeySpec, Failure> {
    match (spec.r#type.as_str(), spec.bits, spec.curve.as_deref()) {
        ("rsa", Some(bits), _) => Ok(signet_keygen::KeySpec::Rsa { bits }),
        ("ec", _, Some("prime256v1")) => Ok(signet_keygen::KeySpec::Ec(Curve::P256)),
        ("ec", _, Some("secp384r1")) => Ok(signet_keygen::KeySpec::Ec(Curve::P384)),
        ("ec", _, Some("secp521r1")) => Ok(signet_keygen::KeySpec::Ec(Curve::P521)),
        ("ed25519", ..) => Ok(signet_keygen::KeySpec::Ed25519),
        _ => Err(Failure { code: "failed", message: "expected a key of type rsa with bits, ec with a NIST curve, or ed25519".into() }),
    }
}
