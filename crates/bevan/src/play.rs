//! `bevan play`: the synthetic hospitals' messages over MLLP, one connection a sender, each message sent again until it is
//! acknowledged. The stream begins in the past and never runs ahead of the clock, so no message tells of tomorrow.

use crate::cli;
use crate::environment;
use crate::exit::Exit;
use crate::world::Written;
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use synth::{Pace, Stream};

/// How fast hospital time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// As fast as the listener takes the messages.
    Max,
    /// Hospital minutes a minute, never ahead of the clock.
    Times(f64),
}

/// Waits are cut into pieces, so that a stop is noticed.
const PATIENCE: Duration = Duration::from_millis(200);
/// An acknowledgement later than this is a broken connection.
const ACK_TIMEOUT: Duration = Duration::from_secs(30);
/// Pauses between attempts to connect, in milliseconds.
const RETRY_MS: [u64; 5] = [100, 300, 1_000, 3_000, 5_000];

impl std::str::FromStr for Speed {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => bail!("the speed {text:?} is neither a number above 0 nor `max`"),
        }
    }
}

/// What is played, where to, and how.
pub struct Play<'a> {
    /// The world whose hospitals speak.
    pub written: &'a Written,
    /// The listener.
    pub to: SocketAddr,
    /// How fast.
    pub speed: Speed,
    /// Stop after so many messages.
    pub limit: Option<u64>,
    /// Where the number of messages already played is kept, to go on from there; none begins at the beginning.
    pub bookmark: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &cli::Play) -> Result<Exit> {
    let now = environment::now();
    let start = arguments.start.unwrap_or_else(|| Written::new(arguments.seed, arguments.people, now).start);
    let written = Written { seed: arguments.seed, people: arguments.people, start };
    let (speed, limit) = (arguments.speed.parse()?, arguments.messages);
    let play = Play { written: &written, to: arguments.mllp, speed, limit, bookmark: None };
    let sent = play.run(&AtomicBool::new(false))?;
    eprintln!("{sent} messages sent and acknowledged");
    Ok(Exit::Done)
}

impl Play<'_> {
    /// Plays until the limit is reached or `stop` is set; returns how many messages were acknowledged.
    pub fn run(&self, stop: &AtomicBool) -> Result<u64> {
        let world = self.written.world();
        let mut stream = Stream::new(&world, self.written.seed, self.written.start).peekable();
        let mut played = self.played();
        for _ in 0..played {
            stream.next();
        }
        let starts_at = stream.peek().map_or(self.written.start, |first| first.at);
        let began_at = environment::now();
        let mut senders: HashMap<String, Sender> = HashMap::new();
        let mut sent = 0;
        for message in stream {
            let due = match self.speed {
                Speed::Max => began_at,
                Speed::Times(speed) => Pace { starts_at, began_at, speed }.due(message.at),
            };
            if self.limit.is_some_and(|limit| sent >= limit) || !wait_until(due, stop) {
                break;
            }
            let to = self.to;
            let sender =
                senders.entry(message.facility.clone()).or_insert_with(|| Sender { to, connection: None });
            if !sender.send(&message.bytes, stop)? {
                break;
            }
            sent += 1;
            played += 1;
            self.mark(played)?;
        }
        Ok(sent)
    }

    fn played(&self) -> u64 {
        let text = self.bookmark.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// A mark that is lost or late only means that some messages are sent twice, which has no second effect.
    fn mark(&self, played: u64) -> Result<()> {
        match &self.bookmark {
            Some(path) => std::fs::write(path, played.to_string())
                .with_context(|| format!("cannot write {}", path.display())),
            None => Ok(()),
        }
    }
}

/// Waits for a moment of the clock; whether to go on.
fn wait_until(due: Timestamp, stop: &AtomicBool) -> bool {
    loop {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        let wait = due.duration_since(environment::now());
        if !wait.is_positive() {
            return true;
        }
        std::thread::sleep(wait.unsigned_abs().clamp(Duration::from_millis(1), PATIENCE));
    }
}

/// One connection to the listener.
struct Sender {
    to: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

impl Sender {
    /// Sends until acknowledged; false when stopped before.
    fn send(&mut self, message: &[u8], stop: &AtomicBool) -> Result<bool> {
        for attempt in 0.. {
            match self.exchange(message) {
                Ok(()) => return Ok(true),
                Err(_) if stop.load(Ordering::Relaxed) => return Ok(false),
                Err(error) if attempt >= 30 => {
                    return Err(error)
                        .with_context(|| format!("the listener at {} does not answer", self.to));
                }
                Err(_) => {
                    self.connection = None;
                    let pause = RETRY_MS.get(attempt).or(RETRY_MS.last()).copied().unwrap_or(1_000);
                    std::thread::sleep(Duration::from_millis(pause));
                }
            }
        }
        Ok(false)
    }

    fn exchange(&mut self, message: &[u8]) -> std::io::Result<()> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                let stream = TcpStream::connect(self.to)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(ACK_TIMEOUT))?;
                none.insert(BufReader::new(stream))
            }
        };
        connection.get_mut().write_all(&hl7v2::mllp::frame(message))?;
        let mut answer = Vec::new();
        connection.read_until(0x1C, &mut answer)?;
        if answer.last() != Some(&0x1C) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_speed() {
        assert_eq!("max".parse::<Speed>().unwrap(), Speed::Max);
        assert_eq!("1.5".parse::<Speed>().unwrap(), Speed::Times(1.5));
        for text in ["0", "-1", "fast", "inf", "NaN"] {
            assert!(text.parse::<Speed>().is_err(), "{text}");
        }
    }
}
