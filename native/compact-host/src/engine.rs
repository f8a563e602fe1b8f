//! The engine: memory and time it may use, and the program that it runs.

mod memory;
mod parts;

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rquickjs::context::intrinsic;
use rquickjs::{AsyncContext, AsyncRuntime, CatchResultExt, CaughtError, Ctx, Function, Module, Object, Promise};

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
use memory::LimitedMemory;
use parts::Parts;

/// Bytes that JavaScript may have: a router of 64 MB keeps routing. What needs more fails with "out of memory".
const MEMORY: usize = 32 << 20;
/// Bytes of the stack that JavaScript may have; the thread has 8 MB.
const STACK: usize = 1 << 20;
/// How long JavaScript may compute without waiting for anything. Nothing of the program takes as long on the slowest of routers.
const LONGEST_TURN: Duration = Duration::from_mins(1);

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
pub async fn run(program: &'static [(&'static str, &'static [u8])]) -> Result<i32, String> {
    let runtime = AsyncRuntime::new_with_alloc(LimitedMemory::new(MEMORY)).map_err(|error| error.to_string())?;
    runtime.set_max_stack_size(STACK).await;
    let turn = Rc::new(Cell::new(Instant::now()));
    let began = turn.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || began.get().elapsed() > LONGEST_TURN))).await;
    runtime.set_loader(Parts(program), Parts(program)).await;
    let context = AsyncContext::custom::<Language>(&runtime).await.map_err(|error| error.to_string())?;
    let running = context.async_with(async |ctx| {
        declare_host(&ctx).catch(&ctx).map_err(|error| shown(&error))?;
        start(&ctx).await.catch(&ctx).map_err(|error| shown(&error))
    });
    Turns { program: std::pin::pin!(running), began: turn }.await
}

/// Notes when each turn of the program begins.
struct Turns<F> {
    program: F,
    began: Rc<Cell<Instant>>,
}

impl<F: Future + Unpin> Future for Turns<F> {
    type Output = F::Output;

    fn poll(mut self: std::pin::Pin<&mut Self>, waker: &mut std::task::Context<'_>) -> std::task::Poll<F::Output> {
        self.began.set(Instant::now());
        std::pin::Pin::new(&mut self.program).poll(waker)
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
    #[cfg(feature = "testing")]
    Module::declare_def::<crate::testing::Testing, _>(ctx.clone(), "signet:testing")?;
    Ok(())
}

async fn start(ctx: &Ctx<'_>) -> rquickjs::Result<i32> {
    let main: Object = Module::import(ctx, "main.js")?.into_future().await?;
    let run: Function = main.get("run")?;
    run.call::<_, Promise>(())?.into_future().await
}

fn shown(error: &CaughtError<'_>) -> String {
    error.to_string()
}
