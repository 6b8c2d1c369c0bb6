//! How the feeds are: what arrived, what waits, what could not be applied and why. Shows messages' reasons, never
//! patients' names. Implements the dead-letter rules of the flow note.

mod matters;
mod read;
mod view;

pub(crate) use matters::close;
pub(crate) use read::{feeds, read, replay};
pub use view::{DeadLetter, Feed, InboxCounts, Matter, Operations};
