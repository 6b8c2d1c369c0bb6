//! Who cares for whom, as documents state it: the organisation of an open Encounter, the practice where a Patient is
//! registered, and whoever an active referral was sent to; and which Patient gave way to which. Pure; [`crate::transaction`] keeps the rows.

use fhir::json::{Text, Value};

/// What one document states.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stated {
    /// The relationships.
    pub relationships: Vec<Relationship>,
    /// What becomes of one that an earlier version stated and this one does not.
    pub past: Past,
    /// The one patient they are about; `None` is every patient whose compartment holds the document.
    pub patient: Option<Text>,
    /// ODS code of the Organization that the document is, for relationships that only named its id.
    pub ods: Option<Text>,
    /// The Patients that the document, a Patient itself, replaces or is replaced by.
    pub links: Vec<Link>,
}

/// A Patient that another one replaces, or is replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Logical id of the other Patient.
    pub other: Text,
    /// Whether the other one gave way.
    pub replaces: bool,
}

/// What becomes of a relationship that is no longer stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Past {
    /// It never was: the document had been wrong.
    #[default]
    Forgotten,
    /// It was, and ends now.
    Ended,
}

/// A patient and an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    /// ODS code of the organisation, when it is stated.
    pub ods: Option<Text>,
    /// Logical id of its Organization, when it is referenced.
    pub organisation: Option<Text>,
    /// Whether it still lasts.
    pub open: bool,
}

/// What a document states about who cares for its patient.
pub(crate) fn stated(document: &Value) -> Stated {
    match document.text_at(&["resourceType"]) {
        Some("Encounter") => encounter(document),
        Some("Patient") => registered(document),
        Some("ServiceRequest") => referral(document),
        Some("Organization") => {
            Stated { ods: document.items("identifier").iter().find_map(ods), ..Stated::default() }
        }
        _ => Stated::default(),
    }
}

fn encounter(document: &Value) -> Stated {
    let status = document.text_at(&["status"]).unwrap_or_default();
    // A stay that nothing but a result or an order speaks of is no care on a ward, unless it holds a place.
    let open = match status {
        "cancelled" | "entered-in-error" => return Stated::default(),
        "finished" => false,
        "unknown" => holds_a_place(document),
        _ => true,
    };
    let provider = document.get("serviceProvider").and_then(|provider| with(provider, open));
    Stated { relationships: provider.into_iter().collect(), ..Stated::default() }
}

/// Whether a place of the Encounter is held now.
fn holds_a_place(encounter: &Value) -> bool {
    let held = |place: &Value| {
        place.text_at(&["status"]) == Some("active") && place.text_at(&["period", "end"]).is_none()
    };
    encounter.items("location").iter().any(held)
}

/// A Patient record that is no longer in use registers nobody.
fn registered(document: &Value) -> Stated {
    let open = document.get("active").and_then(Value::as_bool) != Some(false);
    let practices = document.items("generalPractitioner").iter().filter_map(|practice| with(practice, open));
    Stated {
        relationships: practices.collect(),
        past: Past::Ended,
        links: document.items("link").iter().filter_map(link).collect(),
        ..Stated::default()
    }
}

fn link(link: &Value) -> Option<Link> {
    let replaces = match link.text_at(&["type"])? {
        "replaces" => true,
        "replaced-by" => false,
        _ => return None,
    };
    let other = link.text_at(&["other", "reference"])?.strip_prefix("Patient/")?;
    Some(Link { other: Text::from(other.split('/').next().unwrap_or(other)), replaces })
}

/// Only a referral opens a record to whom it was sent; a laboratory that was asked for one test needs no more than that.
fn referral(document: &Value) -> Stated {
    let past = match document.text_at(&["status"]) {
        Some("entered-in-error") => return Stated::default(),
        _ => Past::Ended,
    };
    let open = matches!(document.text_at(&["status"]), Some("active" | "on-hold"));
    let ended = matches!(document.text_at(&["status"]), Some("revoked" | "completed"));
    let about =
        document.text_at(&["subject", "reference"]).and_then(|subject| subject.strip_prefix("Patient/"));
    let known = (open || ended) && is_referral(document);
    let performers = document.items("performer").iter().filter(|_| known && about.is_some());
    Stated {
        relationships: performers.filter_map(|performer| with(performer, open)).collect(),
        past,
        patient: about.map(|id| Text::from(id.split('/').next().unwrap_or(id))),
        ods: None,
        links: Vec::new(),
    }
}

