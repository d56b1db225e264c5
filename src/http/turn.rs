//! Whose turn it is on a connection: ours while a request that has been read is not answered to its last byte, else the
//! client's. A server that stops waits for its own turns only.

use std::io::{Error, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is still to be done on one connection.
#[derive(Debug, Default)]
pub struct Turn {
    /// Requests whose answer hyper has not taken over whole.
    running: AtomicUsize,
    /// Whether the end of an answer may still be in hyper's buffer.
    is_buffered: AtomicBool,
}

impl Turn {
    /// A request has been read. It runs until what this gives back is dropped, which belongs into its answer's body.
    pub fn begin(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    /// Whether every request that has been read is answered, and every answer has left.
    pub fn is_over(&self) -> bool {
        self.running.load(Ordering::Relaxed) == 0 && !self.is_buffered.load(Ordering::Relaxed)
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub struct Running(Arc<Turn>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_buffered.store(true, Ordering::Relaxed);
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer, whose request runs as long as this is not sent.
pub struct Sending<B> {
    body: B,
    _running: Running,
}

impl<B> Sending<B> {
    /// `body`, which ends what is `running`.
    pub fn new(body: B, running: Running) -> Self {
        Self { body, _running: running }
    }
}

impl<B: Body + Unpin> Body for Sending<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that notes when all that was to be written has been: hyper flushes it exactly when its buffer is empty.
pub struct Wire {
    /// The stream itself.
    pub stream: TcpStream,
    /// Where it is noted.
    pub turn: Arc<Turn>,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() && self.turn.running.load(Ordering::Relaxed) == 0 {
            self.turn.is_buffered.store(false, Ordering::Relaxed);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
