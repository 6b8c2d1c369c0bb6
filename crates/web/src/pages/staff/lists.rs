//! Problems, medicines, allergies and visits as staff read them: recorded words first, codes last.

use crate::component::{Caption, Cell, Colour, Column, Content, Table, Tag};
use crate::wording;
use care::record::{
    Allergy, AllergyState, Medicine, MedicineState, Problem, ProblemState, Step, Visit, VisitKind, VisitState,
};
use care::view::{Coded, When};
use maud::{Markup, Render, html};

/// How many entries a summary shows.
const SHORT: usize = 5;
/// How many entries of a long section a summary reads.
const READ: usize = 10;

/// Problems as a table.
pub fn problems(all: &[Problem]) -> Markup {
    let rows = all.iter().map(|one| {
        vec![
            named(&one.name, one.code.as_ref()),
            Cell::from(problem_state(one.state)),
            Cell::from(span(one.began, one.ended)),
            Cell::from(maybe(one.recorded)),
        ]
    });
    table("Problems", &["Problem", "State", "From", "Recorded"], rows.collect())
}

/// The first problems as a list.
pub fn problems_short(all: &[Problem]) -> Markup {
    short(all, |one| {
        html! {
            (one.name)
            @if one.state != ProblemState::Active { " " (problem_state(one.state)) }
        }
    })
}

fn problem_state(state: ProblemState) -> Markup {
    let (words, colour) = match state {
        ProblemState::Active => ("Active", Colour::Blue),
        ProblemState::Recurrence => ("Came back", Colour::Blue),
        ProblemState::Remission => ("In remission", Colour::Grey),
        ProblemState::Resolved => ("Resolved", Colour::Grey),
        ProblemState::Suspected => ("Suspected", Colour::Yellow),
        ProblemState::Unstated => ("State not recorded", Colour::Grey),
    };
    Tag::new(words, colour).render()
}

/// Medicines as a table.
pub fn medicines(all: &[Medicine]) -> Markup {
    let rows = all.iter().map(|one| {
        vec![
            named(&one.name, one.code.as_ref()),
            Cell::from(one.dose.as_deref().unwrap_or("Dose not recorded")),
            Cell::from(medicine_state(one.state)),
            Cell::from(span(one.started, one.ended)),
            Cell::from(one.prescriber.as_deref().unwrap_or("Not recorded")),
        ]
    });
    table("Medicines", &["Medicine", "Dose", "State", "From", "Prescriber"], rows.collect())
}

/// The first medicines as a list.
pub fn medicines_short(all: &[Medicine]) -> Markup {
    let alike = |one: &Medicine, other: &Medicine| {
        one.name == other.name && one.dose == other.dose && one.state == other.state
    };
    let firsts: Vec<&Medicine> = all
        .iter()
        .enumerate()
        .filter(|(n, one)| !all.iter().take(*n).any(|other| alike(one, other)))
        .map(|(_, one)| one)
        .collect();
    short(&firsts, |one| {
        let entries = all.iter().filter(|other| alike(one, other)).count();
        html! {
            (one.name)
            @if entries > 1 { " " span class="bevan-small" { "(" (entries) " entries)" } }
            @if one.state != MedicineState::Current { " " (medicine_state(one.state)) }
            @if let Some(dose) = &one.dose { br; span class="bevan-small" { (dose) } }
        }
    })
}

fn medicine_state(state: MedicineState) -> Markup {
    let (words, colour) = match state {
        MedicineState::Current => ("Current", Colour::Blue),
        MedicineState::OnHold => ("On hold", Colour::Yellow),
        MedicineState::Completed => ("Completed", Colour::Grey),
        MedicineState::Stopped => ("Stopped", Colour::Grey),
        MedicineState::Planned => ("Planned", Colour::White),
        MedicineState::Unstated => ("State not recorded", Colour::Grey),
    };
    Tag::new(words, colour).render()
}

/// Allergies as a table.
pub fn allergies(all: &[Allergy]) -> Markup {
    let rows = all.iter().map(|one| {
        let reactions =
            if one.reactions.is_empty() { "Not recorded".to_owned() } else { one.reactions.join(", ") };
        vec![
            named(&one.substance, one.code.as_ref()),
            Cell::from(allergy_state(one)),
            Cell::from(reactions),
            Cell::from(maybe(one.recorded)),
        ]
    });
    table("Allergies", &["Substance", "State", "Reaction", "Recorded"], rows.collect())
}

