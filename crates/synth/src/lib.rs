//! A synthetic population and its message stream, from one seed. Pure: never reads a clock or entropy, never opens
//! a file; seed and start are given, bytes go to an `io::Write` or an iterator.
//!
//! [`World`] is the made-up care system, [`Person`] one of its people, [`record`] their longitudinal UK Core record,
//! [`Stream`] the HL7 v2 messages of its hospitals, [`Census`] the truth that a bed board must show.

pub mod calendar;
mod census;
mod compose;
mod demo;
mod diary;
mod directory;
mod hospital;
pub mod names;
pub mod number;
pub mod output;
mod pace;
mod person;
pub mod place;
mod record;
pub mod rng;
mod stream;
mod world;

pub use census::{Census, Placement};
pub use demo::{DemoPerson, DemoRole, demo_people};
pub use diary::{bookings, demo_messages, demo_scans, diaries, scans, services, slots};
pub use directory::directory;
pub use pace::Pace;
pub use person::{Person, Sex};
pub use record::{Detail, record};
pub use stream::{Imperfections, Stream, Tally, Timed};
pub use world::{
    Bed, Organisation, OrganisationKind, Plan, Practitioner, Role, Trust, Ward, WardKind, World,
};
