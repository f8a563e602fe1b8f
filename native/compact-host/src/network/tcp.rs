//! TCP.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, lookup_host};
use tokio::time::timeout;

use super::connection::Connection;
use super::{Accept, Listener, failure};
use crate::value::{Failure, Stop};

impl Accept for TcpListener {
    async fn accept(&self) -> std::io::Result<Connection> {
        self.accept().await.map(|(stream, peer)| connection(stream, peer))
    }
}

/// On every address of the machine where none is given.
pub async fn listen(address: Option<&str>, port: u16) -> Result<Listener<TcpListener>, Failure> {
    let listening = match address {
        Some(text) => {
            let address: IpAddr = text.parse().map_err(|_| Failure::new("failed", format!("{text} is no IP address")))?;
            TcpListener::bind((address, port)).await
        }
        None => match TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).await {
            // A kernel without IPv6, which says so in one of two ways.
            Err(error) if is_without_ipv6(&error) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await,
            other => other,
        },
    };
    let what = || SocketAddr::new(address.and_then(|text| text.parse().ok()).unwrap_or(Ipv6Addr::UNSPECIFIED.into()), port).to_string();
    let open = |socket: TcpListener| {
        let address = shown(socket.local_addr()?);
        Ok(Listener::new(socket, address, || ()))
    };
    listening.and_then(open).map_err(|error| failure(&error, &what()))
}

fn is_without_ipv6(error: &Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(libc::EAFNOSUPPORT)
}

/// How long an address is tried while there are others.
const PATIENCE: Duration = Duration::from_secs(3);

/// To the first of the host's addresses that answers.
pub async fn connect(host: &str, port: u16, stop: &Stop) -> Result<Connection, Failure> {
    tokio::select! {
        biased;
        () = stop.set() => Err(Failure::cancelled()),
        connected = connect_to_any(host, port) => connected,
    }
}

async fn connect_to_any(host: &str, port: u16) -> Result<Connection, Failure> {
    let unknown = |reason: String| Failure::new("no-such-host", format!("{host}: {reason}"));
    let mut addresses = lookup_host((host, port)).await.map_err(|error| unknown(error.to_string()))?.peekable();
    let mut last = unknown("it has no address".into());
    while let Some(address) = addresses.next() {
        let connected = match addresses.peek() {
            Some(_) => timeout(PATIENCE, TcpStream::connect(address)).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())),
            None => TcpStream::connect(address).await,
        };
        match connected {
            Ok(stream) => return Ok(connection(stream, address)),
            Err(error) => last = failure(&error, &shown(address)),
        }
    }
    Err(last)
}

fn connection(stream: TcpStream, peer: SocketAddr) -> Connection {
    // Answers are written as a whole: there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    let (incoming, outgoing) = stream.into_split();
    Connection::new(shown(peer), None, incoming, outgoing)
}

/// A peer of IPv4 on a socket of IPv6 is shown as what it is.
fn shown(address: SocketAddr) -> String {
    SocketAddr::new(address.ip().to_canonical(), address.port()).to_string()
}
