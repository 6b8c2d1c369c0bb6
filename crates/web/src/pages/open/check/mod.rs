//! Where to go now: the red-flag screen, who needs help, what the problem is, a few questions, and what to do. For anybody,
//! without signing in, and without the record: it answers when the database does not.
//!
//! Answers stand in the address as codes of the set of pathways, so a page can be reloaded, kept and gone back to
//! without scripts and nothing is kept on the server. Nothing in them says who somebody is. What somebody writes in their own
//! words is sent in a form, read once, and forgotten: it never stands in an address or a log.

mod emergency;
mod outcome;
mod questions;
mod topic;
mod trail;

use crate::component::{Colour, Content, Tag, warning_callout};
use crate::layout::phone_link;
use crate::route::{Route, Who, ready};
use crate::state::State;
use crate::words::{fill, say};
use care::triage::Set;
use maud::{Markup, Render, html};

/// The addresses of this area.
pub const ROUTES: &[Route] = &[
    Route::get("/check", Who::Anyone, |state, visit| ready(questions::urgent(state, visit))),
    Route::get("/check/emergency", Who::Anyone, |state, visit| ready(emergency::emergency(state, visit))),
    Route::get("/check/who", Who::Anyone, |state, visit| ready(questions::who(state, visit))),
    Route::get("/check/topic", Who::Anyone, |state, visit| ready(topic::topic(state, visit))),
    Route::post("/check/topic", Who::Anyone, |state, visit| ready(topic::own_words(state, visit))),
    Route::get("/check/outcome/{id}", Who::Anyone, |state, visit| ready(outcome::outcome(state, visit))),
    Route::get("/check/{topic}/{step}", Who::Anyone, |state, visit| ready(questions::step(state, visit))),
];

/// What says above the heading that a set is a demonstration.
fn label(state: &State) -> Markup {
    let set = state.pathways.set();
    html! {
        @if set.demonstration && state.settings.demo.is_none() {
            (warning_callout(say("check-unapproved"), html! { p { (say("check-unapproved-why")) } }.into()))
        } @else if set.demonstration {
            p class="bevan-demo-label" {
                (Tag::new(say("check-demonstration"), Colour::Yellow).render())
                " " (say("check-not-for-care"))
            }
        }
    }
}

/// Which set asked, for whoever wants to know.
fn about(set: &Set) -> Markup {
    html! {
        p class="bevan-small" {
            (fill("check-set", &[
                ("title", set.title.as_str().into()),
                ("version", set.version.as_str().into()),
                ("reviewed", reviewed(&set.reviewed).into()),
                ("source", set.source.as_str().into()),
            ]))
        }
    }
}

/// The day of review as pages write days.
fn reviewed(date: &str) -> String {
    date.parse().map_or_else(|_| date.to_owned(), crate::wording::day)
}

/// The way out that stands on every question.
fn worried() -> Content {
    Content::Html(crate::words::weave(
        "check-worried",
        &[("emergency", phone_link("999")), ("advice", phone_link("111"))],
    ))
}
