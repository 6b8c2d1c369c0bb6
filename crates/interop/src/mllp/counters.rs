//! What the listener counts. Numbers only: never ids, names or addresses.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of one listener, shared by its connections.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) opened: AtomicU64,
    pub(super) closed: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) frames: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) duplicates: AtomicU64,
    pub(super) reused: AtomicU64,
    pub(super) rejected: AtomicU64,
    pub(super) disallowed: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) held: AtomicU64,
    pub(super) given_up: AtomicU64,
    pub(super) oversize: AtomicU64,
    pub(super) truncated: AtomicU64,
    pub(super) junk_bytes: AtomicU64,
    pub(super) timed_out: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections taken since the start.
    pub opened: u64,
    /// Connections ended since the start.
    pub closed: u64,
    /// Connections turned away because too many were open, in all or from their address.
    pub refused: u64,
    /// Whole frames read.
    pub frames: u64,
    /// Messages made durable, duplicates included.
    pub accepted: u64,
    /// Of these, repeats of a message that was already there.
    pub duplicates: u64,
    /// Of these, new messages under a used control id.
    pub reused: u64,
    /// Messages answered AR or CR.
    pub rejected: u64,
    /// Of these, from senders that are not allowed.
    pub disallowed: u64,
    /// Messages answered AE or CE.
    pub failed: u64,
    /// Messages held because the store was busy or full.
    pub held: u64,
    /// Of these, connections closed without an answer when the hold ran out.
    pub given_up: u64,
    /// Frames beyond the size limit.
    pub oversize: u64,
    /// Frames that lost their end.
    pub truncated: u64,
    /// Bytes between frames.
    pub junk_bytes: u64,
    /// Connections closed for silence or slowness.
    pub timed_out: u64,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Counters {
    /// The present numbers.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            opened: of(&self.opened),
            closed: of(&self.closed),
            refused: of(&self.refused),
            frames: of(&self.frames),
            accepted: of(&self.accepted),
            duplicates: of(&self.duplicates),
            reused: of(&self.reused),
            rejected: of(&self.rejected),
            disallowed: of(&self.disallowed),
            failed: of(&self.failed),
            held: of(&self.held),
            given_up: of(&self.given_up),
            oversize: of(&self.oversize),
            truncated: of(&self.truncated),
            junk_bytes: of(&self.junk_bytes),
            timed_out: of(&self.timed_out),
        }
    }
}

impl Counts {
    /// Each counter with its name, for a metrics page.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, u64)> {
        [
            ("connections_opened", self.opened),
            ("connections_closed", self.closed),
            ("connections_refused", self.refused),
            ("frames", self.frames),
            ("messages_accepted", self.accepted),
            ("messages_duplicate", self.duplicates),
            ("messages_control_id_reused", self.reused),
            ("messages_rejected", self.rejected),
            ("messages_disallowed", self.disallowed),
            ("messages_failed", self.failed),
            ("messages_held", self.held),
            ("messages_given_up", self.given_up),
            ("frames_oversize", self.oversize),
            ("frames_truncated", self.truncated),
            ("junk_bytes", self.junk_bytes),
            ("connections_timed_out", self.timed_out),
        ]
        .into_iter()
    }
}
