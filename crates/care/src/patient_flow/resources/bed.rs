//! A bed's Location and its matter, from those who hold it now.
//!
//! Holders are read from Encounters, whoever wrote them; it must never change more of a Location than whether it is
//! occupied (HL7 table 0116), and nothing of one that is closed, cleaned, contaminated or isolated.

use super::super::event::Place;
use super::super::moment::Moment;
use super::concern::{Holders, bed_concern, is_open, settled};
use super::location::{is_free_or_occupied, with_status};
use super::overlay::Change;
use fhir::json::Value;

/// The entry of `Encounter.location` by which an Encounter holds the bed of that Location now.
#[must_use]
pub fn held_by<'a>(encounter: &'a Value, bed: &str) -> Option<&'a Value> {
    let here = |entry: &&Value| {
        entry.text_at(&["status"]) == Some("active")
            && entry.text_at(&["location", "reference"]).and_then(|one| one.strip_prefix("Location/"))
                == Some(bed)
    };
    encounter.items("location").iter().find(here)
}

/// What the holders change of a bed: its Location, and the matter that stands (`issue`) or should stand. `at` is when the
/// source recorded what freed or filled it.
#[must_use]
pub fn bed_changes(
    bed: &Place,
    (location, issue): (Option<&Value>, Option<&Value>),
    holders: &Holders,
    at: &Moment,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(location) = location.filter(|location| is_free_or_occupied(location)) {
        let marked = with_status(location, !holders.is_empty());
        if marked != *location {
            changes.push(Change { before: Some(location.clone()), after: marked, withdrawn: Vec::new() });
        }
    }
    let standing = issue.filter(|issue| is_open(issue));
    let after = bed_concern(bed, holders).or_else(|| standing.map(|issue| settled(issue, at)));
    changes.extend(after.map(|after| Change { before: None, after, withdrawn: Vec::new() }));
    changes
}
