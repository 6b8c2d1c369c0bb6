//! The record as one line of time over all organisations, a year a page.

use super::entries::entries;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::timeline::{Happening, Kind, Timeline};
use maud::{Markup, html};

/// The page.
pub async fn timeline(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let year = match visit.query.get("year") {
        Some(year) => Some(year.parse().map_err(|_| Problem::NotFound)?),
        None => None,
    };
    let timeline = state.care.timeline(&visit.actor_for(&patient)?, &patient, year).await?;
    Answer::page(timeline_page(&timeline, visit))
}

fn timeline_page(timeline: &Timeline, visit: &Visit) -> Document {
    let heading = say("record-timeline");
    let to = |year: i16| visit.link(&format!("/record/timeline?year={year}"));
    let body = html! {
        h1 { (heading) }
        p { (say("record-timeline-intro")) }
        @if let Some(year) = timeline.year { h2 class="nhsuk-heading-m" { (year) } }
        (section(Reader::Patient, &timeline.happenings, say("record-timeline-empty"), |all| {
            entries(all, |one| happening(one, visit))
        }))
        @if timeline.earlier.is_some() || timeline.later.is_some() {
            nav aria-label=(say("record-timeline-years")) {
                ul class="bevan-links" {
                    @if let Some(year) = timeline.earlier {
                        li { a href=(to(year)) { (fill("record-timeline-earlier", &[("year", year.to_string().into())])) } }
                    }
                    @if let Some(year) = timeline.later {
                        li { a href=(to(year)) { (fill("record-timeline-later", &[("year", year.to_string().into())])) } }
                    }
                }
            }
        }
        p { (say("record-timeline-undated")) }
    };
    let (home, menu) = (visit.link("/home"), visit.link("/record"));
    Document::new(heading, body).under(&[(say("record-home"), &home), (say("record-heading"), &menu)])
}

fn happening(one: &Happening, visit: &Visit) -> Markup {
    let (kind, path) = match one.kind {
        Kind::Visit => (say("record-kind-visit"), Some("/record/visits")),
        Kind::Result => (say("record-kind-result"), Some("/results")),
        Kind::Condition => (say("record-kind-condition"), Some("/record/conditions")),
        Kind::Medicine => (say("record-kind-medicine"), Some("/record/medicines")),
        Kind::Vaccination => (say("record-kind-vaccination"), Some("/record/vaccinations")),
        Kind::Procedure => (say("record-kind-procedure"), None),
        Kind::Allergy => (say("record-kind-allergy"), Some("/record/allergies")),
        Kind::Document => (say("record-kind-document"), Some("/record/documents")),
        Kind::Scan => (say("record-kind-scan"), Some("/record/scans")),
    };
    let words = if one.title.is_empty() { kind.to_owned() } else { format!("{kind}: {}", one.title) };
    let day = wording::when_day(one.at);
    html! {
        p class="bevan-small" { (day) }
        h3 {
            @match path {
                Some(path) => {
                    a href=(visit.link(&format!("{path}/{}", address(&one.id)))) {
                        (words)
                        span class="nhsuk-u-visually-hidden" { ", " (day) }
                    }
                },
                None => { (words) },
            }
        }
        @if let Some(plain) = &one.plain { p { (wording::capital(plain)) } }
        @if let Some(place) = &one.place { p class="bevan-small" { (place) } }
    }
}
