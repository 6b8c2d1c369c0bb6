//! Test results in plain words: what was tested, each value with its usual range and what the laboratory says of it, what is
//! missing, how final it is, and what happens next. Never says what a value means for the person: a clinician does.

use super::entries::entries;
use crate::component::{Caption, Cell, Column, Table};
use crate::wording;
use care::record::{Flag, Measurement, Reading, ResultState, TestResult};
use maud::{Markup, Render, html};

/// Reports.
pub fn reports(all: &[TestResult]) -> Markup {
    entries(all, |one| {
        html! {
            h2 { (one.name) }
            @if let Some(plain) = &one.plain { p { (plain) } }
            @if let Some(words) = state(one.state) { p { strong { (words) } } }
            p class="bevan-small" {
                @match one.taken {
                    Some(at) => { "Taken " (wording::when(at)) },
                    None => { "When it was taken is not recorded" },
                }
                @if let Some(by) = &one.by { ", by " (by) }
            }
            @if !one.measurements.is_empty() { (values(one)) }
            @if let Some(words) = &one.conclusion { p { "What the report says: " (words) } }
            p { (next(one)) }
        }
    })
}

fn state(state: ResultState) -> Option<&'static str> {
    match state {
        ResultState::Waiting => Some("The result is not ready yet."),
        ResultState::Preliminary => {
            Some("These are early results. They have not been checked and may change.")
        }
        ResultState::Corrected => Some("This result was corrected after it first came in."),
        ResultState::Cancelled => Some("This test was cancelled. There will be no result."),
        ResultState::Final => None,
        ResultState::Unstated => Some("Whether this result is final is not recorded."),
    }
}

fn next(one: &TestResult) -> &'static str {
    let flagged =
        |flags: &[Flag]| one.measurements.iter().any(|value| value.flag.is_some_and(|f| flags.contains(&f)));
    if flagged(&[Flag::Critical]) {
        "One value is far from usual. If nobody has spoken to you about it, call the people who treat you today, or 111."
    } else if flagged(&[Flag::High, Flag::Low, Flag::Abnormal]) {
        "Some values are outside what is usual. That is often harmless: ask whoever asked for the test."
    } else {
        "Questions? Ask whoever asked for the test."
    }
}

fn values(report: &TestResult) -> Markup {
    let rows = report.measurements.iter().map(|one| {
        vec![
            // The name stays: three values can all be "a fat in the blood".
            Cell::from(html! {
                (one.name)
                @if let Some(plain) = &one.plain { br; span class="bevan-small" { (plain) } }
            }),
            Cell::from(value(one)),
            Cell::from(one.range.as_deref().unwrap_or("Not given")),
        ]
    });
    let columns =
        vec![Column::new("What was measured"), Column::new("Your value"), Column::new("Usual range")];
    Table::stacking(Caption::hidden(&format!("Values of {}", report.name)), columns, rows.collect()).render()
}

fn value(one: &Measurement) -> Markup {
    let shown = match &one.value {
        Reading::Quantity { value, unit } => {
            html! { strong { (value) } @if let Some(unit) = unit { " " (unit) } }
        }
        Reading::Words(words) => html! { (words) },
        Reading::Parts(parts) => html! {
            @for (n, (name, value)) in parts.iter().enumerate() {
                @if n > 0 { ", " }
                (name) " " strong { (value) }
            }
        },
        Reading::Missing(why) => html! {
            strong class="bevan-flag bevan-flag--warn" { "No result" }
            @if let Some(why) = why { ": " (why) }
        },
    };
    let flag = match one.flag {
        None => None,
        Some(Flag::High) => Some(("above the usual range", "bevan-flag--warn")),
        Some(Flag::Low) => Some(("below the usual range", "bevan-flag--warn")),
        Some(Flag::Abnormal) => Some(("outside what is usual", "bevan-flag--warn")),
        Some(Flag::Critical) => Some(("far from usual", "bevan-flag--alarm")),
    };
    html! { (shown) @if let Some((words, class)) = flag { br; span class={ "bevan-flag " (class) } { (words) } } }
}
