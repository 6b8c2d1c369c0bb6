//! AllergyIntolerance → allergy (<https://hl7.org/fhir/R4/allergyintolerance.html>).

use crate::record::{Allergy, AllergyState};
use crate::words::{coded, concept, first_code, has_code, when_of};
use fhir::json::Value;

/// SNOMED CT codes that say "no known allergy" of some kind: a statement about the person, not an allergy.
const NO_KNOWN: &[&str] = &["716186003", "409137002", "428607008", "429625007", "428197003", "1003774007"];

/// Whether the entry records that no allergies are known.
pub fn is_no_known_allergy(allergy: &Value) -> bool {
    first_code(allergy, "verificationStatus") != Some("entered-in-error")
        && allergy.get("code").is_some_and(|code| NO_KNOWN.iter().any(|known| has_code(code, known)))
}

/// An AllergyIntolerance as a line of the record; `None` when refuted, mistaken, or a "no known allergy" statement.
pub fn allergy(entry: &Value) -> Option<Allergy> {
    let verified = first_code(entry, "verificationStatus");
    if matches!(verified, Some("refuted" | "entered-in-error")) || is_no_known_allergy(entry) {
        return None;
    }
    let reactions = entry.items("reaction");
    let substance = entry
        .get("code")
        .and_then(concept)
        .or_else(|| reactions.iter().find_map(|one| one.get("substance").and_then(concept)))
        .unwrap_or_else(|| String::from("Substance not named"));
    let state = match first_code(entry, "clinicalStatus") {
        Some("inactive" | "resolved") => AllergyState::Past,
        _ if verified == Some("unconfirmed") => AllergyState::Suspected,
        _ => AllergyState::Active,
    };
    let severe = entry.text_at(&["criticality"]) == Some("high")
        || reactions.iter().any(|one| one.text_at(&["severity"]) == Some("severe"));
    Some(Allergy {
        substance,
        state,
        reactions: reactions.iter().flat_map(|one| one.items("manifestation")).filter_map(concept).collect(),
        severe,
        recorded: when_of(entry, &[&["onsetDateTime"], &["recordedDate"]]),
        code: entry.get("code").and_then(coded),
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
