//! The front page: help that is urgent first, then what can be done here, with and without signing in.

use crate::component::{Button, Content, action_link};
use crate::layout::Document;
use crate::pages::service::{Service, cards};
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use maud::html;

/// The page.
pub fn front(visit: &Visit) -> Outcome {
    Answer::page(front_page(visit.session.is_some()))
}

const OPEN: [Service; 2] = [
    Service {
        name: "front-check",
        words: "front-check-words",
        places: &["/check"],
        instead: Some("front-check-instead"),
    },
    Service {
        name: "front-find",
        words: "front-find-words",
        places: &["/services"],
        instead: Some("front-find-instead"),
    },
];

const OWN: [Service; 4] = [
    Service {
        name: "home-prescriptions",
        words: "home-prescriptions-words",
        places: &["/prescriptions"],
        instead: Some("home-prescriptions-instead"),
    },
    Service {
        name: "home-appointments",
        words: "home-appointments-words",
        places: &["/appointments"],
        instead: Some("home-appointments-instead"),
    },
    Service { name: "home-results", words: "home-results-words", places: &["/results"], instead: None },
    Service { name: "front-record", words: "front-record-words", places: &["/record"], instead: None },
];

/// Prints the page.
pub fn front_page(signed_in: bool) -> Document {
    let [check, find] = OPEN;
    let [prescriptions, appointments, results, record] = OWN;
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
        (cards(&[check, prescriptions, appointments, results, record, find], str::to_owned))
    };
    Document::new(say("front-heading"), body)
}
