//! Reads a whole record, page after page. More than [`crate::lookup::all`] reads of one type refuses the copy.

use super::Copy;
use super::bundle::{Chapter, Contents, bundle};
use crate::lookup::{all, unseen};
use crate::record::{Reader, Whom};
use crate::results::outcomes;
use crate::view::{Listed, Unseen};
use catalogue::say;
use fhir::json::{Value, to_vec};
use jiff::Timestamp;
use std::collections::BTreeSet;
use store::{Actor, Error, Found, Snapshot, Store};

/// The whole record, for reading.
pub(super) async fn copy(store: &Store, actor: &Actor, patient: &str) -> Result<Copy, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let record = Reader::of(snapshot, &patient, None, now)?.whole();
        let whom = Whom::read(snapshot, &patient)?;
        Ok(Copy { record, results: crate::lookup::section(every_outcome(snapshot, &whom, now)) })
    });
    read.await.map_err(|error| unseen(&error))
}

fn every_outcome(
    snapshot: &mut Snapshot,
    whom: &Whom,
    now: Timestamp,
) -> Result<Listed<crate::results::Outcome>, Error> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut words = vec![("_count", "100"), ("_sort", "-date")];
        words.extend(cursor.as_deref().map(|cursor| ("_page", cursor)));
        let page = outcomes(snapshot, whom, &words, now)?;
        items.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(crate::lookup::listed(items)),
        }
    }
    Err(Error::TooCostly("a copy of more than 4,000 reports"))
}

const PAGES_MAX: usize = 40;

/// What a FHIR document holds: the message of its title and LOINC code of each chapter, and what is searched for it.
const CHAPTERS: &[(&str, &str, &[&str])] = &[
    ("record-allergies", "48765-2", &["AllergyIntolerance"]),
    ("record-conditions", "11450-4", &["Condition"]),
    ("record-medicines", "10160-0", &["MedicationRequest", "MedicationStatement"]),
    ("record-vaccinations", "11369-6", &["Immunization"]),
    ("record-part-results", "30954-2", &["DiagnosticReport"]),
    ("record-scans", "18748-4", &["ImagingStudy"]),
    ("record-measurements", "8716-3", &["Observation"]),
    ("record-part-procedures", "47519-4", &["Procedure"]),
    ("record-visits", "46240-8", &["Encounter"]),
    ("record-documents", "55108-5", &["DocumentReference", "Composition"]),
];

/// Types that say who and where, and about no patient: those that entries name come along.
const NAMED: &[&str] = &["Organization", "Practitioner", "PractitionerRole", "Location", "Medication"];

/// The whole record as a FHIR document.
pub(super) async fn document(store: &Store, actor: &Actor, patient: &str) -> Result<Vec<u8>, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let mut chapters = Vec::new();
        for (title, code, types) in CHAPTERS {
            let entries = chapter(snapshot, &whom, types)?;
            chapters.push(Chapter { title: say(title), code, entries });
        }
        let named = named(snapshot, &chapters)?;
        Ok(to_vec(&bundle(&Contents { person: &whom.person, chapters: &chapters, named: &named, now })))
    });
    read.await.map_err(|error| unseen(&error))
}

/// The entries of a chapter; `None` where this reader may not see them.
fn chapter(snapshot: &mut Snapshot, whom: &Whom, types: &[&str]) -> Result<Option<Vec<Value>>, Error> {
    let mut entries = Vec::new();
    for type_ in types {
        match all(snapshot, type_, &[("patient", &whom.ids)]) {
            Ok(page) => entries.extend(page.items),
            Err(Error::Forbidden | Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(entries))
}

/// Organisations, people and places that the entries name, as far as they can be read.
fn named(snapshot: &mut Snapshot, chapters: &[Chapter<'_>]) -> Result<Vec<Value>, Error> {
    let mut wanted = BTreeSet::new();
    for entry in chapters.iter().flat_map(|chapter| chapter.entries.iter().flatten()) {
        super::bundle::references(entry, &mut |literal| {
            if let Some((type_, id)) = literal.split_once('/').filter(|(type_, _)| NAMED.contains(type_)) {
                wanted.insert((type_.to_owned(), id.to_owned()));
            }
        });
    }
    let mut found = Vec::new();
    for (type_, id) in wanted {
        if let Ok(Found::Present(one)) = snapshot.read(&type_, &id) {
            found.push(snapshot.document(&one)?);
        }
    }
    Ok(found)
}
