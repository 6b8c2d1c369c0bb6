//! What was done for somebody, told from what was written. Pure.

use crate::words::instant;
use catalogue::{dates, fill, say};
use fhir::json::Value;
use fhir::views::{MedicationEntry, Resource};

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// A repeat medicine was asked for.
    Asked(String),
    /// A repeat medicine was asked for and cannot be ordered now.
    NotOrdered(String),
    /// An appointment was booked or changed: when it begins.
    Booked(String),
    /// An appointment was cancelled.
    Cancelled(String),
    /// A message was sent: to whom.
    Wrote(String),
    /// Contact details or choices were changed, the pharmacy among them.
    Details,
    /// They applied to act for somebody: whom they named.
    Applied(String),
    /// Something about who may act for the person.
    Family,
    /// Anything else.
    Other,
}

impl Deed {
    /// In words for the person.
    pub fn words(&self) -> String {
        match self {
            Self::Asked(name) => fill("assisted-asked", &[("medicine", name.as_str().into())]),
            Self::NotOrdered(name) => fill("assisted-not-ordered", &[("medicine", name.as_str().into())]),
            Self::Booked(when) => fill("assisted-booked", &[("when", when.as_str().into())]),
            Self::Cancelled(when) => fill("assisted-cancelled", &[("when", when.as_str().into())]),
            Self::Wrote(whom) if whom.is_empty() => say("assisted-wrote").to_owned(),
            Self::Wrote(whom) => fill("assisted-wrote-to", &[("whom", whom.as_str().into())]),
            Self::Details => say("assisted-details").to_owned(),
            Self::Applied(whom) => fill("assisted-applied", &[("whom", whom.as_str().into())]),
            Self::Family => say("assisted-family").to_owned(),
            Self::Other => say("assisted-other").to_owned(),
        }
    }
}

/// What a document that was written means to the person; `None` for what goes along with something else.
pub fn deed(document: &Value) -> Option<Deed> {
    Some(match document.text_at(&["resourceType"])? {
        "MedicationRequest" => {
            let name = MedicationEntry(document)
                .medication_name()
                .unwrap_or_else(|| say("assisted-a-medicine"))
                .to_owned();
            if document.status() == Some("cancelled") { Deed::NotOrdered(name) } else { Deed::Asked(name) }
        }
        "Appointment" => {
            let when = document.text_at(&["start"]).and_then(instant).map(moment).unwrap_or_default();
            if document.status() == Some("cancelled") { Deed::Cancelled(when) } else { Deed::Booked(when) }
        }
        "Communication" if is_application(document) => {
            Deed::Applied(document.text_at(&["topic", "text"]).unwrap_or_default().to_owned())
        }
        "Communication" => {
            let named = document.items("recipient").iter().filter_map(|one| one.text_at(&["display"]));
            Deed::Wrote(named.collect::<Vec<_>>().join(say("assisted-and")))
        }
        "Patient" => Deed::Details,
        "Consent" => Deed::Family,
        // These go along with something else.
        "RelatedPerson" | "AppointmentResponse" | "Slot" => return None,
        _ => Deed::Other,
    })
}

fn is_application(document: &Value) -> bool {
    let codes = document.items("category").iter().flat_map(|one| one.items("coding"));
    codes.filter_map(|one| one.text_at(&["code"])).any(|code| code == "family-application")
}

fn moment(at: jiff::Timestamp) -> String {
    let day = dates::weekday(dates::local(at).date());
    fill("assisted-when", &[("day", day.into()), ("time", dates::clock(at).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_told_in_plain_words() {
        for (document, words) in [
            (
                r#"{"resourceType":"MedicationRequest","status":"active","medicationCodeableConcept":{"text":"Example 5mg tablets"}}"#,
                "You asked for a repeat of Example 5mg tablets.",
            ),
            (
                r#"{"resourceType":"Appointment","status":"booked","start":"2026-11-23T09:10:00Z"}"#,
                "You have an appointment on Monday 23 November 2026 at 9:10am.",
            ),
            (
                r#"{"resourceType":"Appointment","status":"cancelled","start":"2026-07-01T11:00:00Z"}"#,
                "Your appointment on Wednesday 1 July 2026 at midday is cancelled.",
            ),
            (
                r#"{"resourceType":"Communication","recipient":[{"display":"Example Surgery"}]}"#,
                "You sent a message to Example Surgery.",
            ),
            (r#"{"resourceType":"Observation"}"#, "Your record was changed."),
        ] {
            let document = fhir::json::parse(document.as_bytes(), &fhir::json::Limits::default()).unwrap();
            assert_eq!(deed(&document).unwrap().words(), words);
        }
    }
}
