//! The HTTP socket, with words for what the HTTP machinery refuses by itself before any route is looked for: an address
//! that is too long, headers that are too large, bytes that are no HTTP. It answers those with an empty body; here they get
//! an OperationOutcome, as every other refusal has one.

use axum::serve::Listener;
use fhir::issue::{Issue, IssueCode, outcome};
use std::io::{IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The refusals that come without words: the status line as it begins, and what is said.
const WORDLESS: [(&[u8], IssueCode, &str); 3] = [
    (
        b"HTTP/1.1 414 ",
        IssueCode::TooLong,
        "the address is too long; send a search as POST to [type]/_search",
    ),
    (b"HTTP/1.1 431 ", IssueCode::TooLong, "the headers are too large"),
    (b"HTTP/1.1 400 ", IssueCode::Structure, "this is no HTTP request"),
];

/// The listening socket.
pub struct Worded(pub TcpListener);

impl Listener for Worded {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        (Stream { stream, rest: Vec::new() }, peer)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A connection; `rest` is what is still to be said of an answer that had no words.
pub struct Stream {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Stream {
    /// Writes what is still to be said.
    fn finish(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        while !self.rest.is_empty() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(context, &self.rest))?;
            if count == 0 {
                return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into()));
            }
            self.rest.drain(..count);
        }
        Poll::Ready(Ok(()))
    }

    /// Takes an answer without words for the one that is given instead.
    fn takes(&mut self, answer: &[u8]) -> bool {
        match worded(answer) {
            Some(words) => {
                self.rest = words;
                true
            }
            None => false,
        }
    }
}

/// The answer with words, for a whole answer that should have some and has an empty body.
fn worded(answer: &[u8]) -> Option<Vec<u8>> {
    let (_, code, text) = WORDLESS.into_iter().find(|(status, ..)| answer.starts_with(status))?;
    let head = std::str::from_utf8(answer).ok()?.strip_suffix("\r\n\r\n")?;
    let empty = |line: &&str| line.eq_ignore_ascii_case("content-length: 0");
    head.lines().find(empty)?;
    let body = fhir::json::to_vec(&outcome(&[Issue::error(code, text)]));
    let mut words: String =
        head.lines().filter(|line| !empty(line)).flat_map(|line| [line, "\r\n"]).collect();
    words.push_str(
        "content-type: application/fhir+json; charset=utf-8\r\nx-content-type-options: nosniff\r\n",
    );
    words.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    Some([words.into_bytes(), body].concat())
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        ready!(self.finish(context))?;
        if self.takes(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        ready!(self.finish(context))?;
        if let Some(first) = parts.iter().find(|part| !part.is_empty())
            && self.takes(first)
        {
            return Poll::Ready(Ok(first.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.finish(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.finish(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_empty_refusals_get_words() {
        let empty = b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        let words = String::from_utf8(worded(empty).unwrap()).unwrap();
        let (head, body) = words.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ndate: x\r\n"), "{head}");
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head}");
        assert!(body.contains("OperationOutcome"), "{body}");
        for other in [
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".as_slice(),
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 12\r\n\r\n",
            b"HTTP/1.1 414 URI Too Long\r\n",
        ] {
            assert!(worded(other).is_none());
        }
    }
}
