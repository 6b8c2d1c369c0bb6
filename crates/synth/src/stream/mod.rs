//! The endless HL7 v2.4 stream of the hospitals: what [`crate::hospital`] does, told as messages (`message`), with
//! the imperfections of real feeds added at stated rates (`outbox`).

mod message;
mod outbox;
mod telling;

pub(crate) use outbox::Outbox;
pub use outbox::{Imperfections, Tally};
pub(crate) use telling::{Departure, Extra};

use crate::census::Census;
use crate::hospital::Simulation;
use crate::world::World;
use jiff::Timestamp;

/// A message and when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Simulated time of sending.
    pub at: Timestamp,
    /// ODS code of the sender: one connection for each.
    pub facility: String,
    /// The message, segments ended by CR, without MLLP frame.
    pub bytes: Vec<u8>,
}

/// The messages of every hospital of a world, in order of sending. It begins with the opening census: an admission
/// for each person who is in a bed at the start, sent at the start and dated in the days before.
pub struct Stream<'w> {
    simulation: Simulation<'w>,
    end: Option<i64>,
}

impl<'w> Stream<'w> {
    /// The stream of a world from a moment on. Seed and start are usually those of the world's plan: people's
    /// records end at that moment.
    #[must_use]
    pub fn new(world: &'w World, seed: u64, start: Timestamp) -> Self {
        Self::with_imperfections(world, seed, start, Imperfections::default())
    }

    /// As [`Stream::new`], with other rates of imperfection.
    #[must_use]
    pub fn with_imperfections(world: &'w World, seed: u64, start: Timestamp, rates: Imperfections) -> Self {
        Self { simulation: Simulation::new(world, seed, start.as_second(), rates), end: None }
    }

    /// Nothing happens after `end`; what has happened is still sent, however late, and the stream ends.
    #[must_use]
    pub fn ending_at(mut self, end: Timestamp) -> Self {
        self.end = Some(end.as_second());
        self
    }

    /// Who is in which bed, as the hospitals have told it (some of it may still be under way).
    #[must_use]
    pub fn census(&self) -> Census {
        Census::of(&self.simulation)
    }

    /// How many messages were sent, and how many of them imperfectly.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.simulation.outbox.tally()
    }
}

impl Iterator for Stream<'_> {
    type Item = Timed;

    fn next(&mut self) -> Option<Timed> {
        loop {
            let next = self.simulation.next_at().filter(|at| self.end.is_none_or(|end| *at <= end));
            let ready = match (self.simulation.outbox.next_at(), next) {
                (Some(sent), Some(next)) => sent < next,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return None,
            };
            if ready {
                return self.simulation.outbox.pop();
            }
            self.simulation.step();
        }
    }
}
