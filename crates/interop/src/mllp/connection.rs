//! One connection: read a frame, make it durable, answer, read the next. One message is outstanding at a time.

use super::counters::{Counters, count};
use super::inbox::{Envelope, Inbox, Kept, NotKept};
use super::options::Options;
use super::stamp::Stamps;
use hl7v2::ack::{self, Mode, Outcome, Problem, Stamp};
use hl7v2::mllp::{Decoder, Frame, frame};
use hl7v2::{Limits, Message, ParseError};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};

/// Bytes read at once.
const READ: usize = 16 << 10;

/// What the connections of a listener share.
pub struct Door<I> {
    /// Where messages become durable.
    pub inbox: I,
    /// Limits and who may send.
    pub options: Options,
    /// Control ids and times of acknowledgements.
    pub stamps: Stamps,
    /// What happened so far.
    pub counters: Counters,
}

impl<I> Door<I> {
    /// A door to that inbox.
    #[must_use]
    pub fn new(inbox: I, options: Options, stamps: Stamps) -> Self {
        Self { inbox, options, stamps, counters: Counters::default() }
    }
}

/// Why a connection ends.
#[derive(Debug)]
enum End {
    Closed,
    Stopping,
    Silent,
    Slow,
    /// Answered (if it asked for an answer) and no longer trusted: a frame without end.
    Oversize,
    /// The store stayed busy or full.
    GivenUp,
    Broken(std::io::Error),
}

/// Serves one connection until the other side closes it, falls silent, or `stop` turns true.
pub async fn converse<S, I>(mut stream: S, peer: SocketAddr, door: &Door<I>, stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    I: Inbox,
{
    count(&door.counters.opened);
    let mut conversation = Conversation { stream: &mut stream, peer, door, stop };
    match conversation.run().await {
        End::Closed | End::Stopping => {}
        End::Broken(error) => tracing::debug!(%peer, %error, "connection broke"),
        end @ (End::Silent | End::Slow) => {
            count(&door.counters.timed_out);
            tracing::info!(%peer, ?end, "connection closed");
        }
        end @ (End::Oversize | End::GivenUp) => tracing::warn!(%peer, ?end, "connection closed"),
    }
    count(&door.counters.closed);
}

struct Conversation<'c, S, I> {
    stream: &'c mut S,
    peer: SocketAddr,
    door: &'c Door<I>,
    stop: watch::Receiver<bool>,
}

