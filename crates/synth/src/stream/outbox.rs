//! Messages on their way, with what goes wrong on it: late, twice, overtaken, or under a control id used before.

use super::Timed;
use crate::calendar::{HOUR, MINUTE, Seconds};
use crate::rng::Rng;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Shares of messages that go wrong. The defaults are invented, near what integration teams report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Imperfections {
    /// Sent ten minutes to six hours late.
    pub late: f64,
    /// Sent again, byte for byte, within ten minutes.
    pub duplicate: f64,
    /// Sent under the control id of an earlier message of the same sender.
    pub control_id_reused: f64,
    /// Held for up to three minutes, so that later ones overtake it.
    pub out_of_order: f64,
}

impl Default for Imperfections {
    fn default() -> Self {
        Self { late: 0.005, duplicate: 0.005, control_id_reused: 0.001, out_of_order: 0.01 }
    }
}

impl Imperfections {
    /// None at all.
    pub const NONE: Self = Self { late: 0.0, duplicate: 0.0, control_id_reused: 0.0, out_of_order: 0.0 };
}

/// Counts since the opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Different messages written, those of the opening not counted.
    pub written: u64,
    /// Of these, sent late.
    pub late: u64,
    /// Sent a second time.
    pub duplicates: u64,
    /// Written under a control id used before.
    pub control_ids_reused: u64,
    /// Held so that others overtake.
    pub out_of_order: u64,
}

type Item = (Seconds, u64, usize, Vec<u8>);

/// What is written but not yet sent.
pub(crate) struct Outbox {
    items: BinaryHeap<Reverse<Item>>,
    rates: Imperfections,
    rng: Rng,
    facilities: Vec<Sender>,
    tally: Tally,
    opening: bool,
    serial: u64,
}

struct Sender {
    ods: String,
    control: u64,
}

impl Outbox {
    pub(crate) fn new(seed: u64, rates: Imperfections, facilities: Vec<String>) -> Self {
        Self {
            items: BinaryHeap::new(),
            rates,
            rng: Rng::keyed(seed, "outbox", 0),
            facilities: facilities.into_iter().map(|ods| Sender { ods, control: 0 }).collect(),
            tally: Tally::default(),
            opening: true,
            serial: 0,
        }
    }

    /// The opening census is written; from now on things go wrong.
    pub(crate) fn opened(&mut self) {
        self.opening = false;
    }

    /// Whether the opening census is being written.
    pub(crate) fn is_opening(&self) -> bool {
        self.opening
    }

    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    /// A control id for the facility's next message: a new one, or by mistake an old one.
    pub(crate) fn control_id(&mut self, facility: usize) -> String {
        let reuse = !self.opening && self.rng.chance(self.rates.control_id_reused);
        let Some(sender) = self.facilities.get_mut(facility) else { return String::new() };
        let number = if reuse && sender.control > 200 {
            self.tally.control_ids_reused += 1;
            sender.control - self.rng.below(150) - 1
        } else {
            sender.control += 1;
            sender.control
        };
        format!("{}{number:010}", sender.ods)
    }

    /// Sends a message at `at`, or as it happens.
    pub(crate) fn push(&mut self, at: Seconds, facility: usize, bytes: Vec<u8>) {
        let mut at = at;
        if !self.opening {
            self.tally.written += 1;
            if self.rng.chance(self.rates.late) {
                self.tally.late += 1;
                at += self.rng.between(10 * MINUTE, 6 * HOUR);
            } else if self.rng.chance(self.rates.out_of_order) {
                self.tally.out_of_order += 1;
                at += self.rng.between(20, 3 * MINUTE);
            }
            if self.rng.chance(self.rates.duplicate) {
                self.tally.duplicates += 1;
                let again = at + self.rng.between(1, 10 * MINUTE);
                self.enqueue(again, facility, bytes.clone());
            }
        }
        self.enqueue(at, facility, bytes);
    }

    fn enqueue(&mut self, at: Seconds, facility: usize, bytes: Vec<u8>) {
        self.serial += 1;
        self.items.push(Reverse((at, self.serial, facility, bytes)));
    }

    pub(crate) fn next_at(&self) -> Option<Seconds> {
        self.items.peek().map(|Reverse((at, ..))| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<Timed> {
        let Reverse((at, _, facility, bytes)) = self.items.pop()?;
        let facility = self.facilities.get(facility).map(|sender| sender.ods.clone()).unwrap_or_default();
        Some(Timed { at: Timestamp::from_second(at).unwrap_or_default(), facility, bytes })
    }
}
