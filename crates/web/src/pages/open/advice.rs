//! Pages on self-care and on living with a condition. The same for everybody; they need no record.

use crate::component::{Card, CardHeading, CareCard, Colour, Size, Tag, Urgency};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::open::services::words::one as kind_words;
use crate::route::{Route, Who, ready};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say, weave};
use care::advice::{Kind, Topic};
use maud::{Markup, Render, html};

/// The addresses of this area.
pub const ROUTES: &[Route] = &[
    Route::get("/self-care", Who::Anyone, |state, _| ready(list(state, Kind::SelfCare))),
    Route::get("/self-care/{id}", Who::Anyone, |state, visit| ready(topic(state, visit, Kind::SelfCare))),
    Route::get("/conditions", Who::Anyone, |state, _| ready(list(state, Kind::Condition))),
    Route::get("/conditions/{id}", Who::Anyone, |state, visit| ready(topic(state, visit, Kind::Condition))),
];

/// Heading, first words and address of a kind's list.
fn words(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::SelfCare => (say("advice-self-care"), say("advice-self-care-lede"), "/self-care"),
        Kind::Condition => (say("advice-conditions"), say("advice-conditions-lede"), "/conditions"),
    }
}

fn list(state: &State, kind: Kind) -> Outcome {
    let (heading, lede, path) = words(kind);
    let topics = state.advice.of(kind);
    let body = html! {
        (label(state))
        h1 { (heading) }
        p class="bevan-lede" { (lede) }
        @if topics.is_empty() {
            div class="bevan-answer" { p { (say("advice-none")) } }
        }
        ul class="bevan-cards" {
            @for topic in topics {
                li { (Card::link(&topic.title, &format!("{path}/{}", address(&topic.id)), topic.summary.as_str().into())) }
            }
        }
        p { (weave("advice-check", &[("check", html! { a href="/check" { (say("check-heading")) } })])) }
        (source(state))
    };
    Answer::page(Document::new(heading, body))
}

/// One page; an address that is no longer known leads to the list.
fn topic(state: &State, visit: &Visit, kind: Kind) -> Outcome {
    let (heading, _, path) = words(kind);
    let Some(topic) = state.advice.topic(visit.id()).filter(|topic| topic.kind == kind) else {
        return Answer::see(path);
    };
    let body = html! {
        (label(state))
        h1 { (topic.title) }
        p class="bevan-lede" { (topic.summary) }
        (sections(topic))
        (CareCard {
            urgency: Urgency::Urgent,
            heading: CardHeading::new(say("advice-help"), Some(Size::M)),
            inside: html! { ul { @for line in &topic.worse { li { (line) } } } },
        })
        @if !topic.services.is_empty() {
            h2 class="nhsuk-heading-m" { (say("advice-services")) }
            ul class="bevan-links" {
                @for kind in &topic.services {
                    li {
                        a href={ "/services?type=" (kind.code()) } {
                            (fill("advice-find", &[("kind", kind_words(*kind).into())]))
                        }
                    }
                }
            }
        }
        p class="bevan-small" {
            (fill("advice-reviewed", &[("reviewed", day(&topic.reviewed).into()), ("next", day(&topic.next_review).into())]))
        }
        (source(state))
    };
    Answer::page(Document::new(&topic.title, body).under(&[(heading, path)]))
}

fn sections(topic: &Topic) -> Markup {
    html! {
        @for section in &topic.sections {
            h2 class="nhsuk-heading-m" { (section.heading) }
            @for text in &section.text { p { (text) } }
            @if !section.list.is_empty() {
                ul { @for line in &section.list { li { (line) } } }
            }
        }
    }
}

fn label(state: &State) -> Markup {
    html! {
        @if state.advice.about().demonstration {
            p class="bevan-demo-label" {
                (Tag::new(say("advice-demonstration"), Colour::Yellow).render()) " " (say("advice-not-for-care"))
            }
        }
    }
}

fn source(state: &State) -> Markup {
    let about = state.advice.about();
    html! {
        p class="bevan-small" {
            (fill("advice-source", &[("source", about.source.as_str().into()), ("version", about.version.as_str().into())]))
        }
    }
}

fn day(date: &str) -> String {
    date.parse().map_or_else(|_| date.to_owned(), crate::wording::day)
}