impl<S: AsyncRead + AsyncWrite + Unpin, I: Inbox> Conversation<'_, S, I> {
    async fn run(&mut self) -> End {
        match self.frames().await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn frames(&mut self) -> Result<Infallible, End> {
        let mut decoder = Decoder::new(self.door.options.frame_bytes);
        let mut junk = 0;
        let mut bytes = vec![0; READ];
        // Runs from the start of a frame, so that dripping single bytes does not buy time.
        let mut deadline: Option<Pin<Box<Sleep>>> = None;
        loop {
            if !decoder.is_inside() {
                deadline = None;
            } else if deadline.is_none() {
                deadline = Some(Box::pin(sleep(milliseconds(self.door.options.frame_timeout_ms))));
            }
            let read = match &mut deadline {
                Some(deadline) => self.read(&mut bytes, deadline.as_mut(), End::Slow).await?,
                None => {
                    let idle = pin!(sleep(milliseconds(self.door.options.idle_timeout_ms)));
                    self.read(&mut bytes, idle, End::Silent).await?
                }
            };
            let mut input = bytes.get(..read).unwrap_or_default();
            while let Some(frame) = decoder.decode(&mut input) {
                deadline = None;
                self.take(frame).await?;
                if *self.stop.borrow() {
                    return Err(End::Stopping);
                }
            }
            self.door.counters.junk_bytes.fetch_add(decoder.junk() - junk, Ordering::Relaxed);
            junk = decoder.junk();
        }
    }

    /// Waits for bytes, until `late` or until the listener stops.
    async fn read(&mut self, bytes: &mut [u8], late: Pin<&mut Sleep>, end: End) -> Result<usize, End> {
        tokio::select! {
            read = self.stream.read(bytes) => match read {
                Ok(0) => Err(End::Closed),
                Ok(read) => Ok(read),
                Err(error) => Err(End::Broken(error)),
            },
            () = late => Err(end),
            _ = self.stop.wait_for(|stopped| *stopped) => Err(End::Stopping),
        }
    }

    async fn take(&mut self, frame: Frame) -> Result<(), End> {
        let counters = &self.door.counters;
        match frame {
            Frame::Payload { bytes, truncated } => {
                count(&counters.frames);
                if truncated > 0 {
                    count(&counters.truncated);
                }
                self.receive(bytes).await
            }
            Frame::Oversize { head } => {
                count(&counters.oversize);
                count(&counters.rejected);
                self.answer(header_line(&head), Outcome::Rejected, Some(TOO_LARGE)).await?;
                Err(End::Oversize)
            }
        }
    }

    async fn receive(&mut self, bytes: Vec<u8>) -> Result<(), End> {
        let counters = &self.door.counters;
        let header = header_line(&bytes).to_vec();
        let (outcome, problem) = match self.admit(bytes) {
            Err(problem) => {
                count(&counters.rejected);
                (Outcome::Rejected, Some(problem))
            }
            Ok(envelope) => match self.keep(Arc::new(envelope)).await? {
                Some(kept) => {
                    count(&counters.accepted);
                    if kept.duplicate {
                        count(&counters.duplicates);
                    }
                    if kept.control_id_reused {
                        count(&counters.reused);
                    }
                    (Outcome::Safe, None)
                }
                None => {
                    count(&counters.failed);
                    (Outcome::Failed, Some(NOT_KEPT))
                }
            },
        };
        self.answer(&header, outcome, problem).await
    }

    /// Checks the header and the sender; what the message says is not this door's business.
    fn admit(&self, bytes: Vec<u8>) -> Result<Envelope, Problem> {
        let limits = Limits { bytes: self.door.options.frame_bytes, ..Limits::default() };
        let message = match Message::parse_within(&bytes, &limits) {
            Ok(parsed) => parsed.message,
            Err(ParseError::Empty | ParseError::NoHeader) => return Err(NO_HEADER),
            Err(_) => return Err(TOO_LARGE),
        };
        self.door.options.admission.check(&message)?;
        if !self.door.options.senders.allow(&message, self.peer.ip()) {
            count(&self.door.counters.disallowed);
            return Err(UNKNOWN_SENDER);
        }
        let written = |field| message.header(field).verbatim().into_owned();
        Ok(Envelope {
            application: written(3),
            facility: written(4),
            control_id: written(10),
            peer: self.peer.to_string(),
            raw: bytes,
        })
    }

    /// Stores a message, holding it as long as the store asks to wait. `None` when it cannot be stored at all.
    async fn keep(&mut self, envelope: Arc<Envelope>) -> Result<Option<Kept>, End> {
        let options = &self.door.options;
        let mut given_up = pin!(sleep(milliseconds(options.hold_timeout_ms)));
        let mut step = options.hold_step_ms.max(1);
        let mut held = false;
        loop {
            match self.door.inbox.receive(Arc::clone(&envelope)).await {
                Ok(kept) => return Ok(Some(kept)),
                Err(NotKept::Failed) => return Ok(None),
                Err(NotKept::Later) if !held => {
                    held = true;
                    count(&self.door.counters.held);
                    tracing::warn!(peer = %self.peer, "the store takes no messages at present: holding one");
                }
                Err(NotKept::Later) => {}
            }
            tokio::select! {
                () = sleep(milliseconds(step)) => {}
                () = given_up.as_mut() => {
                    count(&self.door.counters.given_up);
                    return Err(End::GivenUp);
                }
                _ = self.stop.wait_for(|stopped| *stopped) => return Err(End::Stopping),
            }
            step = (step * 2).min(options.hold_step_ms.max(1) * 32);
        }
    }

    /// Sends the acknowledgements that the header asks for; nothing when it asks for none.
    async fn answer(&mut self, header: &[u8], outcome: Outcome, problem: Option<Problem>) -> Result<(), End> {
        let mut bytes = Vec::new();
        match Message::parse(header) {
            Ok(parsed) => {
                let answers = Mode::of(&parsed.message).answers(outcome);
                for code in [answers.commit, answers.application].into_iter().flatten() {
                    let (control_id, time) = self.door.stamps.next();
                    let stamp = Stamp { control_id: &control_id, time: &time };
                    bytes.extend(frame(&ack::acknowledge(&parsed.message, code, stamp, problem)));
                }
            }
            Err(_) => {
                let (control_id, time) = self.door.stamps.next();
                bytes = frame(&ack::reject_unreadable(Stamp { control_id: &control_id, time: &time }));
            }
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let write = async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        };
        match timeout(milliseconds(self.door.options.write_timeout_ms), write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Broken(error)),
            Err(_) => Err(End::Slow),
        }
    }
}

const NO_HEADER: Problem = Problem { code: 100, text: "Segment sequence error", place: Some(("MSH", 1)) };
const UNKNOWN_SENDER: Problem =
    Problem { code: 204, text: "Unknown key identifier", place: Some(("MSH", 4)) };
const TOO_LARGE: Problem = Problem { code: 207, text: "Message too large", place: None };
const NOT_KEPT: Problem = Problem { code: 207, text: "Application internal error", place: None };

/// The header segment alone: enough to answer.
fn header_line(bytes: &[u8]) -> &[u8] {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default()
}

fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}
