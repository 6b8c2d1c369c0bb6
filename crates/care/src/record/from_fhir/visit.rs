//! Encounter → visit (<https://hl7.org/fhir/R4/encounter.html>).

use crate::places::Names;
use crate::record::{Step, Visit, VisitKind, VisitState};
use crate::words::{concept, instant, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Encounter, EncounterLocation, Period, Reference, Resource};

/// An Encounter as a line of the record; `None` when entered in error.
pub fn visit(encounter: &Value, names: &Names) -> Option<Visit> {
    let view = Encounter(encounter);
    let state = match view.status() {
        Some("entered-in-error") => return None,
        Some("planned") => VisitState::Planned,
        Some("arrived" | "triaged" | "in-progress") => VisitState::Now,
        Some("onleave") => VisitState::OnLeave,
        Some("finished") => VisitState::Over,
        Some("cancelled") => VisitState::Cancelled,
        _ => VisitState::Unstated,
    };
    let kind = match view.class() {
        Some("IMP" | "ACUTE" | "NONAC" | "SS" | "OBSENC") => VisitKind::Stay,
        Some("EMER") => VisitKind::Emergency,
        Some("AMB" | "FLD") => VisitKind::Clinic,
        Some("HH") => VisitKind::Home,
        Some("VR") => VisitKind::Remote,
        _ => VisitKind::Unstated,
    };
    let reason = view.reasons().chain(view.types()).find_map(concept);
    let place = view.service_provider().and_then(Reference::display).map(str::to_owned);
    Some(Visit {
        id: view.id().unwrap_or_default().to_owned(),
        kind,
        state,
        place: place.or_else(|| place_now(encounter, names)),
        reason,
        started: view.period().and_then(Period::start).and_then(when),
        ended: view.period().and_then(Period::end).and_then(when),
        steps: view.locations().filter_map(|entry| step(entry, names)).collect(),
    })
}

/// Whether the person is in hospital by this encounter, now.
pub fn is_stay(encounter: &Value) -> bool {
    let view = Encounter(encounter);
    matches!(view.status(), Some("arrived" | "triaged" | "in-progress" | "onleave"))
        && matches!(view.class(), Some("IMP" | "ACUTE" | "NONAC" | "SS" | "OBSENC" | "EMER"))
}

/// Where the encounter takes place now, in words.
pub fn place_now(encounter: &Value, names: &Names) -> Option<String> {
    names.of(Encounter(encounter).current_location()?).map(str::to_owned)
}

/// A place the person was really in: planned and reserved places are not steps.
fn step(location: EncounterLocation<'_>, names: &Names) -> Option<Step> {
    if matches!(location.status(), Some("planned" | "reserved")) {
        return None;
    }
    Some(Step {
        place: names.of(location).unwrap_or_else(|| say("record-unnamed-place")).to_owned(),
        from: location.period().and_then(Period::start).and_then(instant),
        to: location.period().and_then(Period::end).and_then(instant),
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
