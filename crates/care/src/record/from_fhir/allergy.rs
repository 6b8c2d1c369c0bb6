//! AllergyIntolerance → allergy (<https://hl7.org/fhir/R4/allergyintolerance.html>).

use crate::record::{Allergy, AllergyState};
use crate::words::{coded, concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{AllergyIntolerance, Reaction, Resource};

/// SNOMED CT codes that say "no known allergy" of some kind: a statement about the person, not an allergy.
const NO_KNOWN: &[&str] = &["716186003", "409137002", "428607008", "429625007", "428197003", "1003774007"];

/// Whether the entry records that no allergies are known.
pub fn is_no_known_allergy(allergy: &Value) -> bool {
    let view = AllergyIntolerance(allergy);
    view.verification_status() != Some("entered-in-error")
        && view.code().is_some_and(|code| NO_KNOWN.iter().any(|known| code.has_code(known)))
}

/// An AllergyIntolerance as a line of the record; `None` when refuted, mistaken, or a "no known allergy" statement.
pub fn allergy(entry: &Value) -> Option<Allergy> {
    let view = AllergyIntolerance(entry);
    let verified = view.verification_status();
    if matches!(verified, Some("refuted" | "entered-in-error")) || is_no_known_allergy(entry) {
        return None;
    }
    let substance = view
        .code()
        .and_then(concept)
        .or_else(|| view.reactions().find_map(|one| one.substance().and_then(concept)))
        .unwrap_or_else(|| say("record-unnamed-substance").to_owned());
    let state = match view.clinical_status() {
        Some("inactive" | "resolved") => AllergyState::Past,
        _ if verified == Some("unconfirmed") => AllergyState::Suspected,
        _ => AllergyState::Active,
    };
    let severe =
        view.criticality() == Some("high") || view.reactions().any(|one| one.severity() == Some("severe"));
    Some(Allergy {
        id: view.id().unwrap_or_default().to_owned(),
        substance,
        state,
        reactions: view.reactions().flat_map(Reaction::manifestations).filter_map(concept).collect(),
        severe,
        recorded: view.onset().and_then(|at| at.start()).or(view.recorded_date()).and_then(when),
        code: view.code().and_then(coded),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn no_known_allergy_is_a_statement_and_not_an_allergy() {
        let entry = read(r#"{"code":{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}}"#);
        assert!(is_no_known_allergy(&entry));
        assert_eq!(allergy(&entry), None);
    }

    #[test]
    fn an_allergy_without_any_status_is_active() {
        let entry = read(
            r#"{"code":{"text":"Penicillin"},"reaction":[{"severity":"severe","manifestation":[{"text":"Rash"}]}]}"#,
        );
        let line = allergy(&entry).unwrap();
        assert_eq!((line.state, line.severe), (AllergyState::Active, true));
        assert_eq!(line.reactions, ["Rash"]);
    }
}
