//! Vaccinations and documents as staff read them.

use super::lists::{maybe, table};
use super::tile;
use crate::component::{Cell, Details};
use crate::pages::address;
use crate::pages::patient::sheets::{self, listed};
use crate::state::State;
use crate::visit::{Outcome, Visit};
use care::record::{Paper, Vaccination};
use maud::{Markup, html};

/// Vaccinations as a table.
pub fn vaccinations(all: &[Vaccination]) -> Markup {
    let rows = all.iter().map(|one| {
        let given = match (one.given, &one.why_not) {
            (true, _) => "Given".to_owned(),
            (false, Some(why)) => format!("Not given: {why}"),
            (false, None) => "Not given".to_owned(),
        };
        vec![
            Cell::from(one.name.as_str()),
            Cell::from(given.as_str()),
            Cell::from(maybe(one.on).as_str()),
            Cell::from(one.by.as_deref().unwrap_or("Not recorded")),
            Cell::from(one.batch.as_deref().unwrap_or("Not recorded")),
        ]
    });
    table("Vaccinations", &["Vaccine", "State", "On", "By", "Batch"], rows.collect())
}

/// A file of a document. What is served is what the patient is served.
pub async fn file(state: &State, visit: &Visit) -> Outcome {
    let part = |at: usize| visit.open.get(at).map(String::as_str).unwrap_or_default();
    sheets::file(state, visit, (visit.id(), part(1), part(2))).await
}

/// Documents, newest first, each with its words folded away and its files.
pub fn papers(patient: &str, all: &[Paper]) -> Markup {
    html! {
        ul class="bevan-entries" { @for one in all { li { (paper(patient, one)) } } }
    }
}

fn paper(patient: &str, one: &Paper) -> Markup {
    let words = html! {
        @for passage in &one.passages {
            @if let Some(heading) = &passage.heading { h3 { (heading) } }
            @for paragraph in &passage.paragraphs { p { (paragraph) } }
        }
    };
    html! {
        h2 { (one.title) }
        p class="bevan-small" {
            (maybe(one.written))
            @if let Some(author) = &one.author { ", " (author) }
            @if let Some(keeper) = &one.keeper { ", " (keeper) }
        }
        @if !one.passages.is_empty() { (Details::new("Read it", words)) }
        @if one.passages.is_empty() && one.sheets.is_empty() {
            p { "The document itself cannot be shown here." }
        }
        (listed(one, &format!("{}/documents/{}", tile::record(patient), address(&one.id))))
    }
}
