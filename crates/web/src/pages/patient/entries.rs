//! Entries of a record in plain words, as they stand in a list and on a page of their own. Conditions have their plain name first
//! where one is known, then the name that doctors use; medicines have the name that is on the box first.

use super::scans;
use crate::wording;
use crate::words::{fill, say};
use care::record::{
    Allergy, AllergyState, Line, Medicine, MedicineState, Paper, Problem, ProblemState, Vaccination, Visit,
    VisitKind, VisitState,
};
use care::view::When;
use maud::{Markup, html};

/// What an entry is called.
pub fn title(line: &Line) -> String {
    match line {
        Line::Allergy(one) => one.substance.clone(),
        Line::Problem(one) => one.plain.as_deref().map_or_else(|| one.name.clone(), wording::capital),
        Line::Medicine(one) => one.name.clone(),
        Line::Vaccination(one) => one.name.clone(),
        Line::Visit(one) => visit_title(one),
        Line::Paper(one) => one.title.clone(),
        Line::Scan(one) => scans::title(one),
    }
}

/// The id of an entry, as it stands in its address.
pub fn id(line: &Line) -> &str {
    match line {
        Line::Allergy(one) => &one.id,
        Line::Problem(one) => &one.id,
        Line::Medicine(one) => &one.id,
        Line::Vaccination(one) => &one.id,
        Line::Visit(one) => &one.id,
        Line::Paper(one) => &one.id,
        Line::Scan(one) => &one.id,
    }
}

/// What an entry says, without its title.
pub fn said(line: &Line) -> Markup {
    match line {
        Line::Allergy(one) => allergy(one),
        Line::Problem(one) => condition(one),
        Line::Medicine(one) => medicine(one),
        Line::Vaccination(one) => vaccination(one),
        Line::Visit(one) => visit(one),
        Line::Paper(one) => paper(one),
        Line::Scan(one) => scans::said(one),
    }
}

fn allergy(one: &Allergy) -> Markup {
    let state = match one.state {
        AllergyState::Active => None,
        AllergyState::Suspected => Some(say("record-allergy-suspected")),
        AllergyState::Past => Some(say("record-allergy-past")),
    };
    html! {
        @if one.severe { p { strong class="bevan-flag bevan-flag--alarm" { (say("record-allergy-severe")) } } }
        p {
            @match one.reactions.as_slice() {
                [] => { (say("record-allergy-unknown")) },
                some => { (fill("record-allergy-reaction", &[("what", some.join(", ").into())])) },
            }
        }
        @if let Some(words) = state { p { (words) } }
        @if let Some(date) = one.recorded { (small("record-recorded", date)) }
    }
}

fn condition(one: &Problem) -> Markup {
    let state = match one.state {
        ProblemState::Active => say("record-condition-active"),
        ProblemState::Recurrence => say("record-condition-back"),
        ProblemState::Remission => say("record-condition-quiet"),
        ProblemState::Resolved => say("record-condition-over"),
        ProblemState::Suspected => say("record-condition-suspected"),
        ProblemState::Unstated => say("record-condition-unstated"),
    };
    html! {
        @if one.plain.is_some() {
            p class="bevan-small" { (fill("record-doctors-call", &[("name", one.name.as_str().into())])) }
        }
        p { (state) }
        (dates(one.began, one.ended))
    }
}

fn medicine(one: &Medicine) -> Markup {
    let state = match one.state {
        MedicineState::Current => say("record-medicine-current"),
        MedicineState::OnHold => say("record-medicine-hold"),
        MedicineState::Completed => say("record-medicine-done"),
        MedicineState::Stopped => say("record-medicine-stopped"),
        MedicineState::Planned => say("record-medicine-planned"),
        MedicineState::Unstated => say("record-medicine-unstated"),
    };
    let now = matches!(one.state, MedicineState::Current | MedicineState::Planned);
    html! {
        @if let Some(plain) = &one.plain { p class="bevan-small" { (wording::capital(plain)) } }
        p { (state) }
        @match (&one.dose, now) {
            (Some(dose), true) => { p { (fill("record-medicine-take", &[("dose", dose.as_str().into())])) } },
            (Some(dose), false) => { p { (fill("record-medicine-took", &[("dose", dose.as_str().into())])) } },
            (None, true) => { p { (say("record-medicine-no-dose")) } },
            (None, false) => {},
        }
        @if let Some(reason) = &one.reason { p { (fill("record-medicine-for", &[("reason", reason.as_str().into())])) } }
        (dates(one.started, one.ended))
        @if let Some(by) = &one.prescriber {
            p class="bevan-small" { (fill("record-medicine-by", &[("who", by.as_str().into())])) }
        }
    }
}

