//! The audit log: one row for each interaction and patient, appended in the commit of a write and before the answer
//! of a read, as leaves of a Merkle tree (RFC 9162 §2.1) whose heads are also kept outside the database.

mod draft;
mod event;
pub(crate) mod head;
mod log;
pub(crate) mod number;
mod read;
mod record;
mod refused;
mod tree;
mod verify;

pub(crate) use draft::{Action, Draft, Subject};
pub(crate) use log::Log;
pub use read::SEARCHED_BY;
pub(crate) use read::{is_log, no_history, no_join};
pub use record::AuditRecord;
pub(crate) use refused::{Refusals, Refused};
pub use verify::{Finding, Report, verify};

#[cfg(test)]
mod tamper;
