//! Immunization → vaccination (<https://hl7.org/fhir/R4/immunization.html>).

use crate::record::Vaccination;
use crate::words::{concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Immunization, Resource};

/// An Immunization as a line of the record; `None` when entered in error.
pub fn vaccination(entry: &Value) -> Option<Vaccination> {
    let view = Immunization(entry);
    if view.status() == Some("entered-in-error") {
        return None;
    }
    let name = view.vaccine_code().and_then(concept);
    Some(Vaccination {
        id: view.id().unwrap_or_default().to_owned(),
        name: name.unwrap_or_else(|| say("record-unnamed-vaccine").to_owned()),
        given: view.status() != Some("not-done"),
        why_not: view.status_reason().and_then(concept),
        on: view.occurrence().and_then(|at| at.start()).and_then(when),
        by: view.actors().find_map(|one| one.display()).map(str::to_owned),
        batch: view.lot_number().map(str::to_owned),
        site: view.site().and_then(concept),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn what_was_not_given_says_so() {
        let line = vaccination(&read(
            r#"{"id":"1","status":"not-done","statusReason":{"text":"Unwell"},"vaccineCode":{"text":"Influenza"},
                "occurrenceDateTime":"2025-10-01","performer":[{"actor":{"display":"Mill Lane Surgery"}}]}"#,
        ))
        .unwrap();
        assert_eq!((line.given, line.why_not.as_deref()), (false, Some("Unwell")));
        assert_eq!(line.by.as_deref(), Some("Mill Lane Surgery"));
        assert_eq!(vaccination(&read(r#"{"status":"entered-in-error"}"#)), None);
    }
}
