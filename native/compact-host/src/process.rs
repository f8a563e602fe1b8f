//! `signet:process`: how the program was called, and the signals it gets.

use std::env;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::rc::Rc;

use rquickjs::Ctx;
use rquickjs::function::{Async, Func};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rustix::process::getuid;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Mutex;

use crate::output::{STDERR, STDOUT};
use crate::terminal::raw_mode;

pub struct Process;

impl ModuleDef for Process {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        for name in ["commandLine", "environment", "currentFolder", "print", "complain", "nextSignal", "user", "notify", "exit"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export(
            "commandLine",
            Func::from(|| env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()),
        )?;
        exports.export("environment", Func::from(|name: String| env::var(name).ok()))?;
        exports.export(
            "currentFolder",
            Func::from(|| env::current_dir().ok().and_then(|folder| folder.into_os_string().into_string().ok())),
        )?;
        exports.export("print", Func::from(|text: String| STDOUT.say(text)))?;
        exports.export("complain", Func::from(|text: String| STDERR.say(text)))?;
        let signals = Rc::new(Mutex::new(None));
        exports.export(
            "nextSignal",
            Func::from(Async(move || {
                let signals = signals.clone();
                // Caught from the call on, not from when somebody first looks at its promise.
                if let Ok(mut caught) = signals.try_lock()
                    && caught.is_none()
                {
                    *caught = Signals::caught().ok();
                }
                async move {
                    match &mut *signals.lock().await {
                        Some(signals) => signals.next().await,
                        None => std::future::pending().await,
                    }
                }
            })),
        )?;
        exports.export("user", Func::from(|| getuid().as_raw()))?;
        exports.export("notify", Func::from(|socket: String, message: String| notify(&socket, &message).is_ok()))?;
        exports.export("exit", Func::from(|status: i32| -> () { exit(status) }))?;
        Ok(())
    }
}

/// Sends a message to the socket of whatever started this program (`sd_notify(3)`).
fn notify(socket: &str, message: &str) -> std::io::Result<()> {
    let address = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(message.as_bytes(), &address).map(drop)
}

/// Ends the process, once what was printed is written, with the terminal as it was.
pub fn exit(status: i32) -> ! {
    raw_mode::leave();
    STDOUT.finish();
    STDERR.finish();
    std::process::exit(status)
}

/// The signals that ask a program to end; they have their usual effect until somebody waits for them.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    fn caught() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
        };
        kind.as_raw_value()
    }
}
