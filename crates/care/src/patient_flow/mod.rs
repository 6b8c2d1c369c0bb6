//! Patient flow: messages and ward actions become events, events are folded into stays, stays into beds.
//!
//! Everything here but [`apply`] (with `plan`) is pure. It must never depend on the order in which events arrive, never lose a
//! fact (what no longer holds is superseded, not deleted), and never see HL7, HTTP or SQL.
//! Rules: `docs/patient-flow.md`; resources: <https://hl7.org/fhir/R4/encounter.html>.

mod apply;
mod cancel;
mod clinical;
mod decide;
mod echo;
mod event;
mod fold;
mod joined;
mod moment;
mod occupancy;
mod outlook;
mod people;
mod person;
mod plan;
mod present;
mod reports;
mod resources;
mod sequence;
mod stay;
mod stays;
mod timeline;

#[cfg(test)]
mod imported;
#[cfg(test)]
mod matters;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod world;

pub use apply::{Applied, ApplyError, Receipt, apply};
pub use clinical::*;
pub use decide::{Changes, Refusal, decide};
pub use event::*;
pub use fold::fold_stay;
pub use moment::{DAY, HOUR, Moment, Precision};
pub use occupancy::{Occupant, as_known_at, conflicts, occupancy};
pub use people::{Direction, Known, Link, Person, fold_person};
pub use person::*;
pub use present::Present;
pub use reports::About;
pub use resources::{Change, Holders, encounter_id, location_id, patient_id};
pub(crate) use resources::{closed, in_words, is_open, open_system};
pub use stay::*;
pub use stays::{Stays, fold};
