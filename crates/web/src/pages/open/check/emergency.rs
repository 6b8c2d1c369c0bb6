//! The emergency card: at most one page behind the first screen, for every red flag of it, and without any question more.

use super::outcome::card;
use super::{about, label, trail};
use crate::component::{CardHeading, CareCard, Size, Urgency, action_link, inset_text};
use crate::layout::{Document, phone_link};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say, weave};
use care::triage::{Place, Urgent};
use maud::{Markup, html};

/// The page: for the sign in the address, otherwise for all of them.
pub fn emergency(state: &State, visit: &Visit) -> Outcome {
    let answers = trail::read(&visit.query);
    let walk = state.pathways.walk(&answers);
    let sign = match &answers.urgent {
        Some(Urgent::Sign(code)) => state.pathways.flags().iter().find(|flag| flag.sign.code() == code),
        _ => None,
    };
    let back = trail::at("/check", &answers);
    let (Some(flag), Place::Outcome(outcome)) = (sign, &walk.place) else {
        return Answer::page(every_sign(state, &back));
    };
    let said = visit.query.get("said").is_some();
    let body = html! {
        (label(state))
        h1 { (outcome.title) }
        @if said {
            (inset_text(&fill("check-heard-sign", &[("sign", flag.text.as_str().into())]).into()))
        }
        (card(outcome))
        p { (not_this(&back)) }
        (about(state.pathways.set()))
    };
    Answer::page(Document::new(&outcome.title, body).after(&back))
}

/// When no sign is named: all of them on one card.
fn every_sign(state: &State, back: &str) -> Document {
    let inside = html! {
        ul { @for flag in state.pathways.flags() { li { (flag.text) } } }
        p class="bevan-dial" { (action_link(&say("check-emergency-call").into(), "tel:999", true)) }
        p { (weave("check-emergency-mind", &[
            ("number", phone_link("111")),
            ("samaritans", phone_link("116 123")),
        ])) }
        p { (say("check-emergency-text")) }
    };
    let heading = CardHeading::new(say("check-emergency-if"), Some(Size::M));
    let body = html! {
        (label(state))
        h1 { (say("check-emergency-heading")) }
        (CareCard { urgency: Urgency::Emergency, heading, inside })
        p { (not_this("/check")) }
    };
    Document::new(say("check-emergency-heading"), body).after(back)
}

/// The way on for somebody to whom none of this is happening.
fn not_this(back: &str) -> Markup {
    let back = html! { a href=(back) { (say("check-emergency-back")) } };
    weave("check-emergency-not", &[("back", back)])
}
