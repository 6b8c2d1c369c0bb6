//! A person's record as one line of time over all organisations, a year at a time: visits, results, conditions, medicines,
//! vaccinations, procedures, allergies, documents and scans.
//!
//! What bears no date stands in its own section and not here. A section that cannot be read makes the whole year fail: a line
//! of time with silent gaps would mislead.

mod door;
mod read;
mod view;

pub use view::{Happening, Kind, Timeline};
