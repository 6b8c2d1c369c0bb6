//! Vaccinations and documents as staff read them.

use super::lists::{maybe, table};
use crate::component::{Cell, Details};
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

/// Documents, newest first, each with its words folded away.
pub fn papers(all: &[Paper]) -> Markup {
    html! {
        ul class="bevan-entries" { @for one in all { li { (paper(one)) } } }
    }
}

fn paper(one: &Paper) -> Markup {
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
        @if one.passages.is_empty() {
            p { "The document itself cannot be shown here." }
        } @else {
            (Details::new("Read it", words))
        }
    }
}
