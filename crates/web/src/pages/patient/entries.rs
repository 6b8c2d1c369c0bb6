//! Allergies, conditions, medicines and visits in plain words. Conditions have their plain name first where one is known, then
//! the name that doctors use; medicines have the name that is on the box first.

use crate::wording;
use care::record::{
    Allergy, AllergyState, Medicine, MedicineState, Problem, ProblemState, Visit, VisitKind, VisitState,
};
use care::view::When;
use maud::{Markup, html};

/// Allergies.
pub fn allergies(all: &[Allergy]) -> Markup {
    entries(all, |one| {
        let state = match one.state {
            AllergyState::Active => None,
            AllergyState::Suspected => Some("This allergy is suspected. It has not been confirmed."),
            AllergyState::Past => Some("This is recorded as no longer a risk."),
        };
        html! {
            h2 { (one.substance) }
            @if one.severe { p { strong class="bevan-flag bevan-flag--alarm" { "Severe reaction" } } }
            @match one.reactions.as_slice() {
                [] => { p { "What happened is not recorded." } },
                some => { p { "What happened: " (some.join(", ")) } },
            }
            @if let Some(words) = state { p { (words) } }
            @if let Some(date) = one.recorded { p class="bevan-small" { "Recorded " (wording::when_day(date)) } }
        }
    })
}

/// Health conditions.
pub fn conditions(all: &[Problem]) -> Markup {
    entries(all, |one| {
        let state = match one.state {
            ProblemState::Active => "You have this now.",
            ProblemState::Recurrence => "It came back.",
            ProblemState::Remission => "It is quiet at the moment.",
            ProblemState::Resolved => "It is recorded as over.",
            ProblemState::Suspected => "It is thought likely, but not confirmed.",
            ProblemState::Unstated => "Whether you have it now is not recorded.",
        };
        html! {
            (name(&one.name, one.plain.as_deref()))
            p { (state) }
            (dates("Since", one.began, one.ended))
        }
    })
}

/// Medicines.
pub fn medicines(all: &[Medicine]) -> Markup {
    entries(all, |one| {
        let state = match one.state {
            MedicineState::Current => "You take this now.",
            MedicineState::OnHold => "This is paused. Ask before you start it again.",
            MedicineState::Completed => "You finished this.",
            MedicineState::Stopped => "This was stopped.",
            MedicineState::Planned => "This is planned. You have not started it.",
            MedicineState::Unstated => "Whether you take it now is not recorded.",
        };
        html! {
            h2 { (one.name) }
            @if let Some(plain) = &one.plain { p class="bevan-small" { (plain) } }
            p { (state) }
            @match (one.state, &one.dose) {
                (MedicineState::Current | MedicineState::Planned, dose) => {
                    p { "How to take it: " (dose.as_deref().unwrap_or("not recorded here. Follow the label")) "." }
                },
                (_, Some(dose)) => { p { "How it was to be taken: " (dose) "." } },
                (_, None) => {},
            }
            @if let Some(reason) = &one.reason { p { "What it is for: " (reason) } }
            (dates("Since", one.started, one.ended))
            @if let Some(by) = &one.prescriber { p class="bevan-small" { "Prescribed by " (by) } }
        }
    })
}

/// Hospital and clinic visits.
pub fn visits(all: &[Visit]) -> Markup {
    entries(all, |one| {
        let kind = match one.kind {
            VisitKind::Stay => "Stay in hospital",
            VisitKind::Emergency => "Emergency department",
            VisitKind::Clinic => "Visit",
            VisitKind::Home => "Visit at home",
            VisitKind::Remote => "Phone or video appointment",
            VisitKind::Unstated => "Visit",
        };
        let state = match one.state {
            VisitState::Planned => Some("This is planned."),
            VisitState::Now => Some("You are here now."),
            VisitState::OnLeave => Some("You are away, and your bed is kept."),
            VisitState::Cancelled => Some("This was cancelled."),
            VisitState::Over | VisitState::Unstated => None,
        };
        html! {
            h2 { (kind) @if let Some(place) = &one.place { ": " (place) } }
            @if let Some(words) = state { p { (words) } }
            (dates("On", one.started, one.ended))
            @if let Some(reason) = &one.reason { p { "Why: " (reason) } }
            @if !one.steps.is_empty() {
                p { "Where you were:" }
                ul {
                    @for step in &one.steps {
                        li {
                            (step.place)
                            @if let Some(from) = step.from { ", from " (wording::moment(from)) }
                            @if let Some(to) = step.to { " to " (wording::moment(to)) }
                        }
                    }
                }
            }
        }
    })
}

/// The plain name as the heading, and the recorded one under it when they differ.
fn name(recorded: &str, plain: Option<&str>) -> Markup {
    html! {
        h2 { (plain.unwrap_or(recorded)) }
        @if plain.is_some() { p class="bevan-small" { "Doctors call it: " (recorded) } }
    }
}

fn dates(since: &str, from: Option<When>, to: Option<When>) -> Markup {
    html! {
        @match (from, to) {
            (Some(from), Some(to)) => {
                p class="bevan-small" { "From " (wording::when_day(from)) " to " (wording::when_day(to)) }
            },
            (Some(from), None) => { p class="bevan-small" { (since) " " (wording::when_day(from)) } },
            (None, Some(to)) => { p class="bevan-small" { "Until " (wording::when_day(to)) } },
            (None, None) => { p class="bevan-small" { "The date is not recorded." } },
        }
    }
}

/// Entries as white boxes.
pub fn entries<T>(all: &[T], entry: impl Fn(&T) -> Markup) -> Markup {
    html! {
        ul class="bevan-entries" {
            @for (n, one) in all.iter().enumerate() { li id=[(n == 0).then_some("newest")] { (entry(one)) } }
        }
    }
}
