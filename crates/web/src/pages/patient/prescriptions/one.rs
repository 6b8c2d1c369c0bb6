//! One prescription with where each item is and what to do, or one request with what became of each medicine.

use super::check::lines;
use super::list::{Link, answer, heading, request_heading};
use super::worded;
use crate::component::{SummaryList, SummaryRow};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::prescriptions::{Item, One, Prescription, Request, RequestAnswer, Stage};
use maud::{Markup, html};

/// The page.
pub async fn one(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let one = state.care.prescription(&visit.actor_for(&patient)?, &patient, visit.id()).await?;
    Answer::page(one_page(&one, &|path| visit.link(path)))
}

/// Prints the page.
pub fn one_page(one: &One, link: Link<'_>) -> Document {
    let document = match one {
        One::Prescription(one) => prescription(one),
        One::Request(one) => request(one),
    };
    document.under(&[
        (say("prescriptions-home"), &link("/home")),
        (say("prescriptions-heading"), &link("/prescriptions")),
    ])
}

fn prescription(one: &Prescription) -> Document {
    let heading = heading(one);
    let number = html! {
        span class="bevan-script-number" { (one.id) }
        br;
        (say("prescriptions-number-words"))
    };
    let mut rows = Vec::new();
    if let Some(on) = one.written_on {
        rows.push(SummaryRow::new(say("prescriptions-written"), wording::day(on)));
    }
    if let Some(name) = &one.prescriber {
        rows.push(SummaryRow::new(say("prescriptions-prescriber"), name.as_str()));
    }
    if let Some(place) = &one.pharmacy {
        rows.push(SummaryRow::new(say("prescriptions-request-for"), worded::place(place)));
    }
    rows.push(SummaryRow::new(say("prescriptions-number"), number));
    let body = html! {
        h1 { (heading) }
        h2 class="nhsuk-heading-m" { (say("prescriptions-items")) }
        ul class="bevan-scripts" { @for item in &one.items { (item_card(item)) } }
        (SummaryList::new(rows))
    };
    Document::new(&heading, body)
}

fn item_card(item: &Item) -> Markup {
    let class = match item.status.stage() {
        Stage::Ready => Some("bevan-scripts__ready"),
        Stage::Over => Some("bevan-scripts__stopped"),
        Stage::Prescribed | Stage::AtPharmacy => None,
    };
    html! {
        li class=[class] {
            h3 { (item.name) }
            p class="bevan-scripts__dose" {
                @if let Some(quantity) = &item.quantity { (quantity) }
                @if item.quantity.is_some() && item.dose.is_some() { ". " }
                @if let Some(dose) = &item.dose { (dose) }
            }
            p { (worded::tag(item.status)) }
            p { (worded::status(item.status).1) }
            @if let Some(since) = item.since {
                p class="bevan-scripts__dose" {
                    (fill("prescriptions-since", &[("moment", wording::moment(since).into())]))
                }
            }
        }
    }
}

fn request(one: &Request) -> Document {
    let heading = request_heading(one);
    let mut rows = Vec::new();
    if let Some(note) = &one.note {
        rows.push(SummaryRow::new(say("prescriptions-your-note"), lines(note)));
    }
    if let Some(name) = &one.pharmacy {
        rows.push(SummaryRow::new(say("prescriptions-request-for"), name.as_str()));
    }
    let body = html! {
        h1 { (heading) }
        ul class="bevan-scripts" {
            @for line in &one.lines {
                li {
                    h2 { (line.name) }
                    @if let Some(dose) = &line.dose { p class="bevan-scripts__dose" { (dose) } }
                    p { (answer(&line.answer)) }
                    @if let RequestAnswer::Refused(why) = &line.answer { (worded::why_all(why)) }
                }
            }
        }
        @if !rows.is_empty() { (SummaryList::new(rows)) }
        (worded::run_out())
    };
    Document::new(&heading, body)
}