fn vaccination(one: &Vaccination) -> Markup {
    html! {
        @match (one.given, &one.why_not) {
            (true, _) => {},
            (false, Some(why)) => {
                p { strong { (fill("record-vaccine-not-why", &[("why", why.as_str().into())])) } }
            },
            (false, None) => { p { strong { (say("record-vaccine-not")) } } },
        }
        @match (one.on, one.given) {
            (Some(on), true) => { (small("record-vaccine-on", on)) },
            (Some(on), false) => { (small("record-recorded", on)) },
            (None, _) => { p class="bevan-small" { (say("record-no-date")) } },
        }
        @if let Some(by) = &one.by { p class="bevan-small" { (fill("record-vaccine-by", &[("who", by.as_str().into())])) } }
        @if let Some(batch) = &one.batch {
            p class="bevan-small" { (fill("record-vaccine-batch", &[("batch", batch.as_str().into())])) }
        }
        @if let Some(site) = &one.site {
            p class="bevan-small" { (fill("record-vaccine-site", &[("site", site.as_str().into())])) }
        }
    }
}

fn visit_title(one: &Visit) -> String {
    let kind = match one.kind {
        VisitKind::Stay => say("record-visit-stay"),
        VisitKind::Emergency => say("record-visit-emergency"),
        VisitKind::Home => say("record-visit-home"),
        VisitKind::Remote => say("record-visit-remote"),
        VisitKind::Clinic | VisitKind::Unstated => say("record-visit-clinic"),
    };
    match &one.place {
        Some(place) => format!("{kind}: {place}"),
        None => kind.to_owned(),
    }
}

fn visit(one: &Visit) -> Markup {
    let state = match one.state {
        VisitState::Planned => Some(say("record-visit-planned")),
        VisitState::Now => Some(say("record-visit-now")),
        VisitState::OnLeave => Some(say("record-visit-leave")),
        VisitState::Cancelled => Some(say("record-visit-cancelled")),
        VisitState::Over | VisitState::Unstated => None,
    };
    html! {
        @if let Some(words) = state { p { (words) } }
        (dates(one.started, one.ended))
        @if let Some(reason) = &one.reason { p { (fill("record-visit-why", &[("reason", reason.as_str().into())])) } }
        @if !one.steps.is_empty() {
            p { (say("record-visit-where")) }
            ul {
                @for step in &one.steps {
                    li {
                        @let from = step.from.map(wording::moment);
                        @let to = step.to.map(wording::moment);
                        @match (from, to) {
                            (Some(from), Some(to)) => {
                                (fill("record-visit-step", &[("place", step.place.as_str().into()), ("from", from.into()), ("to", to.into())]))
                            },
                            (Some(from), None) => {
                                (fill("record-visit-step-from", &[("place", step.place.as_str().into()), ("from", from.into())]))
                            },
                            (None, _) => { (step.place) },
                        }
                    }
                }
            }
        }
    }
}

fn paper(one: &Paper) -> Markup {
    html! {
        @match one.written {
            Some(written) => { (small("record-written", written)) },
            None => { p class="bevan-small" { (say("record-no-date")) } },
        }
        @if let Some(author) = &one.author {
            p class="bevan-small" { (fill("record-author", &[("who", author.as_str().into())])) }
        }
        @if !one.sheets.is_empty() {
            p class="bevan-small" { (fill("record-sheets", &[("count", one.sheets.len().into())])) }
        } @else if one.passages.is_empty() {
            p { (say("record-document-not-here")) }
        }
    }
}

/// What a document says.
pub fn passages(one: &Paper) -> Markup {
    html! {
        @for passage in &one.passages {
            @if let Some(heading) = &passage.heading { h2 class="nhsuk-heading-s" { (heading) } }
            @for paragraph in &passage.paragraphs { p { (paragraph) } }
        }
    }
}

fn small(id: &'static str, date: When) -> Markup {
    html! { p class="bevan-small" { (fill(id, &[("date", wording::when_day(date).into())])) } }
}

fn dates(from: Option<When>, to: Option<When>) -> Markup {
    let (from, to) = (from.map(wording::when_day), to.map(wording::when_day));
    let words = match (from, to) {
        (Some(from), Some(to)) if from == to => fill("record-on", &[("date", from.into())]),
        (Some(from), Some(to)) => fill("record-from-to", &[("from", from.into()), ("to", to.into())]),
        (Some(from), None) => fill("record-since", &[("date", from.into())]),
        (None, Some(to)) => fill("record-until", &[("date", to.into())]),
        (None, None) => say("record-no-date").to_owned(),
    };
    html! { p class="bevan-small" { (words) } }
}

/// Entries as white boxes.
pub fn entries<T>(all: &[T], entry: impl Fn(&T) -> Markup) -> Markup {
    html! {
        ul class="bevan-entries" {
            @for (n, one) in all.iter().enumerate() { li id=[(n == 0).then_some("newest")] { (entry(one)) } }
        }
    }
}

/// One list of several on a page: nothing leads to its newest entry.
pub fn listed<T>(all: &[T], entry: impl Fn(&T) -> Markup) -> Markup {
    html! { ul class="bevan-entries" { @for one in all { li { (entry(one)) } } } }
}
