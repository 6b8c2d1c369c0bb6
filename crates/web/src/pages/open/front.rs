//! The front page: help that is urgent first, then what can be done here, with and without signing in.

use crate::component::{Button, Content, action_link};
use crate::layout::Document;
use crate::pages::service::{self, Service, cards};
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use maud::html;

/// The page.
pub fn front(visit: &Visit) -> Outcome {
    Answer::page(front_page(visit.session.is_some()))
}

/// What can be done here: without signing in first and last, with signing in between.
const SERVICES: [Service; 6] = [
    Service {
        name: "front-check",
        words: "front-check-words",
        places: &["/check"],
        instead: Some("front-check-instead"),
    },
    service::PRESCRIPTIONS,
    service::APPOINTMENTS,
    service::RESULTS,
    Service { name: "front-record", words: "front-record-words", places: &["/record"], instead: None },
    Service {
        name: "front-find",
        words: "front-find-words",
        places: &["/services"],
        instead: Some("front-find-instead"),
    },
];

/// Prints the page.
pub fn front_page(signed_in: bool) -> Document {
    let body = html! {
        section class="bevan-urgent" aria-label=(say("front-urgent-heading")) {
            (action_link(&Content::from(say("front-urgent")), "/urgent", true))
            p { (say("front-urgent-words")) }
        }
        h1 { (say("front-heading")) }
        @if !signed_in {
            p class="bevan-lede" { (say("front-lede")) }
            (Button { href: Some("/sign-in".to_owned()), ..Button::new(say("front-sign-in")) })
        }
        h2 class="nhsuk-heading-m" { (say("front-services")) }
        (cards(&SERVICES, str::to_owned))
    };
    Document::new(say("front-heading"), body)
}
