//! What the pages about emergency accesses show a privacy officer.

use super::decide::{Finding, Refusal};
use crate::view::{Section, Unseen};
use jiff::Timestamp;

/// The accesses of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviews {
    /// When it was read.
    pub read_at: Timestamp,
    /// Those that somebody still has to look at, the oldest first.
    pub waiting: Section<Access>,
    /// Those that were reviewed, the newest first.
    pub done: Section<Access>,
    /// Whether there are older ones than those that were read.
    pub older: bool,
}

/// One access to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What its address names it by.
    pub id: String,
    /// Who opened the record.
    pub who: String,
    /// In which role, in words.
    pub role: String,
    /// Name of the person whose record it is.
    pub patient: String,
    /// NHS number of that person.
    pub nhs_number: Option<String>,
    /// The reason that was given.
    pub reason: String,
    /// When it began.
    pub from: Timestamp,
    /// The last look that is known.
    pub until: Timestamp,
    /// Which parts were opened, in words.
    pub parts: Vec<String>,
    /// Whether something was written.
    pub changed: bool,
    /// Whether it is the officer's own access, which somebody else reviews.
    pub own: bool,
    /// What came of it so far.
    pub found: Option<Found>,
}

impl Access {
    /// Whether somebody still has to look at it.
    pub fn waits(&self) -> bool {
        !self.found.as_ref().is_some_and(|one| one.finding.is_final())
    }
}

/// A finding that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub finding: Finding,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What the person reads.
    pub words: String,
}

/// Why a finding was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}
