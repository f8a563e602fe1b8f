//! The engine: memory and time it may use, and the program that it runs.

mod memory;
mod parts;
mod rejections;

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use rquickjs::context::intrinsic;
use rquickjs::{AsyncContext, AsyncRuntime, CatchResultExt, Ctx, Function, Module, Object, Promise};

use rustix::time::{ClockId, clock_gettime};

use crate::clock::Clock;
use crate::crypto::Crypto;
use crate::database::Database;
use crate::files::Files;
use crate::keygen::KeyGeneration;
use crate::machine::Machine;
use crate::network::Network;
use crate::process::Process;
use crate::random::Random;
use crate::terminal::Terminal;
use crate::text::Text;
use memory::LimitedMemory;
pub use memory::is_crowded;
use parts::Parts;
use rejections::Rejections;

/// What JavaScript may use.
pub struct Limits {
    /// Bytes of its own heap; those of files and rows on their way are beside it. What needs more fails with "out of memory".
    memory: usize,
    /// Bytes of the thread's stack. What needs more fails with "stack overflow".
    stack: usize,
    /// CPU time that it may take without waiting for anything. What takes longer ends the program.
    turn: Duration,
}

/// A router of 64 MB keeps routing, and nothing of the program takes a minute on the slowest of them. The main thread's stack has 8 MB.
pub const LIMITS: Limits = Limits { memory: 32 << 20, stack: 1 << 20, turn: Duration::from_mins(1) };

/// Everything of the language but compiling text (`eval`, `new Function`): the program is all there is.
type Language = (
    intrinsic::Date,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
    intrinsic::WeakRef,
);

/// Runs the function `run` of the program's part `main.js`, and answers with the exit status that its promise gives; a text for what it throws.
pub async fn run(program: &'static [(&'static str, &'static [u8])], limits: &'static Limits) -> Result<i32, String> {
    let memory = LimitedMemory::new(limits.memory);
    let is_used_up = memory.is_used_up();
    let runtime = AsyncRuntime::new_with_alloc(memory).map_err(|error| error.to_string())?;
    runtime.set_max_stack_size(limits.stack).await;
    let turn = Turn::default();
    let (began, stopped) = (turn.began.clone(), turn.stopped.clone());
    runtime
        .set_interrupt_handler(Some(Box::new(move || {
            let why = if is_used_up.get() {
                Some(format!("the program needs more than {} MB and was stopped", limits.memory >> 20))
            } else if cpu_time().saturating_sub(began.get()) > limits.turn {
                Some(format!("the program computed for more than {} s without a pause and was stopped", limits.turn.as_secs()))
            } else {
                None
            };
            let stops = why.is_some();
            stopped.set(why);
            stops
        })))
        .await;
    let rejections = Rejections::default();
    runtime.set_host_promise_rejection_tracker(Some(rejections.tracker())).await;
    runtime.set_loader(Parts(program), Parts(program)).await;
    let context = AsyncContext::custom::<Language>(&runtime).await.map_err(|error| error.to_string())?;
    let running = context.async_with(async |ctx| {
        declare_host(&ctx).catch(&ctx).map_err(|error| error.to_string())?;
        start(&ctx).await.catch(&ctx).map_err(|error| error.to_string())
    });
    Turns { program: std::pin::pin!(running), turn, rejections }.await
}

/// CPU time of the thread that runs JavaScript: what it waits for does not count.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// What the engine and the program's future know of a turn.
#[derive(Default)]
struct Turn {
    /// CPU time at its beginning.
    began: Rc<Cell<Duration>>,
    /// Why the engine has stopped it. That alone does not end the program: it settles no promise, and other work of the turn goes on.
    stopped: Rc<Cell<Option<String>>>,
}

/// Notes when each turn of the program begins. Ends it when the engine has stopped it, and, as Node does, when a promise was rejected and nobody
/// heard of it in the same turn: what else might have gone wrong behind it, nobody knows.
struct Turns<F> {
    program: F,
    turn: Turn,
    rejections: Rejections,
}

impl<F: Future<Output = Result<i32, String>> + Unpin> Future for Turns<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, waker: &mut Context<'_>) -> Poll<F::Output> {
        self.turn.began.set(cpu_time());
        let ended = Pin::new(&mut self.program).poll(waker);
        if let Some(why) = self.turn.stopped.take() {
            return Poll::Ready(Err(why));
        }
        match self.rejections.unheard() {
            Some(reason) if ended.is_pending() => Poll::Ready(Err(reason)),
            _ => ended,
        }
    }
}

