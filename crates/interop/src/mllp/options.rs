//! The listener's limits. Everything that comes from outside has one.

use super::senders::Senders;
use hl7v2::admission::Admission;

/// How much a listener takes, from whom, and how long it waits.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections open at once; one more is closed at once and counted.
    pub connections: usize,
    /// Of these, connections from one address: one sender that leaks connections must not shut out the others.
    pub connections_of_one: usize,
    /// Bytes in one message.
    pub frame_bytes: usize,
    /// A connection without a byte for so long is closed: the other side may be gone without a word.
    pub idle_timeout_ms: u64,
    /// A frame once begun must be complete within this time, however slowly its bytes drip.
    pub frame_timeout_ms: u64,
    /// An acknowledgement must be taken by the other side within this time.
    pub write_timeout_ms: u64,
    /// How long a message is held, unacknowledged, while the store is busy or full. Then the connection is closed and the
    /// sender will repeat.
    pub hold_timeout_ms: u64,
    /// Wait before the first repeated attempt to store; it doubles up to thirty-two times this.
    pub hold_step_ms: u64,
    /// Connections may finish their message for so long when the listener stops.
    pub drain_timeout_ms: u64,
    /// Which processing ids and versions are taken.
    pub admission: Admission,
    /// Who may send.
    pub senders: Senders,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 256,
            connections_of_one: 64,
            frame_bytes: 16 << 20,
            idle_timeout_ms: 3_600_000,
            frame_timeout_ms: 30_000,
            write_timeout_ms: 30_000,
            hold_timeout_ms: 60_000,
            hold_step_ms: 50,
            drain_timeout_ms: 10_000,
            admission: Admission::default(),
            senders: Senders::Any,
        }
    }
}
