//! What happens after an emergency access: every one of them is looked at by the organisation's privacy officer, who records
//! what came of it, and the person whose record it was reads that beside the access (security rules, sections 1 and 2).
//!
//! Accesses come from the audit log, which nobody here can change; a finding is a Communication in the record of the person
//! ([`document`]). A privacy officer reads no record: of the person only name and NHS number, to know whom it is about.

mod accesses;
mod decide;
mod document;
mod door;
mod read;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;
mod write;

pub use decide::{Finding, Refusal, WORDS_MAX};
pub(crate) use document::{CATEGORY, UNTIL};
pub(crate) use read::waiting;
pub use view::{Access, Found, Reviews, Undone};
pub use write::EMERGENCY_REVIEW;