fn declare_host(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    Module::declare_def::<Clock, _>(ctx.clone(), "signet:clock")?;
    Module::declare_def::<Crypto, _>(ctx.clone(), "signet:crypto")?;
    Module::declare_def::<Database, _>(ctx.clone(), "signet:database")?;
    Module::declare_def::<Files, _>(ctx.clone(), "signet:files")?;
    Module::declare_def::<KeyGeneration, _>(ctx.clone(), "signet:keygen")?;
    Module::declare_def::<Machine, _>(ctx.clone(), "signet:machine")?;
    Module::declare_def::<Network, _>(ctx.clone(), "signet:network")?;
    Module::declare_def::<Process, _>(ctx.clone(), "signet:process")?;
    Module::declare_def::<Random, _>(ctx.clone(), "signet:random")?;
    Module::declare_def::<Terminal, _>(ctx.clone(), "signet:terminal")?;
    Module::declare_def::<Text, _>(ctx.clone(), "signet:text")?;
    #[cfg(feature = "testing")]
    Module::declare_def::<crate::testing::Testing, _>(ctx.clone(), "signet:testing")?;
    Ok(())
}

async fn start(ctx: &Ctx<'_>) -> rquickjs::Result<i32> {
    let main: Object = Module::import(ctx, "main.js")?.into_future().await?;
    let run: Function = main.get("run")?;
    run.call::<_, Promise>(())?.into_future().await
}

#[cfg(test)]
mod tests {
    use rquickjs::module::WriteOptions;
    use rquickjs::{Context, Runtime};

    use super::*;

    const FEW: Limits = Limits { memory: 4 << 20, stack: 256 << 10, turn: Duration::from_millis(200) };

    /// What becomes of a program whose function `run` has this body.
    fn ran(body: &str) -> Result<i32, String> {
        let source = format!("export async function run() {{ {body} }}");
        let context = Context::full(&Runtime::new().expect("a runtime")).expect("a context");
        let bytecode = context.with(|ctx| Module::declare(ctx, "main.js", source).and_then(|module| module.write(WriteOptions::default())));
        let part: &'static [u8] = bytecode.expect("compiles").leak();
        let program: &'static [(&'static str, &'static [u8])] = Box::leak(Box::new([("main.js", part)]));
        let host = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a host");
        host.block_on(run(program, &FEW))
    }

    #[test]
    fn ends_with_the_status_that_the_program_gives() {
        assert_eq!(ran("return 7;"), Ok(7));
        let thrown = ran("throw new RangeError('no');").expect_err("thrown");
        assert!(thrown.contains("no"), "{thrown}");
    }

    #[test]
    fn stops_what_computes_for_ever_and_says_so() {
        let beside = "void (async () => { await null; for (;;); })(); await null; await Promise.reject(new Error()).catch(() => 0); await new Promise(() => 0);";
        for body in ["for (;;);", "await null; for (;;);", "try { for (;;); } finally { return 1; }", beside] {
            let stopped = ran(body).expect_err("stopped");
            assert!(stopped.contains("without a pause"), "{stopped}");
        }
    }

    #[test]
    fn tells_the_program_of_memory_and_stack_that_are_used_up() {
        let memory = "const all = []; try { for (;;) all.push(new Uint8Array(65536)); } catch (error) { all.length = 0; return error.message === 'out of memory' ? 1 : 2; }";
        assert_eq!(ran(memory), Ok(1));
        let stack = "const down = () => down() + 1; try { down(); } catch (error) { return error instanceof RangeError ? 1 : 2; }";
        assert_eq!(ran(stack), Ok(1));
    }

    #[test]
    fn stops_what_takes_all_memory_in_small_pieces() {
        let stopped = ran("let last = null; for (;;) { try { last = { last }; } catch { await null; } }").expect_err("stopped");
        assert!(stopped.contains("more than 4 MB"), "{stopped}");
    }

    #[test]
    fn ends_with_a_rejection_that_nobody_hears() {
        let unheard = ran("void Promise.reject(new Error('unheard')); await new Promise(() => {});").expect_err("rejected");
        assert!(unheard.contains("unheard"), "{unheard}");
        assert_eq!(ran("const late = Promise.reject(new Error()); await null; await late.catch(() => 1); return 0;"), Ok(0));
    }

    #[test]
    fn compiles_no_text() {
        for text in ["eval('1')", "new Function('return 1')()", "(async () => {}).constructor('return 1')()"] {
            assert_eq!(ran(&format!("try {{ {text}; return 1; }} catch {{ return 0; }}")), Ok(0), "{text}");
        }
    }

    #[test]
    fn loads_nothing_but_its_parts() {
        for name in ["./other.js", "/etc/passwd", "signet:none"] {
            assert_eq!(ran(&format!("return import('{name}').then(() => 1, () => 0);")), Ok(0), "{name}");
        }
    }
}
