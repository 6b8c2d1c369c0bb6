//! Scans as staff read them: codes and numbers by which a picture store finds them, their series, the order and what was reported.
//! A series that this software reconstructed bears its sign wherever it is named.

use super::lists::maybe;
use super::{results, tile};
use crate::component::{Caption, Cell, Colour, Column, SummaryList, SummaryRow, Table, Tag};
use crate::pages::address;
use crate::wording;
use care::record::{Scan, ScanOrder, ScanState, Series, TestResult};
use maud::{Markup, Render, html};

/// Scans as entries with their series.
pub fn scans(patient: &str, all: &[Scan]) -> Markup {
    html! {
        ul class="bevan-entries" { @for one in all { li id=(one.id) { (scan(patient, one)) } } }
    }
}

fn scan(patient: &str, one: &Scan) -> Markup {
    let kinds: Vec<&str> = one.kinds.iter().map(|kind| kind.words.as_str()).collect();
    let kind = if kinds.is_empty() { "Scan".to_owned() } else { kinds.join(", ") };
    let name = one.name.as_ref().map_or_else(|| kind.clone(), |name| format!("{kind}: {name}"));
    html! {
        h2 { (name) " " (state(one.state)) @if one.is_reconstructed() { " " (sign()) } }
        p class="bevan-small" {
            (maybe(one.on))
            @if let Some(place) = &one.place { ", " (place) }
        }
        (SummaryList::new(facts(one)).render())
        @if !one.series.is_empty() { (series(&one.series, &name)) }
        @if one.is_reconstructed() { p { "Series reconstructed by Bevan are for research use, not for diagnosis." } }
        @for report in &one.reports { (reported(patient, report)) }
        @if one.reports.is_empty() { p { "No report that you may see names this study." } }
    }
}

fn state(state: ScanState) -> Markup {
    let (words, colour) = match state {
        ScanState::Expected => ("No images yet", Colour::White),
        ScanState::Available => ("Available", Colour::Green),
        ScanState::Cancelled => ("Cancelled", Colour::Grey),
        ScanState::Unstated => ("State not recorded", Colour::Grey),
    };
    Tag::new(words, colour).render()
}

fn sign() -> Markup {
    Tag::new("Reconstructed by Bevan", Colour::Purple).render()
}

fn facts(one: &Scan) -> Vec<SummaryRow> {
    let codes: Vec<&str> = one.kinds.iter().map(|kind| kind.code.as_str()).collect();
    let or = |words: String| if words.is_empty() { "Not recorded".to_owned() } else { words };
    let count = one.pictures.map(|count| count.to_string()).unwrap_or_default();
    let held = one.kept_at.as_ref().map_or_else(
        || "Not held here: find them by accession number in the picture store".to_owned(),
        |place| format!("Not held here: at {place}"),
    );
    let images = if count.is_empty() { held } else { format!("{count}. {held}") };
    let mut rows = vec![
        SummaryRow::new("Accession number", or(one.accession.clone().unwrap_or_default()).as_str()),
        SummaryRow::new("Modality", or(codes.join(", ")).as_str()),
        SummaryRow::new("Body part", or(one.sites.join(", ")).as_str()),
        SummaryRow::new("Images", images.as_str()),
    ];
    if let Some(words) = &one.description {
        rows.push(SummaryRow::new("Description", words.as_str()));
    }
    if let Some(order) = &one.order {
        rows.push(SummaryRow::new("Order", ordered(order).as_str()));
    }
    rows
}

fn ordered(order: &ScanOrder) -> String {
    let on = order.ordered.map(|on| format!("ordered {}", wording::when(on)));
    let by = order.by.as_ref().map(|by| format!("by {by}"));
    let parts: Vec<String> = order.name.clone().into_iter().chain(on).chain(by).collect();
    if parts.is_empty() { "Without a name or date".to_owned() } else { parts.join(", ") }
}

fn series(all: &[Series], study: &str) -> Markup {
    let rows = all.iter().map(|one| {
        let count = one.pictures.map_or_else(|| "Not recorded".to_owned(), |count| count.to_string());
        vec![
            Cell::from(html! {
                (one.description.as_deref().unwrap_or("Not described"))
                @if one.reconstructed { " " (Tag::new("By Bevan", Colour::Purple).render()) }
            }),
            Cell::from(one.modality.as_deref().unwrap_or("Not recorded")),
            Cell::from(count.as_str()),
        ]
    });
    let columns = vec![Column::new("Series"), Column::new("Modality"), Column::numeric("Images")];
    Table::stacking(Caption::hidden(&format!("Series of {study}")), columns, rows.collect()).render()
}

fn reported(patient: &str, one: &TestResult) -> Markup {
    let place = format!("{}/results#{}", tile::record(patient), address(&one.id));
    html! {
        p {
            "Report: " a href=(place) { (one.name) } " " (results::result_state(one.state))
            @if let Some(issued) = one.issued_at { " " span class="bevan-small" { (wording::moment(issued)) } }
        }
        @if let Some(words) = &one.conclusion { p { "Conclusion: " (words) } }
    }
}
