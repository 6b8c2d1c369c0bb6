//! One entry of a record with all that is recorded about it: its line, and facts beside it. An entry that is not of the
//! person asked for, or must not be shown as a line, is not found.

use super::files::with_files;
use super::from_fhir as lines;
use super::studies::studies;
use super::{Entry, Fact, Label, Line, Part, SheetBody, Whom};
use crate::lookup::unseen;
use crate::places::Names;
use crate::prescriptions::quantity;
use crate::view::Unseen;
use crate::words::{coded, concept};
use fhir::json::Value;
use fhir::views::{CodeableConcept, Document, MedicationEntry, Reference, Resource};
use store::{Actor, Error, Found, Snapshot, Store};

/// One entry of a part of the record.
pub(super) async fn entry(
    store: &Store,
    actor: &Actor,
    patient: &str,
    (part, id): (Part, &str),
) -> Result<Entry, Unseen> {
    let (patient, id) = (patient.to_owned(), id.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let found = find(snapshot, &whom, types(part), &id)?.ok_or(Error::NotFound)?;
        let found = if part == Part::Documents { with_files(snapshot, found, None)? } else { found };
        let line = match part {
            Part::Scans => {
                let all = studies(snapshot, &whom, &[("_id", &id)])?;
                all.into_iter().next().map(|one| Line::Scan(Box::new(one)))
            }
            _ => line(snapshot, part, &found)?,
        };
        let line = line.ok_or(Error::NotFound)?;
        Ok(Entry { read_at: now, line, facts: facts(&found) })
    });
    read.await.map_err(|error| unseen(&error))
}

/// One sheet of a document, whole. It is read as the document is: what may not be seen is not found.
pub(super) async fn sheet(
    store: &Store,
    actor: &Actor,
    patient: &str,
    (id, number): (&str, usize),
) -> Result<SheetBody, Unseen> {
    let (patient, id) = (patient.to_owned(), id.to_owned());
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let found = find(snapshot, &whom, types(Part::Documents), &id)?.ok_or(Error::NotFound)?;
        // What has no line (a mistake, an older edition) has no sheets.
        line(snapshot, Part::Documents, &found)?.ok_or(Error::NotFound)?;
        let found = with_files(snapshot, found, Some(number))?;
        lines::sheet_body(Document(&found), number).ok_or(Error::NotFound)
    });
    read.await.map_err(|error| unseen(&error))
}

/// The types that a part is made of.
fn types(part: Part) -> &'static [&'static str] {
    match part {
        Part::Problems => &["Condition"],
        Part::Medicines => &["MedicationRequest", "MedicationStatement"],
        Part::Allergies => &["AllergyIntolerance"],
        Part::Encounters => &["Encounter"],
        Part::Vaccinations => &["Immunization"],
        Part::Documents => &["DocumentReference", "Composition"],
        Part::Scans => &["ImagingStudy"],
        Part::Summary | Part::Results | Part::Observations => &[],
    }
}

fn find(snapshot: &mut Snapshot, whom: &Whom, types: &[&str], id: &str) -> Result<Option<Value>, Error> {
    for type_ in types {
        if let Found::Present(found) = snapshot.read(type_, id)? {
            let entry = snapshot.document(&found)?;
            let of = entry.subject().and_then(|one| one.id_of("Patient"));
            return Ok(of.is_some_and(|of| whom.ids.split(',').any(|id| id == of)).then_some(entry));
        }
    }
    Ok(None)
}

fn line(snapshot: &mut Snapshot, part: Part, entry: &Value) -> Result<Option<Line>, Error> {
    Ok(match part {
        Part::Problems => lines::problem(entry).map(Line::Problem),
        Part::Medicines => lines::medicine(entry).map(Line::Medicine),
        Part::Allergies => lines::allergy(entry).map(Line::Allergy),
        Part::Encounters => {
            let names = Names::read(snapshot, std::slice::from_ref(entry))?;
            lines::visit(entry, &names).map(Line::Visit)
        }
        Part::Vaccinations => lines::vaccination(entry).map(Line::Vaccination),
        Part::Documents => lines::paper(entry).map(Line::Paper),
        Part::Summary | Part::Results | Part::Observations | Part::Scans => None,
    })
}

/// What stands beside the line, as far as recorded.
fn facts(entry: &Value) -> Vec<Fact> {
    let named = |member: &str| {
        let one = entry.get(member).map(Reference);
        let many = entry.items(member).iter().map(Reference);
        one.into_iter().chain(many).filter_map(Reference::display).map(str::to_owned).collect::<Vec<_>>()
    };
    let said = |member: &str| {
        let one = entry.get(member).map(CodeableConcept);
        let many = entry.items(member).iter().map(CodeableConcept);
        one.into_iter().chain(many).filter_map(concept).collect::<Vec<_>>()
    };
    let attending: Vec<String> = entry
        .items("participant")
        .iter()
        .filter_map(|one| one.text_at(&["individual", "display"]))
        .map(str::to_owned)
        .collect();
    let dispensed = quantity(MedicationEntry(entry));
    let codes = entry.code().and_then(coded).map(|code| format!("{} {}", code.system, code.code));
    let recorded_by = [named("recorder"), named("asserter"), named("requester")].concat();
    let all = [
        (Label::RecordedBy, recorded_by),
        (Label::Attending, attending),
        (Label::Provider, named("serviceProvider")),
        (Label::Severity, said("severity")),
        (Label::BodySite, said("bodySite")),
        (Label::Quantity, dispensed.into_iter().collect()),
        (Label::Code, codes.into_iter().collect()),
        (Label::Notes, entry.notes().map(str::to_owned).collect()),
    ];
    let distinct = |mut words: Vec<String>| {
        words.dedup();
        words
    };
    let there = all.into_iter().filter(|(_, words)| !words.is_empty());
    there.map(|(label, words)| Fact { label, words: distinct(words) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_what_is_recorded_and_nothing_else() {
        let entry = fhir::json::parse(
            br#"{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"195967001"}]},
                "recorder":{"display":"Dr A"},"asserter":{"display":"Dr A"},"severity":{"text":"Mild"},
                "note":[{"text":"Worse in spring"}]}"#,
            &fhir::json::Limits::default(),
        )
        .unwrap();
        let facts = facts(&entry);
        let words = |label| {
            let fact = facts.iter().find(|fact| fact.label == label)?;
            Some(fact.words.join("|"))
        };
        assert_eq!(words(Label::RecordedBy).as_deref(), Some("Dr A"));
        assert_eq!(words(Label::Code).as_deref(), Some("SNOMED CT 195967001"));
        assert_eq!(words(Label::Notes).as_deref(), Some("Worse in spring"));
        assert_eq!(words(Label::BodySite), None);
    }
}
