//! DiagnosticReport with its Observations → test result (<https://hl7.org/fhir/R4/diagnosticreport.html>).

use super::measurement::measurement;
use super::plain;
use crate::record::{ResultState, TestResult};
use crate::words::{concept, instant, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{DiagnosticReport, Reference, Resource};

/// A report with its measurements in the report's order; `None` when entered in error. `find` gives an Observation
/// by id, when it was read.
pub fn report<'a>(report: &Value, find: impl Fn(&str) -> Option<&'a Value>) -> Option<TestResult> {
    let view = DiagnosticReport(report);
    let state = match view.status() {
        Some("entered-in-error") => return None,
        Some("registered") => ResultState::Waiting,
        Some("partial" | "preliminary") => ResultState::Preliminary,
        Some("final") => ResultState::Final,
        Some("amended" | "corrected" | "appended") => ResultState::Corrected,
        Some("cancelled") => ResultState::Cancelled,
        _ => ResultState::Unstated,
    };
    let name = view.code().and_then(concept).unwrap_or_else(|| say("record-unnamed-test").to_owned());
    let members: Vec<Option<&Value>> =
        view.results().map(|one| view.contained(one).or_else(|| find(one.id_of("Observation")?))).collect();
    Some(TestResult {
        id: view.id().unwrap_or_default().to_owned(),
        plain: plain(&name).map(str::to_owned),
        name,
        taken: view
            .effective()
            .and_then(|at| at.start())
            .and_then(when)
            .or_else(|| view.issued().and_then(when)),
        issued_at: view.issued().and_then(instant),
        state,
        unread: members.iter().filter(|one| one.is_none()).count(),
        measurements: members.into_iter().flatten().filter_map(measurement).collect(),
        conclusion: view.conclusion().map(str::to_owned),
        by: view.performers().find_map(Reference::display).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn measurements_keep_the_reports_order() {
        let one = read(r#"{"id":"o1","status":"final","code":{"text":"Sodium"},"valueInteger":140}"#);
        let two = read(r#"{"id":"o2","status":"final","code":{"text":"Potassium"},"valueInteger":4}"#);
        let line = report(
            &read(r#"{"id":"r","status":"final","code":{"text":"U&E"},"result":[{"reference":"Observation/o2"},{"reference":"Observation/o1"},{"reference":"Observation/unseen"}]}"#),
            |id| match id { "o1" => Some(&one), "o2" => Some(&two), _ => None },
        )
        .unwrap();
        assert_eq!(
            line.measurements.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
            ["Potassium", "Sodium"]
        );
        assert_eq!((line.state, line.unread), (ResultState::Final, 1));
    }
}