/// SNOMED CT's patient referral, or the category of the booking and referral standard.
fn is_referral(document: &Value) -> bool {
    let says_so = |coding: &Value| match (coding.text_at(&["system"]), coding.text_at(&["code"])) {
        (Some(fhir::systems::SNOMED), Some("3457005")) => true,
        (Some(system), Some("referral")) => system.ends_with("/message-category-servicerequest"),
        _ => false,
    };
    document.items("category").iter().any(|category| category.items("coding").iter().any(says_so))
}

/// A relationship with the organisation that a reference names, by identifier, by reference or by both.
fn with(reference: &Value, open: bool) -> Option<Relationship> {
    if reference.text_at(&["type"]).is_some_and(|name| name != "Organization") {
        return None;
    }
    let ods = reference.get("identifier").and_then(ods);
    let organisation = reference
        .text_at(&["reference"])
        .and_then(|reference| reference.strip_prefix("Organization/"))
        .map(|id| Text::from(id.split('/').next().unwrap_or(id)));
    let named = ods.is_some() || organisation.is_some();
    named.then_some(Relationship { ods, organisation, open })
}

fn ods(identifier: &Value) -> Option<Text> {
    let is_ods = identifier
        .text_at(&["system"])
        .is_some_and(|system| fhir::systems::same_system(system, fhir::systems::ODS));
    identifier.text_at(&["value"]).filter(|code| is_ods && !code.is_empty()).map(Text::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    fn of(text: &str) -> Stated {
        stated(&parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    /// Names of the open and of the ended relationships.
    fn names(stated: &Stated) -> (Vec<&str>, Vec<&str>) {
        let named = |open: bool| {
            let all = stated.relationships.iter().filter(move |one| one.open == open);
            all.filter_map(|one| one.ods.as_deref().or(one.organisation.as_deref())).collect()
        };
        (named(true), named(false))
    }

    #[test]
    fn a_practice_is_named_by_reference_or_by_code_and_a_doctor_is_none() {
        let found = of(r#"{"resourceType":"Patient","generalPractitioner":[{"reference":"Organization/o1"},
            {"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y12345"}},
            {"type":"Practitioner","identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"G1"}},
            {"reference":"Practitioner/d"},{"display":"the surgery in the high street"}]}"#);
        assert_eq!(names(&found), (vec!["o1", "Y12345"], vec![]));
        assert_eq!(found.past, Past::Ended);
        let unused = of(
            r#"{"resourceType":"Patient","active":false,"generalPractitioner":[{"reference":"Organization/o1"}]}"#,
        );
        assert_eq!(names(&unused), (vec![], vec!["o1"]));
    }

    #[test]
    fn a_referral_opens_a_record_while_it_is_active_and_a_test_request_never() {
        let request = |status: &str, category: &str| {
            of(&format!(
                r#"{{"resourceType":"ServiceRequest","status":"{status}","category":[{{"coding":[{category}]}}],
                "subject":{{"reference":"Patient/p"}},"performer":[{{"reference":"Organization/h"}},{{"reference":"Practitioner/c"}}]}}"#
            ))
        };
        let snomed = r#"{"system":"http://snomed.info/sct","code":"3457005"}"#;
        let bars = r#"{"system":"https://fhir.nhs.uk/CodeSystem/message-category-servicerequest","code":"referral"}"#;
        let laboratory = r#"{"system":"http://snomed.info/sct","code":"108252007"}"#;
        let (open, ended, none) = ((vec!["h"], vec![]), (vec![], vec!["h"]), (vec![], vec![]));
        for (status, expected) in [
            ("active", &open),
            ("on-hold", &open),
            ("completed", &ended),
            ("revoked", &ended),
            ("draft", &none),
            ("unknown", &none),
            ("entered-in-error", &none),
        ] {
            assert_eq!(&names(&request(status, snomed)), expected, "{status}");
            assert_eq!(&names(&request(status, bars)), expected, "{status}");
            assert_eq!(names(&request(status, laboratory)), none, "{status}");
        }
        assert_eq!(request("active", snomed).patient.as_deref(), Some("p"));
        assert_eq!(request("entered-in-error", snomed).past, Past::Forgotten);
    }
}
