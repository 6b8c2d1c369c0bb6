//! What the page of one entry prints.

use super::{Allergy, Medicine, Paper, Problem, Scan, Vaccination, Visit};
use jiff::Timestamp;

/// One entry of a record, with all that is recorded about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was read.
    pub read_at: Timestamp,
    /// The entry as it stands in its list.
    pub line: Line,
    /// What else is recorded.
    pub facts: Vec<Fact>,
}

/// An entry as it stands in its list.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Of the allergies.
    Allergy(Allergy),
    /// Of the conditions.
    Problem(Problem),
    /// Of the medicines.
    Medicine(Medicine),
    /// Of the vaccinations.
    Vaccination(Vaccination),
    /// Of the visits.
    Visit(Visit),
    /// Of the documents.
    Paper(Paper),
    /// Of the scans.
    Scan(Box<Scan>),
}

/// Something else that is recorded about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub label: Label,
    /// In words, as recorded.
    pub words: Vec<String>,
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Who wrote it down.
    RecordedBy,
    /// Who treated the person.
    Attending,
    /// Which organisation.
    Provider,
    /// How severe.
    Severity,
    /// Where in the body.
    BodySite,
    /// How much is dispensed.
    Quantity,
    /// Its code.
    Code,
    /// Notes.
    Notes,
}