/// The first allergies as a list.
pub fn allergies_short(all: &[Allergy]) -> Markup {
    short(all, |one| {
        html! {
            (one.substance)
            @if one.severe || one.state != AllergyState::Active { " " (allergy_state(one)) }
            @if !one.reactions.is_empty() { br; span class="bevan-small" { (one.reactions.join(", ")) } }
        }
    })
}

fn allergy_state(one: &Allergy) -> Markup {
    let (words, colour) = match (one.state, one.severe) {
        (AllergyState::Past, _) => ("Past", Colour::Grey),
        (AllergyState::Suspected, true) => ("Suspected, severe", Colour::Red),
        (AllergyState::Suspected, false) => ("Suspected", Colour::Yellow),
        (AllergyState::Active, true) => ("Active, severe", Colour::Red),
        (AllergyState::Active, false) => ("Active", Colour::Blue),
    };
    Tag::new(words, colour).render()
}

/// Stays and visits as entries with their places.
pub fn visits(all: &[Visit]) -> Markup {
    html! {
        ul class="bevan-entries" {
            @for one in all {
                li {
                    h2 { (visit_name(one)) " " (visit_state(one.state)) }
                    p { (span(one.started, one.ended)) }
                    @if let Some(reason) = &one.reason { p { "Reason: " (reason) } }
                    (steps(&one.steps))
                }
            }
        }
    }
}

/// The first stays and visits as a list.
pub fn visits_short(all: &[Visit]) -> Markup {
    short(all, |one| {
        html! {
            (visit_name(one))
            @if one.state != VisitState::Over { " " (visit_state(one.state)) }
            br;
            span class="bevan-small" { (span(one.started, one.ended)) }
        }
    })
}

fn visit_name(one: &Visit) -> String {
    let kind = match one.kind {
        VisitKind::Stay => "Hospital stay",
        VisitKind::Emergency => "Emergency department",
        VisitKind::Clinic => "Visit",
        VisitKind::Home => "Home visit",
        VisitKind::Remote => "Phone or video",
        VisitKind::Unstated => "Encounter",
    };
    one.place.as_ref().map_or_else(|| kind.to_owned(), |place| format!("{kind}, {place}"))
}

fn visit_state(state: VisitState) -> Markup {
    let (words, colour) = match state {
        VisitState::Planned => ("Expected", Colour::White),
        VisitState::Now => ("Now", Colour::Blue),
        VisitState::OnLeave => ("On leave", Colour::Yellow),
        VisitState::Over => ("Over", Colour::Grey),
        VisitState::Cancelled => ("Cancelled", Colour::Grey),
        VisitState::Unstated => ("State not recorded", Colour::Grey),
    };
    Tag::new(words, colour).render()
}

fn steps(all: &[Step]) -> Markup {
    let rows = all.iter().map(|step| {
        let time =
            |at: Option<_>, none: &str| Cell::from(at.map_or_else(|| none.to_owned(), wording::moment));
        vec![Cell::from(step.place.as_str()), time(step.from, "Not recorded"), time(step.to, "Still there")]
    });
    html! { @if !all.is_empty() { (table("Places during this stay", &["Place", "From", "To"], rows.collect())) } }
}

/// A table of a section.
pub fn table(caption: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Markup {
    let columns = columns.iter().map(|name| Column::new(name)).collect();
    Table::stacking(Caption::hidden(caption), columns, rows).render()
}

fn named(name: &str, code: Option<&Coded>) -> Cell {
    let inside: Content = match code {
        Some(code) => html! { (name) br; span class="bevan-small" { (code.system) " " (code.code) } }.into(),
        None => name.into(),
    };
    Cell::from(inside)
}

/// A day, or that none is recorded.
pub fn maybe(point: Option<When>) -> String {
    point.map_or_else(|| "Not recorded".to_owned(), wording::when_day)
}

/// From when to when, as far as recorded.
pub fn span(from: Option<When>, to: Option<When>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => {
            let (from, to) = (wording::when_day(from), wording::when_day(to));
            if from == to { from } else { format!("{from} to {to}") }
        }
        (Some(from), None) => wording::when_day(from),
        (None, Some(to)) => format!("until {}", wording::when_day(to)),
        (None, None) => "Date not recorded".to_owned(),
    }
}

/// The first entries as a list; the page behind the heading has the rest.
pub fn short<T>(all: &[T], entry: impl Fn(&T) -> Markup) -> Markup {
    let left = all.len().saturating_sub(SHORT);
    html! {
        ul { @for one in all.iter().take(SHORT) { li { (entry(one)) } } }
        // A summary reads at most so many entries: beyond, how many are left is not known.
        @if all.len() >= READ { p class="bevan-small" { "and more" } }
        @else if left > 0 { p class="bevan-small" { "and " (left) " more" } }
    }
}
