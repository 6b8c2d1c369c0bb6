//! A finding as FHIR: a Communication to the person, category `break-glass-review`, `about` whoever opened the record, the code
//! of the finding as its `topic`, what the person reads as its payload, and in an extension the moment up to which it covers
//! that person's accesses. A privacy system from outside may write the same without topic and extension.

use super::decide::Finding;
use crate::words::instant;
use fhir::json::Value;
use fhir::systems::COMMUNICATION_KIND;
use fhir::views::{Reference, Resource, build};
use jiff::Timestamp;

/// The category of a finding.
pub(crate) const CATEGORY: &str = "break-glass-review";
/// Up to when a finding covers the accesses of whom it is about.
pub(crate) const UNTIL: &str = "https://bevan.example/StructureDefinition/reviewed-until";
const FINDING: &str = "https://bevan.example/CodeSystem/break-glass-finding";

/// A finding that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Review {
    /// Who had opened the record.
    pub agent: String,
    /// Id of the Patient.
    pub patient: String,
    /// Up to when it covers that person's accesses.
    pub until: Timestamp,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: String,
    /// What was found.
    pub finding: Finding,
    /// What the person reads.
    pub words: String,
}

/// The document of a finding. `officer` is the reference and the name of whoever recorded it.
pub(super) fn communication(one: &Review, officer: &str) -> Value {
    let sender = build::object([
        ("reference", officer.starts_with("Practitioner/").then(|| Value::from(officer))),
        ("display", Some(Value::from(one.by.as_str()))),
    ]);
    let agent = build::object([("reference", Some(Value::from(one.agent.as_str())))]);
    let until = build::extension(UNTIL, "valueInstant", Value::from(one.until.to_string()));
    let kind = build::codeable_concept(COMMUNICATION_KIND, CATEGORY, "Review of an emergency access");
    // Who looked at a record is for its person alone.
    crate::labels::restricted(build::object([
        ("resourceType", Some(Value::from("Communication"))),
        ("meta", Some(Value::object([("tag", build::one(crate::messages::due_tag()))]))),
        ("extension", Some(build::one(until))),
        ("status", Some(Value::from("completed"))),
        ("category", Some(build::one(kind))),
        ("subject", Some(build::reference("Patient", &one.patient))),
        ("topic", Some(build::codeable_concept(FINDING, one.finding.code(), ""))),
        ("about", Some(build::one(agent))),
        ("sent", Some(Value::from(one.at.to_string()))),
        ("recipient", Some(build::one(build::reference("Patient", &one.patient)))),
        ("sender", Some(sender)),
        ("payload", Some(build::one(Value::object([("contentString", Value::from(one.words.as_str()))])))),
    ]))
}

/// The finding of a document; what says nothing of its kind is taken as an end of the review.
pub(super) fn review(document: &Value) -> Option<Review> {
    let at = document.text_at(&["sent"]).or_else(|| document.last_updated()).and_then(instant)?;
    let until = document.items("extension").iter().find(|one| one.text_at(&["url"]) == Some(UNTIL));
    let until = until.and_then(|one| one.text_at(&["valueInstant"])).and_then(instant).unwrap_or(at);
    let code = document.text_at(&["topic", "coding", "code"]).and_then(Finding::of_code);
    Some(Review {
        agent: document.items("about").iter().map(Reference).find_map(Reference::reference)?.to_owned(),
        patient: document.get("subject").map(Reference)?.id_of("Patient")?.to_owned(),
        until,
        at,
        by: document.text_at(&["sender", "display"]).unwrap_or_default().to_owned(),
        finding: code.unwrap_or(Finding::Justified),
        words: document.items("payload").iter().find_map(|one| one.text_at(&["contentString"]))?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_sound_and_lead_back() {
        for finding in Finding::ALL {
            let one = Review {
                agent: "Practitioner/nurse".into(),
                patient: "p".into(),
                until: "2026-11-22T12:00:00.000001Z".parse().unwrap(),
                at: "2026-11-23T12:00:00Z".parse().unwrap(),
                by: "Officer".into(),
                finding,
                words: "Because <b>…</b>".into(),
            };
            let document = communication(&one, "Practitioner/o");
            let issues = fhir::validate::structural(&document);
            assert!(issues.iter().all(|issue| !issue.is_error()), "{issues:?}");
            assert_eq!(review(&document), Some(one));
        }
    }
}
