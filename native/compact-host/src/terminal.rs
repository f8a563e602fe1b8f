//! `signet:terminal`: the terminal, or the pipes, that the program was started on, for the port Terminal.

pub mod raw_mode;

use std::io::{self, IsTerminal};
use std::rc::Rc;

use rquickjs::Ctx;
use rquickjs::function::{Async, Func};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::tcgetwinsize;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

use crate::output::{STDERR, STDOUT};
use crate::value::{Answer, Bytes, on_thread};

pub struct Terminal;

impl ModuleDef for Terminal {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        for name in ["isTerminal", "windowSize", "setRawMode", "readInput", "writeOutput", "writeError", "nextResize"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export("isTerminal", Func::from(|| io::stdin().is_terminal() && io::stdout().is_terminal()))?;
        exports.export("windowSize", Func::from(window_size))?;
        exports.export("setRawMode", Func::from(|raw: bool| if raw { raw_mode::enter() } else { raw_mode::leave() }))?;
        exports.export("readInput", Func::from(Async(|| async { Answer(on_thread(|| Ok(read_input())).await) })))?;
        exports.export(
            "writeOutput",
            Func::from(Async(|bytes: Bytes| {
                let written = STDOUT.write(bytes.0);
                async { Answer(written.await) }
            })),
        )?;
        exports.export(
            "writeError",
            Func::from(Async(|bytes: Bytes| {
                let written = STDERR.write(bytes.0);
                async { Answer(written.await) }
            })),
        )?;
        let resizes = Rc::new(Mutex::new(None));
        exports.export(
            "nextResize",
            Func::from(Async(move || {
                let resizes = resizes.clone();
                // Caught from the call on, not from when somebody first looks at its promise.
                if let Ok(mut caught) = resizes.try_lock()
                    && caught.is_none()
                {
                    *caught = signal(SignalKind::window_change()).ok();
                }
                async move {
                    match &mut *resizes.lock().await {
                        Some(signals) => signals.recv().await,
                        None => std::future::pending().await,
                    };
                }
            })),
        )?;
        Ok(())
    }
}

/// Columns and rows; 0 where unknown.
fn window_size() -> Vec<u16> {
    tcgetwinsize(stdout()).map_or_else(|_| vec![0, 0], |size| vec![size.ws_col, size.ws_row])
}

/// The most that one read brings.
const CHUNK: usize = 65_536;

/// Nothing at the end of input, also when the other end of the line is gone.
fn read_input() -> Option<Bytes> {
    let mut bytes = vec![0; CHUNK];
    let length = loop {
        match rustix::io::read(stdin(), &mut bytes[..]) {
            Err(Errno::INTR) => {}
            // Who shares the line may have set it not to wait.
            Err(Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], None);
            }
            other => break other.unwrap_or(0),
        }
    };
    // Of just its length: what was typed may be kept for long.
    (length > 0).then(|| Bytes(bytes[..length].to_vec()))
}
