//! `signet:keygen`: the crate `native/keygen` for the port `KeyGenerator`; each job on threads of its own, at the lowest priority.

use std::num::NonZero;
use std::rc::Rc;
use std::thread;

use rquickjs::function::{Async, Func, Opt};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};
use signet_keygen::{Curve, Error, Event, Job, KeySpec};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::value::{Answer, Bytes, Failure, Stop, Work, on_thread};

pub struct KeyGeneration;

impl ModuleDef for KeyGeneration {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("expectedSeconds")?.declare("generateKey").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export(
            "expectedSeconds",
            Func::from(Async(|kind: String, bits: u32| async move {
                // The kernels may have to be measured.
                Answer(on_thread(move || signet_keygen::expected_seconds(spec(&kind, bits)?).map_err(failure)).await)
            })),
        )?;
        exports.export(
            "generateKey",
            Func::from(|kind: String, bits: u32, Opt(threads): Opt<usize>| Generation::start(&kind, bits, threads)),
        )?;
        Ok(())
    }
}

/// `kind` is "rsa", "ed25519" or a curve as RouterOS names it.
fn spec(kind: &str, bits: u32) -> Result<KeySpec, Failure> {
    Ok(match kind {
        "rsa" => KeySpec::Rsa { bits },
        "prime256v1" => KeySpec::Ec(Curve::P256),
        "secp384r1" => KeySpec::Ec(Curve::P384),
        "secp521r1" => KeySpec::Ec(Curve::P521),
        "ed25519" => KeySpec::Ed25519,
        _ => return Err(Failure::new("failed", format!("no such kind of key: {kind}"))),
    })
}

/// What a caller hears on the way.
enum News {
    Share(f64),
    WaitingForEntropy,
}

impl<'js> IntoJs<'js> for News {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        match self {
            Self::Share(share) => share.into_js(ctx),
            Self::WaitingForEntropy => "waiting for entropy".into_js(ctx),
        }
    }
}

/// `{ outcome: Promise<GeneratedKey>, cancel(): void, progress(): Promise<KeyGenerationProgress | undefined> }`
struct Generation {
    work: Work<KeyPair>,
    news: mpsc::UnboundedReceiver<News>,
}

struct KeyPair {
    private_key: Bytes,
    public_key: Bytes,
}

impl<'js> IntoJs<'js> for KeyPair {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("privateKey", self.private_key)?;
        object.set("publicKey", self.public_key)?;
        Ok(object.into_value())
    }
}

/// The least nice value there is: a router keeps routing.
const LOWEST_PRIORITY: i32 = 19;
/// Progress is told in steps of at least this share.
const STEP: f64 = 1.0 / 256.0;

impl Generation {
    fn start(kind: &str, bits: u32, threads: Option<usize>) -> Self {
        let asked = spec(kind, bits).and_then(|spec| Ok((spec, signet_keygen::threads(threads).map_err(failure)?)));
        let stop = Stop::default();
        let stopped = stop.clone();
        let (tell, news) = mpsc::unbounded_channel();
        let (end, ended) = oneshot::channel();
        let started = asked.and_then(|(spec, threads)| {
            let work = move || {
                // Linux sets it for the calling thread alone, from which those that help inherit it. A key at the usual priority is better
                // than none.
                let _ = rustix::process::setpriority_process(None, LOWEST_PRIORITY);
                let _ = end.send(run(spec, threads, &stopped, &tell));
            };
            thread::Builder::new()
                .name("keygen".into())
                .spawn(work)
                .map_err(|error| Failure::new("threads", format!("no thread for the key generator: {error}")))
        });
        let work = Work::new(stop, async move {
            started?;
            ended.await.unwrap_or_else(|_| Err(Failure::new("failed", "the key generator failed")))
        });
        Self { work, news }
    }
}

fn run(spec: KeySpec, threads: NonZero<usize>, stop: &Stop, tell: &mpsc::UnboundedSender<News>) -> Result<KeyPair, Failure> {
    let mut told = 0.0;
    let mut listener = |event| {
        let news = match event {
            Event::WaitingForEntropy => News::WaitingForEntropy,
            // The promise tells the end.
            Event::Share(share) if share < 1.0 && share >= told + STEP => {
                told = share;
                News::Share(share)
            }
            Event::Share(_) => return,
        };
        let _ = tell.send(news);
    };
    let mut job = Job::new(stop.flag(), &mut listener).on_threads(threads);
    let mut key = signet_keygen::generate(spec, &mut job).map_err(failure)?;
    Ok(KeyPair { private_key: Bytes(std::mem::take(&mut *key.private_key)), public_key: Bytes(key.public_key) })
}

impl<'js> IntoJs<'js> for Generation {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = self.work.into_object(ctx)?;
        let news = Rc::new(Mutex::new(self.news));
        object.set(
            "progress",
            Func::from(Async(move || {
                let news = news.clone();
                async move { news.lock().await.recv().await }
            })),
        )?;
        Ok(object.into_value())
    }
}

fn failure(error: Error) -> Failure {
    Failure::new(error.code(), error.to_string())
}
