//! The open matters of the patient flow as the operator sees and closes them. They are found by the system, because an
//! operator reads nobody's record; what leaves here is the kind of matter in our own words, a ward or bed, and the messages
//! by which a feed can be mended.
//!
//! It must never hand out a patient, a visit or a reference to either, nor a text that somebody else put into a matter.

use super::Matter;
use crate::lookup::{page, present, section, unseen};
use crate::patient_flow::{closed, in_words, is_open, open_system};
use crate::view::{Listed, Section, Unseen};
use crate::words::instant;
use fhir::json::Value;
use store::{Actor, Capability, Error, IfMatch, Prepared, Role, Snapshot, Store};

/// Matters on a page.
const PAGE: &str = "50";

/// What closing writes.
const CLOSING: Capability = Capability { name: "matters", writes: &["DetectedIssue"], shared: &[] };

/// The newest open matters.
pub(super) async fn matters(store: &Store, actor: &Actor) -> Section<Matter> {
    let finder = Actor { organisation: actor.organisation.clone(), ..Actor::system(actor.trace.clone()) };
    section(store.read(finder, newest).await)
}

/// Closes a matter: nobody has to look at it any more. The row of the log names the operator. A matter that is closed
/// already stays so, and a form that is sent twice closes once.
pub(crate) async fn close(store: &Store, actor: &Actor, (id, once): (&str, &str)) -> Result<(), Unseen> {
    if !matches!(actor.role, Role::Operator | Role::System) {
        return Err(Unseen::NoAccess);
    }
    let (who, at) = (actor.id.clone(), store.environment().clock.now());
    let (id, once) = (id.to_owned(), once.to_owned());
    let work = move |transaction: &mut store::Transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(());
        }
        let issue = present(transaction, "DetectedIssue", &id)?;
        let Some(shown) = matter(&issue) else { return Err(Error::NotFound) };
        if is_open(&issue) {
            let since = issue.text_at(&["identifiedDateTime"]);
            for id in std::iter::once(id).chain(twins(transaction, since, &shown)?) {
                let resource = transaction.read("DetectedIssue", &id)?.present()?;
                let prepared =
                    Prepared::new(closed(&resource.value()?, &who, at)).map_err(Error::Unprocessable)?;
                transaction.update(&prepared, IfMatch::Version(resource.version))?;
            }
        }
        transaction.settle_once(&once, "closed")
    };
    // An operator opens nobody's record: the system writes, in the operator's name.
    let writer = Actor { role: Role::System, ..actor.within(&CLOSING) };
    store.write(writer, work).await.map_err(|error| unseen(&error))
}

/// Other open matters that the page shows as one with this: the two records of a join that waits each have one.
fn twins(snapshot: &mut Snapshot, since: Option<&str>, shown: &Matter) -> Result<Vec<String>, Error> {
    let tag = format!("{}|open", open_system());
    let mut asked = vec![("_tag", tag.as_str())];
    asked.extend(since.map(|since| ("identified", since)));
    let found = crate::lookup::all(snapshot, "DetectedIssue", &asked)?;
    let matters = found.items.iter().filter(|issue| is_open(issue)).filter_map(matter);
    Ok(matters.filter(|other| other.id != shown.id && is_same(other, shown)).map(|other| other.id).collect())
}

fn newest(snapshot: &mut Snapshot) -> Result<Listed<Matter>, Error> {
    let tag = format!("{}|open", open_system());
    let found =
        page(snapshot, "DetectedIssue", &[("_tag", &tag), ("_sort", "-_lastUpdated"), ("_count", PAGE)])?;
    let mut items: Vec<Matter> = Vec::new();
    for matter in found.items.iter().filter(|issue| is_open(issue)).filter_map(matter) {
        // The two records of a join that waits each have the matter.
        if !items.iter().any(|known| is_same(known, &matter)) {
            items.push(matter);
        }
    }
    Ok(Listed { items, total: None, next: found.next })
}

/// Whether two matters are one to a reader.
fn is_same(one: &Matter, other: &Matter) -> bool {
    one == &Matter { id: one.id.clone(), ..other.clone() }
}

/// A matter of ours. What another program put beside them says who knows what, and is not shown.
fn matter(issue: &Value) -> Option<Matter> {
    let (kind, meaning) = in_words(issue)?;
    let places = issue.items("implicated").iter().filter(|one| {
        one.text_at(&["reference"]).is_some_and(|reference| reference.starts_with("Location/"))
    });
    let said = issue.items("evidence").iter().flat_map(|evidence| evidence.items("detail"));
    Some(Matter {
        id: issue.text_at(&["id"])?.to_owned(),
        kind,
        meaning,
        place: places.filter_map(|place| place.text_at(&["display"])).next().map(str::to_owned),
        messages: said.filter_map(|one| one.text_at(&["display"])).map(str::to_owned).collect(),
        since: issue.text_at(&["identifiedDateTime"]).and_then(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    fn issue(system: &str) -> Value {
        let text = format!(
            r#"{{"resourceType":"DetectedIssue","id":"i","status":"final","patient":{{"reference":"Patient/secret-p"}},
            "code":{{"coding":[{{"system":"{system}","code":"place-differs","display":"secret-display"}}]}},
            "identifiedDateTime":"2026-06-02T10:15:00+01:00","detail":"secret-detail",
            "implicated":[{{"reference":"Encounter/secret-e"}},{{"reference":"Location/w","display":"W02"}}],
            "evidence":[{{"detail":[{{"identifier":{{"value":"17"}},"display":"update message 17"}}]}}]}}"#
        );
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_matter_shows_kind_place_and_messages_in_our_words_and_nobody() {
        let ours = open_system().replace("/tag", "/flow-concern");
        let matter = matter(&issue(&ours)).unwrap();
        assert_eq!(matter.kind, "Update names another place");
        assert_eq!(matter.place.as_deref(), Some("W02"));
        assert_eq!(matter.messages, ["update message 17"]);
        assert_eq!(matter.since.map(|at| at.to_string()).as_deref(), Some("2026-06-02T09:15:00Z"));
        assert!(!format!("{matter:?}").contains("secret"));
    }

    #[test]
    fn what_another_program_calls_a_matter_is_none() {
        assert!(matter(&issue("https://other.example/codes")).is_none());
    }
}
