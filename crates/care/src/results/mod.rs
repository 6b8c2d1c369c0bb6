//! Test results for the person they are about: one feed across surgeries, hospitals and mental health, one page a report,
//! and one value over time. Implements journey P6 of the patient app.
//!
//! It says what was measured, where the value stands to the range that came with it, whether somebody has looked at it, what
//! happens next and whom to ask. It must never say what a value means for the person's health: a clinician does.

mod door;
mod matters;
mod read;
mod rules;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod seen;
mod source;
mod topics;
mod trend;
mod view;

pub use matters::Matter;
pub(crate) use read::outcomes;
use source::Sources;
pub use topics::Topic;
pub use view::{Feed, NextStep, Outcome, Point, Review, Setting, Source, Trend};
