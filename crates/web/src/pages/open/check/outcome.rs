//! What to do: how soon, where, what would make it worse, and which other ways there are. Never what somebody has.

use super::{about, label, trail};
use crate::component::{
    Action, Button, CardHeading, CareCard, Size, SummaryList, SummaryRow, Urgency, action_link, inset_text,
};
use crate::layout::Document;
use crate::pages::open::services::words::one as kind_words;
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome as Answered, Visit};
use crate::words::{fill, say};
use care::triage::{Answers, Card, Outcome, Place, Urgent, Walk};
use maud::{Markup, html};

/// The page. An address whose answers lead elsewhere leads there: nothing in an address makes an outcome lower.
pub fn outcome(state: &State, visit: &Visit) -> Answered {
    let answers = trail::read(&visit.query);
    // A kept address of an outcome that the set no longer has leads to the start.
    let Some(asked) = state.pathways.outcome(visit.id()) else { return Answer::see("/check") };
    let walk = state.pathways.walk(&answers);
    let unanswered = answers == Answers::default();
    let by_answers = matches!(walk.place, Place::Outcome(end) if end.id == asked.id);
    if !unanswered && (!by_answers || matches!(answers.urgent, Some(Urgent::Sign(_)))) {
        return Answer::see(trail::onward(&walk, &answers));
    }
    let back = match walk.given.last().zip(walk.topic) {
        Some((last, topic)) => trail::step(&topic.id, &last.step.id, &answers),
        None if walk.topic.is_some() => trail::at("/check/topic", &answers),
        None => trail::at("/check", &answers),
    };
    let body = html! {
        (label(state))
        h1 { (asked.title) }
        @if unanswered {
            (inset_text(&crate::component::Content::Html(html! {
                p { (say("check-outcome-unanswered")) " " a href="/check" { (say("check-outcome-start")) } }
            })))
        }
        (card(asked))
        (next(state, asked))
        @if !unanswered { (given(&walk, &answers)) }
        (about(state.pathways.set()))
    };
    Answer::page(Document::new(&asked.title, body).after(&back))
}

/// The card, what to do meanwhile, what would make it worse, and other ways.
pub(super) fn card(outcome: &Outcome) -> Markup {
    let urgency = match outcome.group.card() {
        Card::Emergency => Urgency::Emergency,
        Card::Urgent => Urgency::Urgent,
        Card::NonUrgent => Urgency::NonUrgent,
    };
    let list = |lines: &[String]| html! { ul { @for line in lines { li { (line) } } } };
    let inside = html! {
        p { (outcome.what) }
        @for call in &outcome.calls {
            p class="bevan-dial" {
                (action_link(&call.words.as_str().into(), &format!("tel:{}", call.number), urgency == Urgency::Emergency))
            }
        }
        dl class="bevan-facts" {
            div { dt { (say("check-soon")) } dd { (outcome.soon) } }
            div { dt { (say("check-place")) } dd { (outcome.place) } }
        }
    };
    let worse = CareCard {
        urgency: if urgency == Urgency::Emergency { Urgency::Emergency } else { Urgency::Urgent },
        heading: CardHeading::new(say("check-worse"), Some(Size::M)),
        inside: list(&outcome.worse),
    };
    html! {
        (CareCard { urgency, heading: CardHeading::new(say("check-do"), Some(Size::M)), inside })
        @if !outcome.meanwhile.is_empty() {
            h2 class="nhsuk-heading-m" { (say("check-meanwhile")) }
            (list(&outcome.meanwhile))
        }
        (worse)
        h2 class="nhsuk-heading-m" { (say("check-ways")) }
        (list(&outcome.other_ways))
    }
}

/// What can be done here: a service near, booking, ordering, reading about self-care.
fn next(state: &State, outcome: &Outcome) -> Markup {
    let advice: Vec<_> = outcome.advice.iter().filter_map(|id| state.advice.topic(id)).collect();
    let book = Some("/appointments/book").filter(|path| outcome.book && exists(path));
    let order = Some("/prescriptions/request").filter(|path| outcome.order_medicine && exists(path));
    html! {
        @if !outcome.services.is_empty() || !advice.is_empty() || book.is_some() || order.is_some() {
            h2 class="nhsuk-heading-m" { (say("check-next")) }
            @if let Some(path) = book {
                (Button { href: Some(path.to_owned()), ..Button::new(say("check-book")) })
            }
            @if let Some(path) = order {
                (Button { href: Some(path.to_owned()), ..Button::new(say("check-order")) })
            }
            ul class="bevan-links" {
                @for kind in &outcome.services {
                    li {
                        a href={ "/services?type=" (kind.code()) } {
                            (fill("check-find", &[("kind", kind_words(*kind).into())]))
                        }
                    }
                }
                @for topic in advice {
                    li { a href={ "/self-care/" (crate::pages::address(&topic.id)) } { (topic.title) } }
                }
            }
        }
    }
}

/// What was answered on the way, each with a way back to it.
fn given(walk: &Walk<'_>, answers: &Answers) -> Markup {
    let action = |href: String, what: &str| Action {
        text: say("check-change").to_owned(),
        href,
        hidden: Some(what.to_owned()),
    };
    let mut rows = Vec::new();
    if let Some(topic) = walk.topic {
        rows.push(SummaryRow {
            actions: vec![action(trail::at("/check/topic", answers), say("check-topic-question"))],
            ..SummaryRow::new(say("check-topic-question"), topic.title.as_str())
        });
        for one in &walk.given {
            let mut said: Vec<&str> = one.answers.iter().map(|answer| answer.text.as_str()).collect();
            if one.unsure {
                said.push(say("check-unsure"));
            }
            if said.is_empty() {
                said.push(say("check-none"));
            }
            let href = trail::step(&topic.id, &one.step.id, answers);
            rows.push(SummaryRow {
                actions: vec![action(href, &one.step.question)],
                ..SummaryRow::new(&one.step.question, said.join("; ").as_str())
            });
        }
    }
    html! {
        @if !rows.is_empty() {
            h2 class="nhsuk-heading-m" { (say("check-answers")) }
            (SummaryList::new(rows))
        }
        (Button { href: Some("/check".to_owned()), ..Button::secondary(say("check-again")) })
    }
}
