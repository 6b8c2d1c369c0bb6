//! A person's own details, and how they want to be told things: by which channel, in which format and language, with an
//! interpreter or without. Stands in the Patient resource as UK Core has it, so that staff and machines read it too.
//! Details that a surgery or hospital keeps (name, address, NHS number) are shown and never changed here.

pub(crate) mod contacts;
mod decide;
mod door;
mod preferences;
mod read;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;
mod write;

pub use decide::{Change, Refusal};
pub use preferences::preferences;
pub use view::{Channel, Format, Preferences, Profile, Undone};
pub use write::PROFILE;
