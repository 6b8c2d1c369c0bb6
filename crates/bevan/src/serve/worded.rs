//! The HTTP socket, with words for what the HTTP machinery refuses by itself before any route is looked for: an address
//! that is too long, headers that are too large, bytes that are no HTTP. It answers those with an empty body; here they get
//! an OperationOutcome, as every other refusal has one. And with an end to waiting: connections that are held open by
//! sending next to nothing would use up what the process may open, and would make every stop last as long as one may.

use super::pace::Pace;
use super::under_way::UnderWay;
use axum::serve::Listener;
use fhir::issue::{Issue, IssueCode, outcome};
use futures_util::FutureExt as _;
use std::io::{IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

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
pub struct Worded {
    /// Where people and programs come in.
    pub listener: TcpListener,
    /// Whether the process was told to stop.
    pub stopped: watch::Receiver<bool>,
}

impl Listener for Worded {
    type Io = Stream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        (Stream::new(stream, self.stopped.clone()), peer)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection; `rest` is what is still to be said of an answer that had no words.
pub struct Stream<S> {
    stream: S,
    rest: Vec<u8>,
    pace: Pace,
    pub(super) under_way: UnderWay,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    fn new(stream: S, stopped: watch::Receiver<bool>) -> Self {
        let under_way = UnderWay::default();
        let over = Box::pin(under_way.clone().over(stopped).fuse());
        Self { stream, rest: Vec::new(), pace: Pace::begin(), under_way, over }
    }

    /// Ready when nothing is waited for any more: too little came for too long, or the process stops.
    fn poll_over(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self.pace.poll_lost(context) {
            Poll::Pending => self.over.as_mut().poll(context),
            lost => lost,
        }
    }

    /// Notes whether the other side takes what is sent, and gives up at a stop when it no longer does.
    fn sends(&mut self, sent: Poll<Result<usize>>, context: &mut Context<'_>) -> Poll<Result<usize>> {
        self.under_way.sends(sent.is_ready());
        match sent {
            Poll::Pending => {
                self.over.as_mut().poll(context).map(|()| Err(std::io::ErrorKind::TimedOut.into()))
            }
            sent => sent,
        }
    }

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

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) {
            let came = buffer.filled().len() - before;
            self.pace.received(came);
            if came > 0 {
                self.under_way.receives();
            }
            return Poll::Ready(read);
        }
        self.poll_over(context).map(|()| Err(std::io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        ready!(self.finish(context))?;
        if self.takes(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        self.pace.answered();
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.sends(sent, context)
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
        self.pace.answered();
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.sends(sent, context)
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
    use super::super::pace::PATIENCE;
    use super::super::under_way::LAST;
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

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

    /// Seconds until a connection is given up to which `bytes` come every `every` seconds; `None` when it outlasts an hour.
    async fn lasts(bytes: usize, every: u64) -> Option<u64> {
        let (mut client, server) = tokio::io::duplex(1 << 16);
        let sending = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(every)).await;
                if client.write_all(&vec![b'x'; bytes]).await.is_err() {
                    return;
                }
            }
        });
        let (_stop, stopped) = watch::channel(false);
        let (mut stream, begun) = (Stream::new(server, stopped), tokio::time::Instant::now());
        let mut buffer = vec![0; 1 << 16];
        let reading = async { while stream.read(&mut buffer).await.is_ok() {} };
        let ended = tokio::time::timeout(Duration::from_secs(3_600), reading).await.is_ok();
        sending.abort();
        ended.then(|| begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn next_to_nothing_holds_no_connection_open() {
        let patience = PATIENCE.as_secs();
        assert_eq!(lasts(0, 10).await, Some(patience), "silence");
        assert_eq!(lasts(1, 10).await, Some(patience), "a letter now and then");
        assert_eq!(lasts(16 << 10, 10).await, None, "a slow upload");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_begins_the_wait_anew() {
        let (_client, server) = tokio::io::duplex(1 << 16);
        let (_stop, stopped) = watch::channel(false);
        let (mut stream, begun) = (Stream::new(server, stopped), tokio::time::Instant::now());
        for _ in 0..5 {
            tokio::time::sleep(PATIENCE / 2).await;
            let waiting = tokio::time::timeout(Duration::from_millis(1), stream.read_u8()).await;
            assert!(waiting.is_err(), "still open");
            stream.write_all(b"data: still here").await.unwrap();
        }
        assert_eq!(stream.read_u8().await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs() / PATIENCE.as_secs(), 3);
    }

    /// Seconds from a stop until a connection with half a head on it ends, over which a request is under way for so long.
    async fn outlasts_a_stop(request: u64) -> u64 {
        let (mut client, server) = tokio::io::duplex(1 << 16);
        let (stop, stopped) = watch::channel(false);
        let mut stream = Stream::new(server, stopped);
        client.write_all(b"GET / HT").await.unwrap();
        let asked = stream.under_way.asked();
        stop.send_replace(true);
        let begun = tokio::time::Instant::now();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(request)).await;
            drop(asked);
        });
        let mut buffer = [0; 64];
        while stream.read(&mut buffer).await.is_ok() {}
        begun.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_requests_and_not_for_half_a_head() {
        let last = LAST.as_secs();
        assert_eq!(outlasts_a_stop(0).await, last);
        assert_eq!(outlasts_a_stop(5 * last + 1).await, 6 * last);
    }

    /// Seconds from a stop until an answer is given up of which so much is taken whenever [`LAST`] has passed, five times.
    async fn answer_outlasts_a_stop(takes: usize) -> u64 {
        let (mut client, server) = tokio::io::duplex(16);
        let (stop, stopped) = watch::channel(false);
        let mut stream = Stream::new(server, stopped);
        stop.send_replace(true);
        let begun = tokio::time::Instant::now();
        let taking = tokio::spawn(async move {
            for _ in 0..5 {
                tokio::time::sleep(LAST).await;
                client.read_exact(&mut vec![0; takes]).await.unwrap();
            }
            std::future::pending::<()>().await;
        });
        // Nobody takes all of it: in the end nothing fits any more.
        let sending = tokio::time::timeout(LAST * 20, stream.write_all(&[b'x'; 64]));
        let error = sending.await.expect("an end").unwrap_err();
        taking.abort();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        begun.elapsed().as_secs() / LAST.as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_an_answer_as_long_as_it_is_taken() {
        assert_eq!(
            answer_outlasts_a_stop(0).await,
            3,
            "what was sent before the first look, and two looks more"
        );
        // The last is taken five times so long after the stop.
        let until = answer_outlasts_a_stop(1).await;
        assert!((7..=8).contains(&until), "{until}");
    }
}
