//! A scan in plain words, as it stands in a list and on a page of its own. The pictures are never here, and a picture that this
//! software made is never shown without saying so.

use crate::pages::address;
use crate::visit::Visit;
use crate::wording;
use crate::words::{fill, say};
use care::record::{Scan, ScanState, Series};
use maud::{Markup, html};

/// What a scan is called: the sort of machine in plain words, and what was scanned.
pub fn title(one: &Scan) -> String {
    let kinds: Vec<&str> = one.kinds.iter().map(|kind| kind.words.as_str()).collect();
    let kind = if kinds.is_empty() { say("scan-unnamed").to_owned() } else { kinds.join(", ") };
    match &one.name {
        Some(what) => fill("scan-named", &[("kind", kind.into()), ("what", what.as_str().into())]),
        None => kind,
    }
}

/// What a scan's line says.
pub fn said(one: &Scan) -> Markup {
    let state = match one.state {
        ScanState::Expected => say("scan-expected"),
        ScanState::Available => say("scan-available"),
        ScanState::Cancelled => say("scan-cancelled"),
        ScanState::Unstated => say("scan-unstated"),
    };
    let made = if one.state == ScanState::Available { "scan-made" } else { "scan-dated" };
    let date = one.on.map(|on| fill(made, &[("date", wording::when_day(on).into())]));
    let sites = (!one.sites.is_empty())
        .then(|| one.sites.join(", "))
        .filter(|sites| one.name.as_ref() != Some(sites));
    html! {
        p { (state) }
        p class="bevan-small" { (date.as_deref().unwrap_or(say("record-no-date"))) }
        @if let Some(sites) = sites { p { (fill("scan-site", &[("what", sites.into())])) } }
        @if let Some(place) = &one.place {
            p class="bevan-small" { (fill("scan-place", &[("place", place.as_str().into())])) }
        }
        @if let Some(words) = &one.description {
            p class="bevan-small" { (fill("scan-called", &[("name", words.as_str().into())])) }
        }
        @if let Some(count) = one.pictures { p class="bevan-small" { (pictures(count)) } }
        @if !one.reports.is_empty() {
            p { (fill("scan-reported", &[("count", one.reports.len().into())])) }
        }
        @if one.is_reconstructed() { p { strong { (say("scan-ours")) } } }
    }
}

/// What the scan's own page says besides: its reports, where to ask for the pictures, and its sets of them.
pub fn beside(one: &Scan, visit: &Visit) -> Markup {
    html! {
        h2 class="nhsuk-heading-m" { (say("scan-reports")) }
        @if one.reports.is_empty() { p { (say("scan-no-report")) } }
        @if !one.reports.is_empty() {
            ul class="bevan-links" {
                @for report in &one.reports {
                    li { a href=(visit.link(&format!("/results/{}", address(&report.id)))) { (report.name) } }
                }
            }
        }
        h2 class="nhsuk-heading-m" { (say("scan-pictures-heading")) }
        @match &one.kept_at {
            Some(place) => { p { (fill("scan-kept", &[("where", place.as_str().into())])) } },
            None => { p { (say("record-scans-elsewhere")) } },
        }
        @if let Some(number) = &one.accession {
            p { (fill("scan-accession", &[("number", number.as_str().into())])) }
        }
        @if !one.series.is_empty() {
            h3 class="nhsuk-heading-s" { (say("scan-series")) }
            ul { @for series in &one.series { li { (set(series)) } } }
        }
    }
}

fn set(one: &Series) -> Markup {
    let name = one.description.as_deref().unwrap_or(say("scan-series-unnamed"));
    html! {
        @match one.pictures {
            Some(count) => {
                (fill("scan-series-counted", &[("name", name.into()), ("pictures", pictures(count).into())]))
            },
            None => { (name) },
        }
        @if one.reconstructed { " – " strong { (say("scan-series-ours")) } }
    }
}

fn pictures(count: u64) -> String {
    fill("scan-pictures", &[("count", count.into())])
}
