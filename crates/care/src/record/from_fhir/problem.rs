//! Condition → problem (<https://hl7.org/fhir/R4/condition.html>).

use super::plain;
use crate::record::{Problem, ProblemState};
use crate::words::{coded, concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Condition, Resource};

/// A Condition as a line of the record; `None` when refuted or entered in error.
pub fn problem(condition: &Value) -> Option<Problem> {
    let view = Condition(condition);
    let verified = view.verification_status();
    if matches!(verified, Some("refuted" | "entered-in-error")) {
        return None;
    }
    let name = view.code().and_then(concept).unwrap_or_else(|| say("record-unnamed").to_owned());
    let suspected = matches!(verified, Some("unconfirmed" | "provisional" | "differential"));
    let state = match view.clinical_status() {
        Some("active") if suspected => ProblemState::Suspected,
        Some("active") => ProblemState::Active,
        Some("recurrence" | "relapse") => ProblemState::Recurrence,
        Some("remission") => ProblemState::Remission,
        Some("inactive" | "resolved") => ProblemState::Resolved,
        _ if suspected => ProblemState::Suspected,
        _ => ProblemState::Unstated,
    };
    Some(Problem {
        id: view.id().unwrap_or_default().to_owned(),
        plain: plain(&name).map(str::to_owned),
        name,
        state,
        began: view.onset().and_then(|at| at.start()).and_then(when),
        ended: view.abatement().and_then(|at| at.last()).and_then(when),
        recorded: view.recorded_date().and_then(when),
        code: view.code().and_then(coded),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn refuted_and_mistaken_are_never_shown() {
        for code in ["refuted", "entered-in-error"] {
            let text = format!(
                r#"{{"code":{{"text":"Asthma"}},"verificationStatus":{{"coding":[{{"code":"{code}"}}]}}}}"#
            );
            assert_eq!(problem(&read(&text)), None, "{code}");
        }
    }

    #[test]
    fn states_follow_the_clinical_status() {
        let state = |clinical: &str, verified: &str| {
            let text = format!(
                r#"{{"clinicalStatus":{{"coding":[{{"code":"{clinical}"}}]}},"verificationStatus":{{"coding":[{{"code":"{verified}"}}]}}}}"#
            );
            problem(&read(&text)).unwrap().state
        };
        assert_eq!(state("active", "confirmed"), ProblemState::Active);
        assert_eq!(state("active", "provisional"), ProblemState::Suspected);
        assert_eq!(state("relapse", "confirmed"), ProblemState::Recurrence);
        assert_eq!(state("resolved", "confirmed"), ProblemState::Resolved);
        assert_eq!(problem(&read("{}")).unwrap().state, ProblemState::Unstated);
    }
}
