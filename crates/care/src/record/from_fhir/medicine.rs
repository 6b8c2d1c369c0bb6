//! MedicationRequest and MedicationStatement → medicine (<https://hl7.org/fhir/R4/medicationrequest.html>).

use super::plain;
use crate::record::{Medicine, MedicineState};
use crate::words::{coded, concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Medication, MedicationEntry, Period, Reference, Resource};

/// A medicine as a line of the record; `None` when entered in error, not taken, or only proposed.
pub fn medicine(entry: &Value) -> Option<Medicine> {
    let view = MedicationEntry(entry);
    let state = match view.status() {
        Some("entered-in-error" | "cancelled" | "not-taken") => return None,
        Some("active") => MedicineState::Current,
        Some("on-hold") => MedicineState::OnHold,
        Some("completed") => MedicineState::Completed,
        Some("stopped") => MedicineState::Stopped,
        Some("draft" | "intended") => MedicineState::Planned,
        _ => MedicineState::Unstated,
    };
    if view.intent() == Some("proposal") || view.do_not_perform() || is_issue(view) {
        return None;
    }
    let name = view.medication_name().unwrap_or_else(|| say("record-unnamed-medicine")).to_owned();
    let dose: Vec<&str> = view.dosage_texts().collect();
    let taken = || view.effective().and_then(|at| at.start());
    let taken_until = view.effective().and_then(|at| at.period()).and_then(Period::end);
    let valid_until = view.validity_period().and_then(Period::end);
    let code = match view.medication() {
        Some(Medication::Concept(medicine)) => coded(medicine),
        _ => None,
    };
    Some(Medicine {
        id: view.id().unwrap_or_default().to_owned(),
        plain: plain(&name).map(str::to_owned),
        name,
        dose: (!dose.is_empty()).then(|| dose.join("; ")),
        reason: view.reasons().find_map(concept),
        state,
        started: view.authored_on().or_else(taken).or(view.date_asserted()).and_then(when),
        ended: taken_until.or(valid_until).and_then(when),
        prescriber: view.requester().and_then(Reference::display).map(str::to_owned),
        code,
    })
}

/// Whether it is one issue of a repeat, whose authorisation is the line: shown twice, it would read as two medicines.
fn is_issue(view: MedicationEntry<'_>) -> bool {
    let on_request = |one: Reference<'_>| one.id_of("MedicationRequest").is_some();
    view.type_() == Some("MedicationRequest")
        && view.intent() != Some("plan")
        && view.based_on().any(on_request)
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
    fn an_issue_of_a_repeat_is_not_another_medicine() {
        let of = |type_: &str, intent: &str| {
            let text = format!(
                r#"{{"resourceType":"{type_}","status":"active","intent":"{intent}","basedOn":[{{"reference":"MedicationRequest/p"}}]}}"#
            );
            medicine(&read(&text)).is_some()
        };
        assert!(!of("MedicationRequest", "order"));
        assert!(of("MedicationRequest", "plan") && of("MedicationStatement", ""));
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
