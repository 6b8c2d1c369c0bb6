//! Encounter → visit (<https://hl7.org/fhir/R4/encounter.html>).

use crate::places::Names;
use crate::record::{Step, Visit, VisitKind, VisitState};
use crate::words::{concept, instant, when_of};
use fhir::json::Value;

/// An Encounter as a line of the record; `None` when entered in error.
pub fn visit(encounter: &Value, names: &Names) -> Option<Visit> {
    let state = match encounter.text_at(&["status"]) {
        Some("entered-in-error") => return None,
        Some("planned") => VisitState::Planned,
        Some("arrived" | "triaged" | "in-progress") => VisitState::Now,
        Some("onleave") => VisitState::OnLeave,
        Some("finished") => VisitState::Over,
        Some("cancelled") => VisitState::Cancelled,
        _ => VisitState::Unstated,
    };
    let kind = match encounter.text_at(&["class", "code"]) {
        Some("IMP" | "ACUTE" | "NONAC" | "SS" | "OBSENC") => VisitKind::Stay,
        Some("EMER") => VisitKind::Emergency,
        Some("AMB" | "FLD") => VisitKind::Clinic,
        Some("HH") => VisitKind::Home,
        Some("VR") => VisitKind::Remote,
        _ => VisitKind::Unstated,
    };
    let reason = encounter.items("reasonCode").iter().chain(encounter.items("type")).find_map(concept);
    let place = encounter.text_at(&["serviceProvider", "display"]).map(str::to_owned);
    Some(Visit {
        kind,
        state,
        place: place.or_else(|| place_now(encounter, names)),
        reason,
        started: when_of(encounter, &[&["period", "start"]]),
        ended: when_of(encounter, &[&["period", "end"]]),
        steps: encounter.items("location").iter().filter_map(|entry| step(entry, names)).collect(),
    })
}

/// Whether the person is in hospital by this encounter, now.
pub fn is_stay(encounter: &Value) -> bool {
    matches!(encounter.text_at(&["status"]), Some("arrived" | "triaged" | "in-progress" | "onleave"))
        && matches!(
            encounter.text_at(&["class", "code"]),
            Some("IMP" | "ACUTE" | "NONAC" | "SS" | "OBSENC" | "EMER")
        )
}

/// Where the encounter takes place now, in words.
pub fn place_now(encounter: &Value, names: &Names) -> Option<String> {
    let active =
        encounter.items("location").iter().rev().find(|one| one.text_at(&["status"]) == Some("active"))?;
    names.of(active).map(str::to_owned)
}

/// A place the person was really in: planned and reserved places are not steps.
fn step(location: &Value, names: &Names) -> Option<Step> {
    if matches!(location.text_at(&["status"]), Some("planned" | "reserved")) {
        return None;
    }
    Some(Step {
        place: names.of(location).unwrap_or("Place not named").to_owned(),
        from: location.text_at(&["period", "start"]).and_then(instant),
        to: location.text_at(&["period", "end"]).and_then(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const STAY: &str = r#"{"status":"in-progress","class":{"code":"IMP"},"location":[
        {"status":"completed","location":{"display":"ED"},"period":{"start":"2026-11-20T08:00:00Z","end":"2026-11-20T11:00:00Z"}},
        {"status":"active","location":{"display":"Ward 7, Bay 1, Bed 2"},"period":{"start":"2026-11-20T11:00:00Z"}},
        {"status":"planned","location":{"display":"Ward 8"}}]}"#;

    #[test]
    fn a_planned_place_is_not_a_step() {
        let line = visit(&read(STAY), &Names::default()).unwrap();
        assert_eq!(line.steps.len(), 2);
        assert_eq!((line.kind, line.state), (VisitKind::Stay, VisitState::Now));
        assert_eq!(place_now(&read(STAY), &Names::default()).as_deref(), Some("Ward 7, Bay 1, Bed 2"));
        assert!(is_stay(&read(STAY)));
    }

    #[test]
    fn a_mistaken_stay_is_never_shown() {
        assert_eq!(visit(&read(r#"{"status":"entered-in-error"}"#), &Names::default()), None);
        assert!(!is_stay(&read(r#"{"status":"finished","class":{"code":"IMP"}}"#)));
    }
}
