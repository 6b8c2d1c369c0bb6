//! DiagnosticReport with its Observations → test result (<https://hl7.org/fhir/R4/diagnosticreport.html>).

use super::measurement::{measurement, member_time};
use super::plain;
use crate::record::{ResultState, TestResult};
use crate::words::{concept, instant, target, when_of};
use fhir::json::Value;

/// A report with its measurements in the report's order; `None` when entered in error. `find` gives an Observation
/// by id, when it was read.
pub fn report<'a>(report: &Value, find: impl Fn(&str) -> Option<&'a Value>) -> Option<TestResult> {
    let state = match report.text_at(&["status"]) {
        Some("entered-in-error") => return None,
        Some("registered") => ResultState::Waiting,
        Some("partial" | "preliminary") => ResultState::Preliminary,
        Some("final") => ResultState::Final,
        Some("amended" | "corrected" | "appended") => ResultState::Corrected,
        Some("cancelled") => ResultState::Cancelled,
        _ => ResultState::Unstated,
    };
    let name = report.get("code").and_then(concept).unwrap_or_else(|| String::from("Test"));
    let members = report.items("result").iter().filter_map(|reference| {
        let literal = reference.text_at(&["reference"])?;
        match literal.strip_prefix('#') {
            Some(id) => report.items("contained").iter().find(|one| one.text_at(&["id"]) == Some(id)),
            None => target(reference).and_then(|(_, id)| find(id)),
        }
    });
    Some(TestResult {
        id: report.text_at(&["id"]).unwrap_or_default().to_owned(),
        plain: plain(&name).map(str::to_owned),
        name,
        taken: when_of(report, &[&["effectiveDateTime"], &["effectivePeriod", "start"]])
            .or_else(|| member_time(report, "issued")),
        issued_at: report.text_at(&["issued"]).and_then(instant),
        state,
        measurements: members.filter_map(measurement).collect(),
        conclusion: report.text_at(&["conclusion"]).map(str::to_owned),
        by: report.items("performer").iter().find_map(|one| one.text_at(&["display"])).map(str::to_owned),
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
        assert_eq!(line.state, ResultState::Final);
    }
}
