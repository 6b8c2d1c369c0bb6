//! Where to go now: a red-flag screen, a few questions, and one outcome that says what to do, how soon, where, what would
//! make it worse and which other ways there are (patient-app rules, section 6.1).
//!
//! A set of pathways is data ([`Pathways`], TOML), checked as a whole when it is loaded: a set with one fault is
//! refused with every fault named. The set in this crate is a demonstration and says so; a licensed one takes its place.
//! Nothing here asks who somebody is, keeps an answer or reads the record, so it works with the record out of reach.
//! It never names a diagnosis, never turns anybody away, and what is typed in free text can only raise an outcome.

mod answers;
mod check;
mod group;
mod hear;
mod pathways;
mod walk;

#[cfg(test)]
mod every;

pub use answers::{Answers, Heard, Urgent, Whom};
pub use group::{Age, Card, Group, Sign};
pub use pathways::{
    Answer, Call, Finding, Flag, Kind, LoadError, Outcome, Pathways, Set, Start, Step, Target, Topic,
};
pub use walk::{Given, Place, Walk};
