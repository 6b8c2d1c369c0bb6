//! How long an HTTP connection is waited for. Time runs from the last answer, and whoever sends buys time by the bytes that
//! arrive, so that a slow upload ends well, and one letter now and then ends like silence.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// What anybody has after connecting, and after every answer. Longer than the heartbeat of a live page.
pub(super) const PATIENCE: Duration = Duration::from_secs(75);
/// Bytes that buy a second more.
const BYTES_A_SECOND: usize = 1024;
/// What a large body can buy: long enough for the answer to it.
const MOST: Duration = Duration::from_secs(600);

/// The time left to one connection.
pub(super) struct Pace {
    until: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl Pace {
    /// Of a connection that has just come.
    pub fn begin() -> Self {
        let until = Instant::now() + PATIENCE;
        Self { until, alarm: Box::pin(tokio::time::sleep_until(until)) }
    }

    /// So many bytes came.
    pub fn received(&mut self, bytes: usize) {
        let millis = bytes.saturating_mul(1000) / BYTES_A_SECOND;
        let bought = Duration::from_millis(millis.try_into().unwrap_or(u64::MAX)).min(MOST);
        self.until = (self.until + bought).min(Instant::now() + MOST);
    }

    /// Something was sent.
    pub fn answered(&mut self) {
        self.until = self.until.max(Instant::now() + PATIENCE);
    }

    /// Ready when the time is over while nothing comes.
    pub fn poll_lost(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.alarm.deadline() != self.until {
            self.alarm.as_mut().reset(self.until);
        }
        self.alarm.as_mut().poll(context)
    }
}
