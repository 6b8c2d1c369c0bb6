//! Hospitals hour by hour: people arrive, wait, are admitted, moved and discharged; beds fill and empty. Every
//! change is told as HL7 v2 messages; what has been told is the truth of [`crate::Census`].
//!
//! Invariant: a bed holds at most one stay, a person is in at most one place, and everything follows from the
//! world, the seed and the start alone.

mod bed;
mod clinical;
mod departure;
mod emergency;
mod opening;
mod simulation;
mod ward;

pub use bed::Stay;
pub(crate) use bed::{Hospital, Place, StayId};
pub(crate) use clinical::{Observations, panel, taken_at, values};
pub(crate) use simulation::Simulation;
