//! Accepts connections and speaks HTTP/1.1 over hyper, with poem as what answers: our own loop, because heads and idle
//! connections need time limits that poem's does not offer, and small answers must leave at once (`TCP_NODELAY`).

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::state::Shared;
use super::turn::{Sending, Turn, Wire};

/// Bytes of a request's head at most; headers beyond it are answered 431 by hyper.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// How long to wait after a failed accept (out of file handles) before the next.
const BREATH: Duration = Duration::from_millis(50);

/// Bounds of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// For a request's head, and for idling between requests.
    pub head: Duration,
    /// For running requests when the server stops.
    pub shutdown: Duration,
}

/// A bound server that has not begun to answer.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
}

impl Server {
    /// Binds `address`; port 0 is any free one.
    pub async fn bind(address: SocketAddr, limits: Limits) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { address: listener.local_addr()?, listener, limits })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `endpoint` until `stop`; then takes no new connections and lets running requests finish: those whose
    /// head has been read. Connections that have none are closed.
    pub async fn run(self, endpoint: impl Endpoint<Output = Response> + 'static, state: Shared, stop: impl Future<Output = ()>) {
        let endpoint = Arc::new(endpoint);
        let places = Arc::new(Semaphore::new(self.limits.connections));
        let stopping = watch::Sender::new(());
        let mut stop = pin!(stop);
        loop {
            let place = Arc::clone(&places).acquire_owned();
            let accepted = async {
                let place = place.await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => accepted,
            };
            let Ok((stream, remote)) = accepted else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            let addresses = (self.address, remote);
            let connection = converse(stream, addresses, self.limits.head, Arc::clone(&endpoint), stopping.subscribe());
            let state = state.clone();
            tokio::spawn(async move {
                state.metrics.connections().inc();
                connection.await;
                state.metrics.connections().dec();
                drop(place);
            });
        }
        drop(self.listener);
        stopping.send_replace(());
        // Each connection holds a receiver until it has ended.
        if tokio::time::timeout(self.limits.shutdown, stopping.closed()).await.is_err() {
            tracing::warn!("Some requests did not finish in time and were broken off");
        }
    }
}

/// Answers what comes on one connection, until it ends or, from `stopping` on, until nothing that was asked is unanswered.
async fn converse<E: Endpoint<Output = Response> + 'static>(
    stream: TcpStream,
    (local, remote): (SocketAddr, SocketAddr),
    head: Duration,
    endpoint: Arc<E>,
    mut stopping: watch::Receiver<()>,
) {
    drop(stream.set_nodelay(true));
    let turn = Arc::new(Turn::default());
    let wire = Wire { stream, turn: Arc::clone(&turn) };
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let (endpoint, running) = (Arc::clone(&endpoint), turn.begin());
        async move {
            let (local, remote) = (LocalAddr(Addr::SocketAddr(local)), RemoteAddr(Addr::SocketAddr(remote)));
            let request = Request::from((request, local, remote, Scheme::HTTP));
            let response = hyper::Response::from(endpoint.get_response(request).await);
            Ok::<_, Infallible>(response.map(|body| Sending::new(body, running)))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(wire), service);
    let mut connection = pin!(connection);
    tokio::select! {
        biased;
        // A client that breaks off is its own business.
        _ = connection.as_mut() => return,
        _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
    }
    // hyper closes a connection that is idle, but would wait for a head that has begun.
    poll_fn(|cx| match connection.as_mut().poll(cx) {
        Poll::Pending if !turn.is_over() => Poll::Pending,
        _ => Poll::Ready(()),
    })
    .await;
}
