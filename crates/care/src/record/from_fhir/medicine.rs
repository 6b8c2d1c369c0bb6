//! MedicationRequest and MedicationStatement → medicine (<https://hl7.org/fhir/R4/medicationrequest.html>).

use super::plain;
use crate::record::{Medicine, MedicineState};
use crate::words::{coded, concept, when_of};
use fhir::json::Value;

/// A medicine as a line of the record; `None` when entered in error, not taken, or only proposed.
pub fn medicine(entry: &Value) -> Option<Medicine> {
    let state = match entry.text_at(&["status"]) {
        Some("entered-in-error" | "cancelled" | "not-taken") => return None,
        Some("active") => MedicineState::Current,
        Some("on-hold") => MedicineState::OnHold,
        Some("completed") => MedicineState::Completed,
        Some("stopped") => MedicineState::Stopped,
        Some("draft" | "intended") => MedicineState::Planned,
        _ => MedicineState::Unstated,
    };
    if matches!(entry.text_at(&["intent"]), Some("proposal"))
        || entry.get("doNotPerform").and_then(Value::as_bool) == Some(true)
    {
        return None;
    }
    let name = entry
        .get("medicationCodeableConcept")
        .and_then(concept)
        .or_else(|| entry.text_at(&["medicationReference", "display"]).map(str::to_owned))
        .or_else(|| contained_medication(entry))
        .unwrap_or_else(|| String::from("Medicine not named"));
    let doses = entry.items("dosageInstruction").iter().chain(entry.items("dosage"));
    let dose: Vec<&str> = doses
        .filter_map(|one| one.text_at(&["text"]).or_else(|| one.text_at(&["patientInstruction"])))
        .collect();
    let reasons = entry.items("reasonCode").iter().find_map(concept);
    Some(Medicine {
        plain: plain(&name).map(str::to_owned),
        name,
        dose: (!dose.is_empty()).then(|| dose.join("; ")),
        reason: reasons,
        state,
        started: when_of(
            entry,
            &[&["authoredOn"], &["effectivePeriod", "start"], &["effectiveDateTime"], &["dateAsserted"]],
        ),
        ended: when_of(entry, &[&["effectivePeriod", "end"], &["dispenseRequest", "validityPeriod", "end"]]),
        prescriber: entry.text_at(&["requester", "display"]).map(str::to_owned),
        code: entry.get("medicationCodeableConcept").and_then(coded),
    })
}

/// The name of a Medication that the entry contains and refers to.
fn contained_medication(entry: &Value) -> Option<String> {
    let id = entry.text_at(&["medicationReference", "reference"])?.strip_prefix('#')?;
    let medication = entry.items("contained").iter().find(|one| one.text_at(&["id"]) == Some(id))?;
    concept(medication.get("code")?)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn what_was_never_taken_is_never_shown() {
        for status in ["entered-in-error", "cancelled", "not-taken"] {
            assert_eq!(medicine(&read(&format!(r#"{{"status":"{status}"}}"#))), None);
        }
        assert_eq!(medicine(&read(r#"{"status":"active","doNotPerform":true}"#)), None);
    }

    #[test]
    fn a_contained_medicine_gives_its_name() {
        let entry = read(
            r##"{"status":"active","contained":[{"id":"m","code":{"text":"Ramipril 5mg capsules"}}],
                "medicationReference":{"reference":"#m"},"dosageInstruction":[{"text":"one a day"}]}"##,
        );
        let line = medicine(&entry).unwrap();
        assert_eq!((line.name.as_str(), line.dose.as_deref()), ("Ramipril 5mg capsules", Some("one a day")));
        assert_eq!(line.state, MedicineState::Current);
    }
}
