//! `signet:network`: Unix sockets, TCP, and TLS on it, for the port Network.

mod connection;
mod tcp;
mod tls;
mod unix;

use std::cell::RefCell;
use std::io::{Error, ErrorKind};
use std::rc::Rc;

use rquickjs::function::{Async, Func, Opt};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};

use crate::value::{Answer, Failure, Stop, Work};
use connection::Connection;

pub struct Network;

impl ModuleDef for Network {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        declarations.declare("listenUnix")?.declare("connectUnix")?.declare("listenTcp")?.declare("connectTcp").map(drop)
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports
            .export("listenUnix", Func::from(Async(|path: String, mode: u32| async move { Answer(unix::listen(&path, mode).await) })))?;
        exports.export("connectUnix", Func::from(Async(|path: String| async move { Answer(unix::connect(&path).await) })))?;
        exports.export(
            "listenTcp",
            Func::from(Async(|port: u16, Opt(address): Opt<String>| async move { Answer(tcp::listen(address.as_deref(), port).await) })),
        )?;
        exports.export(
            "connectTcp",
            Func::from(|host: String, port: u16| {
                let stop = Stop::default();
                Work::new(stop.clone(), async move { tcp::connect(&host, port, &stop).await })
            }),
        )?;
        Ok(())
    }
}

/// A socket that connections come to.
trait Accept {
    async fn accept(&self) -> std::io::Result<Connection>;
}

/// What listens, until it is closed.
struct Listener<S> {
    socket: Rc<RefCell<Option<Rc<S>>>>,
    address: String,
    /// What is done when it closes.
    end: Box<dyn Fn()>,
}

impl<S> Listener<S> {
    fn new(socket: S, address: String, end: impl Fn() + 'static) -> Self {
        Self { socket: Rc::new(RefCell::new(Some(Rc::new(socket)))), address, end: Box::new(end) }
    }
}

impl<'js, S: Accept + 'js> IntoJs<'js> for Listener<S> {
    /// `{ address: string, accept(): Promise<Connection | undefined>, close(): void }`; undefined once it is closed.
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self { socket, address, end } = self;
        object.set("address", address)?;
        let closed = Stop::default();
        let (listening, told) = (socket.clone(), closed.clone());
        object.set(
            "accept",
            Func::from(Async(move || {
                let (socket, told) = (listening.borrow().clone(), told.clone());
                async move { Answer(accept(socket, &told).await) }
            })),
        )?;
        object.set(
            "close",
            Func::from(move || {
                if socket.take().is_some() {
                    end();
                    closed.now();
                }
            }),
        )?;
        Ok(object.into_value())
    }
}

async fn accept<S: Accept>(socket: Option<Rc<S>>, closed: &Stop) -> Result<Option<Connection>, Failure> {
    let Some(socket) = socket else { return Ok(None) };
    tokio::select! {
        biased;
        () = closed.set() => Ok(None),
        accepted = socket.accept() => accepted.map(Some).map_err(|error| failure(&error, "listener")),
    }
}

fn failure(error: &Error, what: &str) -> Failure {
    let code = match error.kind() {
        ErrorKind::AddrInUse => "in-use",
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => "refused",
        ErrorKind::PermissionDenied => "not-permitted",
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "closed",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::TimedOut => "unreachable",
        _ => "failed",
    };
    Failure::new(code, format!("{what}: {error}"))
}
