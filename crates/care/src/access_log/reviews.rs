//! What came of the review of looks in an emergency. The privacy officer here, or the organisation's own privacy system, tells
//! it as a Communication to the patient: category `break-glass-review`, `about` whoever looked, `sent` when the review was
//! done, the outcome as its payload (<https://hl7.org/fhir/R4/communication.html>). A review covers that person's looks up to
//! the moment it was sent, or up to the earlier one that an extension names.

use super::{Look, Review};
use crate::emergency_review::{CATEGORY, Finding, UNTIL};
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
    until: Timestamp,
    asked: bool,
    outcome: String,
}

/// The reviews about a person's record, oldest first.
pub(super) fn reviews(snapshot: &mut Snapshot, patient: &str) -> Result<Vec<Reviewed>, Error> {
    let words = [("patient", patient), ("category", CATEGORY), ("status", "completed")];
    let mut found: Vec<Reviewed> =
        all(snapshot, "Communication", &words)?.items.iter().filter_map(review).collect();
    found.sort_by_key(|one| one.at);
    Ok(found)
}

fn review(entry: &Value) -> Option<Reviewed> {
    let payload = entry.items("payload").iter().find_map(|one| one.text_at(&["contentString"]));
    let about = entry.items("about").iter().map(Reference).find_map(Reference::reference)?;
    let at = entry.text_at(&["sent"]).or_else(|| entry.last_updated()).and_then(instant)?;
    let until = entry.items("extension").iter().find(|one| one.text_at(&["url"]) == Some(UNTIL));
    let until = until.and_then(|one| one.text_at(&["valueInstant"])).and_then(instant).unwrap_or(at);
    let asked = entry.text_at(&["topic", "coding", "code"]) == Some(Finding::Asked.code());
    Some(Reviewed { agent: about.to_owned(), at, until, asked, outcome: payload?.to_owned() })
}

impl Reviewed {
    /// Puts the first review that covers a look beside it; while there is none that ends it, that somebody was asked.
    pub(super) fn apply(all: &[Self], look: &mut Look, agent: &str) {
        let fits = |one: &&Self| one.agent == agent && one.until >= look.at;
        let ended = all.iter().filter(fits).find(|one| !one.asked);
        let found = ended.or_else(|| all.iter().rfind(fits));
        if let (Some(_), Some(one)) = (&look.review, found) {
            let (at, words) = (one.at, one.outcome.clone());
            look.review = Some(if one.asked {
                Review::Asked { words, at }
            } else {
                Review::Done { outcome: words, at }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, What};
    use super::*;

    fn sent_at() -> Timestamp {
        Timestamp::from_second(3600).unwrap()
    }

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
        let begun = [Reviewed {
            asked: true,
            at: sent_at(),
            until: sent_at(),
            agent: "Practitioner/1".into(),
            outcome: "Asked".into(),
        }];
        let mut asked = look(59, true);
        Reviewed::apply(&begun, &mut asked, "Practitioner/1");
        assert!(matches!(asked.review, Some(Review::Asked { .. })));
        Reviewed::apply(
            &[begun.into_iter().next().unwrap(), review(&sent).unwrap()],
            &mut asked,
            "Practitioner/1",
        );
        assert!(matches!(asked.review, Some(Review::Done { .. })), "what ends it counts");
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
