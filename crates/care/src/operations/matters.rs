//! The open matters of the patient flow as the operator sees them. They are found by the system, because an operator reads
//! nobody's record; what leaves here is the kind of matter, a ward or bed, and the messages by which a feed can be mended.
//!
//! It must never hand out a patient, a visit or a reference to either.

use super::Matter;
use crate::lookup::{page, section};
use crate::patient_flow::{is_open, open_system};
use crate::view::{Listed, Section};
use crate::words::instant;
use fhir::json::Value;
use store::{Actor, Error, Snapshot, Store};

/// Matters on a page.
const PAGE: &str = "50";

/// The newest open matters.
pub(super) async fn matters(store: &Store, actor: &Actor) -> Section<Matter> {
    let finder = Actor { organisation: actor.organisation.clone(), ..Actor::system(actor.trace.clone()) };
    section(store.read(finder, newest).await)
}

fn newest(snapshot: &mut Snapshot) -> Result<Listed<Matter>, Error> {
    let tag = format!("{}|open", open_system());
    let found =
        page(snapshot, "DetectedIssue", &[("_tag", &tag), ("_sort", "-_lastUpdated"), ("_count", PAGE)])?;
    let mut items: Vec<Matter> = Vec::new();
    for matter in found.items.iter().filter(|issue| is_open(issue)).filter_map(matter) {
        // The two records of a join that waits each have the matter.
        if !items.contains(&matter) {
            items.push(matter);
        }
    }
    Ok(Listed { items, total: None, next: found.next })
}

fn matter(issue: &Value) -> Option<Matter> {
    let places = issue.items("implicated").iter().filter(|one| {
        one.text_at(&["reference"]).is_some_and(|reference| reference.starts_with("Location/"))
    });
    let said = issue.items("evidence").iter().flat_map(|evidence| evidence.items("detail"));
    Some(Matter {
        kind: issue.text_at(&["code", "coding", "display"])?.to_owned(),
        meaning: issue.text_at(&["detail"]).unwrap_or_default().to_owned(),
        place: places.filter_map(|place| place.text_at(&["display"])).next().map(str::to_owned),
        messages: said.filter_map(|one| one.text_at(&["display"])).map(str::to_owned).collect(),
        since: issue.text_at(&["identifiedDateTime"]).and_then(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    #[test]
    fn a_matter_shows_kind_place_and_messages_and_nobody() {
        let issue = parse(
            br#"{"resourceType":"DetectedIssue","id":"i","status":"final","patient":{"reference":"Patient/secret-p"},
            "code":{"coding":[{"code":"place-differs","display":"Update names another place"}]},
            "identifiedDateTime":"2026-06-02T10:15:00+01:00","detail":"The movements count.",
            "implicated":[{"reference":"Encounter/secret-e"},{"reference":"Location/w","display":"W02"}],
            "evidence":[{"detail":[{"identifier":{"value":"17"},"display":"update message 17"}]}]}"#,
            &Limits::default(),
        )
        .unwrap();
        let matter = matter(&issue).unwrap();
        assert_eq!(matter.place.as_deref(), Some("W02"));
        assert_eq!(matter.messages, ["update message 17"]);
        assert_eq!(matter.since.map(|at| at.to_string()).as_deref(), Some("2026-06-02T09:15:00Z"));
        assert!(!format!("{matter:?}").contains("secret"));
    }
}
