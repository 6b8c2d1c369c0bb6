//! A copy of the record to keep: as a page that any browser opens and prints, and as a FHIR document for other systems.

use super::entries::{listed, passages, said, title};
use super::record::lines;
use super::results::{explained, flag, next, source, value};
use crate::layout::Document;
use crate::pages::section::{Reader, brief};
use crate::state::State;
use crate::visit::{Answer, File, Outcome as Answered, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::copy::Copy;
use care::record::{Line, Measurement, Part};
use care::results::Outcome;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// How the copy looks: it is a file of its own, so its style stands in it.
const STYLE: &str = "body{font:18px/1.5 Arial,sans-serif;color:#102a33;max-width:44em;margin:2em auto;padding:0 1em}\
    h1,h2,h3{line-height:1.25}h2{border-top:3px solid #0d4a56;padding-top:.5em;margin-top:2em}\
    ul{list-style:none;padding:0}li{border-bottom:1px solid #c9d4d3;padding:.5em 0}p{margin:.2em 0}\
    .bevan-small{color:#4b5b61}.bevan-flag--alarm{color:#b3261e}.bevan-flag--warn{color:#8a5300}\
    dt{font-weight:bold}@media print{li{break-inside:avoid}}";

/// The page that offers the copies.
pub fn download(visit: &Visit) -> Answered {
    let heading = say("record-download");
    let body = html! {
        h1 { (heading) }
        p { (say("record-download-intro")) }
        h2 class="nhsuk-heading-m" { (say("record-download-page")) }
        p { (say("record-download-page-about")) }
        p { a class="nhsuk-button" href=(visit.link("/record/download/page")) { (say("record-download-page-button")) } }
        h2 class="nhsuk-heading-m" { (say("record-download-fhir")) }
        p { (say("record-download-fhir-about")) }
        p { a class="nhsuk-button nhsuk-button--secondary" href=(visit.link("/record/download/fhir")) { (say("record-download-fhir-button")) } }
        h2 class="nhsuk-heading-m" { (say("record-download-safe")) }
        p { (say("record-download-safe-about")) }
    };
    let (home, menu) = (visit.link("/home"), visit.link("/record"));
    Answer::page(
        Document::new(heading, body).under(&[(say("record-home"), &home), (say("record-heading"), &menu)]),
    )
}

/// The copy as a page.
pub async fn page(state: &State, visit: &Visit) -> Answered {
    let patient = visit.patient_id()?.to_owned();
    let copy = state.care.copy(&visit.actor_for(&patient)?, &patient).await?;
    let body = readable(&copy).into_string().into_bytes();
    Ok(Answer::File(File::kept("text/html; charset=utf-8", "record.html", body)))
}

/// The copy as a FHIR document.
pub async fn fhir(state: &State, visit: &Visit) -> Answered {
    let patient = visit.patient_id()?.to_owned();
    let body = state.care.document(&visit.actor_for(&patient)?, &patient).await?;
    Ok(Answer::File(File::kept("application/fhir+json", "record.json", body)))
}

fn readable(copy: &Copy) -> Markup {
    let banner = &copy.record.banner;
    let heading = fill("record-copy-heading", &[("name", banner.name.as_str().into())]);
    let made = wording::moment(copy.record.read_at);
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (heading) " – Bevan" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (heading) }
                p { (fill("record-copy-made", &[("when", made.into())])) }
                dl {
                    @if let Some(born) = banner.born { dt { (say("record-copy-born")) } dd { (wording::when_day(born)) } }
                    @if let Some(number) = &banner.nhs_number { dt { (say("record-copy-number")) } dd { (wording::nhs_number(number)) } }
                }
                (chapter(copy, Part::Allergies, say("record-allergies"), say("record-allergies-empty")))
                (chapter(copy, Part::Problems, say("record-conditions"), say("record-conditions-empty")))
                (chapter(copy, Part::Medicines, say("record-medicines"), say("record-medicines-empty")))
                h2 { (say("results-heading")) }
                (brief(Reader::Patient, &copy.results, say("results-empty"), |all| listed(all, result)))
                h2 { (say("record-measurements")) }
                @let measured = copy.record.observations.clone().unwrap_or(care::view::Section::Failed);
                (brief(Reader::Patient, &measured, say("record-measurements-empty"), |all| listed(all, measurement)))
                (chapter(copy, Part::Scans, say("record-scans"), say("record-scans-empty")))
                (chapter(copy, Part::Vaccinations, say("record-vaccinations"), say("record-vaccinations-empty")))
                (chapter(copy, Part::Encounters, say("record-visits"), say("record-visits-empty")))
                (chapter(copy, Part::Documents, say("record-documents"), say("record-documents-empty")))
            }
        }
    }
}

fn chapter(copy: &Copy, part: Part, heading: &str, empty: &str) -> Markup {
    html! {
        h2 { (heading) }
        (brief(Reader::Patient, &lines(&copy.record, part), empty, |all| {
            listed(all, |line| html! {
                h3 { (title(line)) }
                (said(line))
                @if let Line::Paper(paper) = line { (passages(paper)) }
            })
        }))
    }
}

fn result(one: &Outcome) -> Markup {
    html! {
        h3 { (one.report.name) }
        p class="bevan-small" {
            @if let Some(taken) = one.report.taken { (wording::when(taken)) ", " }
            (source(&one.source))
        }
        @for value in &one.report.measurements { (measurement(value)) (explained(value)) }
        @if let Some(words) = &one.report.conclusion { p { (words) } }
        @for step in &one.next { p { (next(*step)) } }
    }
}

fn measurement(one: &Measurement) -> Markup {
    html! {
        p {
            (one.name) ": " (value(&one.value))
            @if let Some(flag) = flag(one.stands) { " – " (flag) }
            @if let Some(at) = one.at { ", " (wording::when_day(at)) }
        }
    }
}
