//! What came of the review of looks in an emergency. The organisation's privacy system tells it as a Communication to the
//! patient: category `break-glass-review`, `about` whoever looked, `sent` when the review was done, the outcome as its payload
//! (<https://hl7.org/fhir/R4/communication.html>). A review covers that person's looks up to the moment it was sent.

use super::{Look, Review};
use crate::lookup::all;
use crate::words::instant;
use fhir::json::Value;
use fhir::views::{Reference, Resource};
use jiff::Timestamp;
use store::{Error, Snapshot};

/// A review.
pub(super) struct Reviewed {
    agent: String,
    at: Timestamp,
    outcome: String,
}

/// The reviews about a person's record, oldest first.
pub(super) fn reviews(snapshot: &mut Snapshot, patient: &str) -> Result<Vec<Reviewed>, Error> {
    let words = [("patient", patient), ("category", "break-glass-review"), ("status", "completed")];
    let mut found: Vec<Reviewed> =
        all(snapshot, "Communication", &words)?.items.iter().filter_map(review).collect();
    found.sort_by_key(|one| one.at);
    Ok(found)
}

fn review(entry: &Value) -> Option<Reviewed> {
    let payload = entry.items("payload").iter().find_map(|one| one.text_at(&["contentString"]));
    let about = entry.items("about").iter().map(Reference).find_map(Reference::reference)?;
    let at = entry.text_at(&["sent"]).or_else(|| entry.last_updated()).and_then(instant)?;
    Some(Reviewed { agent: about.to_owned(), at, outcome: payload?.to_owned() })
}

impl Reviewed {
    /// Puts the first review at or after a look beside it.
    pub(super) fn apply(all: &[Self], look: &mut Look, agent: &str) {
        let fits = |one: &&Self| one.agent == agent && one.at >= look.at;
        if let (Some(_), Some(one)) = (&look.review, all.iter().find(fits)) {
            look.review = Some(Review::Done { outcome: one.outcome.clone(), at: one.at });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, What};
    use super::*;

    #[test]
    fn a_review_covers_looks_of_that_person_up_to_when_it_was_sent() {
        let look = |minute: i64, emergency: bool| Look {
            at: Timestamp::from_second(minute * 60).unwrap(),
            who: None,
            role: "Ward staff".into(),
            organisation: String::new(),
            parts: Vec::new(),
            what: What::Looked,
            reason: Reason::Emergency("Unconscious".into()),
            own: false,
            review: emergency.then_some(Review::Waiting),
        };
        let sent = fhir::json::parse(
            br#"{"resourceType":"Communication","about":[{"reference":"Practitioner/1"}],"sent":"1970-01-01T01:00:00Z",
                "payload":[{"contentString":"Justified"}]}"#,
            &fhir::json::Limits::default(),
        )
        .unwrap();
        let all = [review(&sent).unwrap()];
        for (minute, agent, emergency, done) in [
            (59, "Practitioner/1", true, true),
            (60, "Practitioner/1", true, true),
            (61, "Practitioner/1", true, false),
            (59, "Practitioner/2", true, false),
            (59, "Practitioner/1", false, false),
        ] {
            let mut look = look(minute, emergency);
            Reviewed::apply(&all, &mut look, agent);
            assert_eq!(matches!(look.review, Some(Review::Done { .. })), done, "{minute} {agent}");
        }
    }
}
