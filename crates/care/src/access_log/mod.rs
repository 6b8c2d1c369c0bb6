//! Who looked at a person's record, in words that the person can read.
//! Implements the patient-visible part of the audit rules: who, role, organisation, when, what and why.

mod read;
mod reviews;
mod view;

pub(crate) use read::{beginning_with, part, read, role};
pub use view::{AccessLog, Look, Reason, Review, What};
