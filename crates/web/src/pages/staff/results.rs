//! Results and observations as staff read them: every digit as recorded, the source's own flags, missing values prominent.

use super::lists::short;
use crate::component::{Caption, Cell, Colour, Column, Table, Tag};
use crate::wording;
use care::record::{Flag, Measurement, Reading, ResultState, TestResult};
use maud::{Markup, Render, html};

/// Reports as entries with their measurements.
pub fn reports(all: &[TestResult]) -> Markup {
    html! {
        ul class="bevan-entries" {
            @for one in all {
                li id=(one.id) {
                    h2 { (one.name) " " (result_state(one.state)) }
                    p class="bevan-small" { (dates(one)) }
                    @if !one.measurements.is_empty() { (values(&one.measurements, &one.name)) }
                    @if let Some(words) = &one.conclusion { p { "Conclusion: " (words) } }
                }
            }
        }
    }
}

/// The first reports as a list.
pub fn reports_short(all: &[TestResult]) -> Markup {
    short(all, |one| {
        let flagged: Vec<_> = one.measurements.iter().filter(|value| value.flag.is_some()).collect();
        html! {
            (one.name)
            @if one.state != ResultState::Final { " " (result_state(one.state)) }
            @for value in flagged { br; (value.name) " " (reading(&value.value)) " " (flag(value.flag)) }
            br;
            span class="bevan-small" { (dates(one)) }
        }
    })
}

/// Observations as a table.
pub fn measurements(all: &[Measurement]) -> Markup {
    let rows = all.iter().map(|one| {
        let at = one.at.map_or_else(|| "Not recorded".to_owned(), wording::when);
        vec![
            Cell::from(one.name.as_str()),
            Cell::from(html! { (reading(&one.value)) " " (flag(one.flag)) }),
            Cell::from(at),
        ]
    });
    let columns = vec![Column::new("Observation"), Column::new("Value"), Column::new("When")];
    Table::stacking(Caption::hidden("Observations"), columns, rows.collect()).render()
}

/// The first observations as a list.
pub fn measurements_short(all: &[Measurement]) -> Markup {
    short(all, |one| {
        html! {
            (one.name) ": " (reading(&one.value)) " " (flag(one.flag))
            @if let Some(at) = one.at { br; span class="bevan-small" { (wording::when(at)) } }
        }
    })
}

fn values(all: &[Measurement], report: &str) -> Markup {
    let rows = all.iter().map(|one| {
        vec![
            Cell::from(one.name.as_str()),
            Cell::from(html! { (reading(&one.value)) " " (flag(one.flag)) }),
            Cell::from(one.range.as_deref().unwrap_or("Not given")),
        ]
    });
    let columns = vec![Column::new("Test"), Column::new("Value"), Column::new("Usual range")];
    Table::stacking(Caption::hidden(&format!("Values of {report}")), columns, rows.collect()).render()
}

fn dates(one: &TestResult) -> String {
    let taken = one.taken.map(wording::when);
    let issued = one.issued_at.map(wording::moment).filter(|issued| taken.as_ref() != Some(issued));
    let taken = taken.map(|at| format!("Taken {at}"));
    let issued = issued.map(|at| format!("reported {at}"));
    let by = one.by.as_ref().map(|by| format!("by {by}"));
    let parts: Vec<_> = [taken, issued, by].into_iter().flatten().collect();
    if parts.is_empty() { "Date not recorded".to_owned() } else { parts.join(", ") }
}

/// How final a report is.
pub fn result_state(state: ResultState) -> Markup {
    let (words, colour) = match state {
        ResultState::Waiting => ("Waiting", Colour::White),
        ResultState::Preliminary => ("Preliminary", Colour::Yellow),
        ResultState::Final => ("Final", Colour::Grey),
        ResultState::Corrected => ("Corrected", Colour::Orange),
        ResultState::Cancelled => ("Cancelled", Colour::Grey),
        ResultState::Unstated => ("State not recorded", Colour::Grey),
    };
    Tag::new(words, colour).render()
}

/// A value, every digit as recorded.
pub fn reading(value: &Reading) -> Markup {
    match value {
        Reading::Quantity { value, unit } => html! {
            strong { (value) } @if let Some(unit) = unit { " " (unit) }
        },
        Reading::Words(words) => html! { (words) },
        Reading::Parts(parts) => html! {
            @for (n, (name, value)) in parts.iter().enumerate() {
                @if n > 0 { ", " }
                (name) " " strong { (value) }
            }
        },
        Reading::Missing(why) => html! {
            strong class="bevan-flag bevan-flag--warn" { "No value" } @if let Some(why) = why { ": " (why) }
        },
    }
}

/// The source's own flag in words.
pub fn flag(flag: Option<Flag>) -> Markup {
    let (words, class) = match flag {
        None => return html! {},
        Some(Flag::Critical) => ("Critical", "bevan-flag bevan-flag--alarm"),
        Some(Flag::High) => ("High", "bevan-flag bevan-flag--warn"),
        Some(Flag::Low) => ("Low", "bevan-flag bevan-flag--warn"),
        Some(Flag::Abnormal) => ("Abnormal", "bevan-flag bevan-flag--warn"),
    };
    html! { span class=(class) { (words) } }
}
