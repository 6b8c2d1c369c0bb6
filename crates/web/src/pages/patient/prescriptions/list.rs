//! The page of all prescriptions, and the first page of an order.

use super::worded;
use crate::component::{Button, Colour, Details, Tag, action_link, back_link};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::prescriptions::{Prescription, Prescriptions, Repeat, Request, RequestAnswer, Stage};
use care::view::Section;
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn list(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let all = state.care.prescriptions(&visit.actor_for(&patient)?, &patient).await?;
    Answer::page(list_page(&all, &|path| visit.link(path)))
}

/// Where links lead: under the person's own address or that of somebody they act for.
pub type Link<'a> = &'a dyn Fn(&str) -> String;

/// Prints the page.
pub fn list_page(all: &Prescriptions, link: Link<'_>) -> Document {
    let can_order = all.repeats.items().iter().any(|one| one.not_now.is_none());
    let over = |one: &&Prescription| one.is_over(all.read_at);
    let (past, going): (Vec<_>, Vec<_>) = all.prescriptions.items().iter().partition(over);
    let body = html! {
        h1 { (say("prescriptions-heading")) }
        @if can_order {
            (action_link(&say("prescriptions-order").into(), &link("/prescriptions/request"), false))
        } @else if matches!(all.repeats, Section::Shown(_)) {
            p { (say("prescriptions-order-none")) }
        }
        @if !all.requests.items().is_empty() {
            h2 class="nhsuk-heading-m" { (say("prescriptions-requests")) }
            ul class="bevan-scripts" { @for one in all.requests.items() { (request(one, link)) } }
        }
        h2 class="nhsuk-heading-m" { (say("prescriptions-going")) }
        (section(Reader::Patient, &all.prescriptions, say("prescriptions-past-empty"), |_| html! {
            @if going.is_empty() {
                div class="bevan-answer" { p { (say("prescriptions-going-empty")) } }
            } @else {
                ul class="bevan-scripts" { @for one in &going { (prescription(one, all.read_at, link)) } }
            }
        }))
        h2 class="nhsuk-heading-m" { (say("prescriptions-repeats")) }
        (section(Reader::Patient, &all.repeats, say("prescriptions-repeats-empty"), |repeats| html! {
            @if let Some(on) = repeats.iter().filter(|one| one.review_is_near).filter_map(|one| one.review_on).min() {
                div class="nhsuk-inset-text" {
                    p { (fill("prescriptions-review-near", &[("day", wording::weekday(on).into())])) }
                }
            }
            ul class="bevan-scripts" { @for one in repeats { (repeat(one)) } }
        }))
        h2 class="nhsuk-heading-m" { (say("prescriptions-pharmacy")) }
        @match &all.pharmacy {
            Some(place) => (worded::place(place)),
            None => p { (say("prescriptions-pharmacy-none")) },
        }
        p { a href=(link("/pharmacy")) { (say("prescriptions-pharmacy-change")) } }
        @if !past.is_empty() {
            h2 class="nhsuk-heading-m" { (say("prescriptions-past")) }
            (Details::new(say("prescriptions-past-show"), html! {
                ul class="bevan-scripts" { @for one in &past { (prescription(one, all.read_at, link)) } }
            }))
        }
        (worded::run_out())
    };
    Document::new(say("prescriptions-heading"), body).under(&[(say("prescriptions-home"), &link("/home"))])
}

/// What a prescription's own page is called.
pub fn heading(one: &Prescription) -> String {
    match one.written_on {
        Some(on) => fill("prescriptions-of", &[("day", wording::day(on).into())]),
        None => say("prescriptions-undated").to_owned(),
    }
}

/// What a request's own page is called.
pub fn request_heading(one: &Request) -> String {
    match one.asked_at {
        Some(at) => fill("prescriptions-asked", &[("moment", wording::moment(at).into())]),
        None => say("prescriptions-asked-undated").to_owned(),
    }
}

fn prescription(one: &Prescription, now: Timestamp, link: Link<'_>) -> Markup {
    let ready = !one.is_over(now) && one.items.iter().any(|item| item.status.stage() == Stage::Ready);
    html! {
        li class=[ready.then_some("bevan-scripts__ready")] {
            h3 { a href=(link(&format!("/prescriptions/{}", address(&one.id)))) { (heading(one)) } }
            @if let Some(place) = &one.pharmacy { p class="bevan-scripts__dose" { (place.name) } }
            ul class="bevan-scripts__items" {
                @for item in &one.items { li { span { (item.name) } (worded::tag(item.status)) } }
            }
        }
    }
}

fn request(one: &Request, link: Link<'_>) -> Markup {
    html! {
        li {
            h3 { a href=(link(&format!("/prescriptions/{}", address(&one.id)))) { (request_heading(one)) } }
            ul class="bevan-scripts__items" {
                @for line in &one.lines { li { span { (line.name) } (answer(&line.answer)) } }
            }
        }
    }
}

/// What became of a medicine, as a tag.
pub fn answer(answer: &RequestAnswer) -> Markup {
    let (words, colour) = match answer {
        RequestAnswer::Waiting => (say("prescriptions-answer-waiting"), Colour::Yellow),
        RequestAnswer::Approved => (say("prescriptions-answer-approved"), Colour::Green),
        RequestAnswer::Refused(_) => (say("prescriptions-answer-refused"), Colour::Orange),
    };
    html! { (Tag::new(words, colour)) }
}

fn repeat(one: &Repeat) -> Markup {
    let class = if one.not_now.is_none() { "bevan-scripts__ready" } else { "bevan-scripts__stopped" };
    html! {
        li class=(class) {
            h3 { (one.name) }
            @if let Some(dose) = &one.dose { p class="bevan-scripts__dose" { (dose) } }
            p {
                @match &one.not_now {
                    None => (Tag::new(say("prescriptions-now"), Colour::Green)),
                    Some(_) => (Tag::new(say("prescriptions-not-now"), Colour::Grey)),
                }
            }
            @if let Some(reason) = &one.not_now { p { (worded::why(reason)) } }
            p class="bevan-scripts__dose" { (facts(one)) }
        }
    }
}

/// The small print of a repeat, in one line.
fn facts(one: &Repeat) -> String {
    let issued = one.issued_on.map(|on| fill("prescriptions-last", &[("day", wording::day(on).into())]));
    let quantity =
        one.quantity.as_deref().map(|words| fill("prescriptions-quantity", &[("quantity", words.into())]));
    let left = one.left.map(|left| fill("prescriptions-left", &[("count", left.max(0).into())]));
    [issued, quantity, left].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The first page of an order.
pub async fn start(_state: &State, visit: &Visit) -> Outcome {
    Answer::page(start_page(&|path| visit.link(path)))
}

/// Prints the first page of an order.
pub fn start_page(link: Link<'_>) -> Document {
    let steps = [
        say("prescriptions-start-choose"),
        say("prescriptions-start-check"),
        say("prescriptions-start-send"),
        say("prescriptions-start-track"),
    ];
    let body = html! {
        (back_link(say("prescriptions-back"), &link("/prescriptions")))
        h1 { (say("prescriptions-order")) }
        h2 class="nhsuk-heading-m" { (say("prescriptions-start-before")) }
        ol class="nhsuk-list nhsuk-list--number" { @for step in steps { li { (step) } } }
        (worded::run_out())
        (Button { href: Some(link("/prescriptions/request/medicines")), ..Button::new(say("prescriptions-start-now")) })
    };
    Document::new(say("prescriptions-order"), body)
}
