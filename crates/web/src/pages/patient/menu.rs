//! Your record: the way to each of its parts.

use crate::component::Card;
use crate::layout::Document;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use maud::html;

/// The page.
pub fn menu(visit: &Visit) -> Outcome {
    let parts = [
        (say("record-allergies"), "/record/allergies", say("record-allergies-about")),
        (say("record-conditions"), "/record/conditions", say("record-conditions-about")),
        (say("record-medicines"), "/record/medicines", say("record-medicines-about")),
        (say("results-heading"), "/results", say("record-results-about")),
        (say("record-scans"), "/record/scans", say("record-scans-about")),
        (say("record-vaccinations"), "/record/vaccinations", say("record-vaccinations-about")),
        (say("record-documents"), "/record/documents", say("record-documents-about")),
        (say("record-visits"), "/record/visits", say("record-visits-about")),
        (say("record-timeline"), "/record/timeline", say("record-timeline-about")),
    ];
    let heading = say("record-heading");
    let body = html! {
        h1 { (heading) }
        p { (say("record-intro")) }
        ul class="bevan-cards" {
            @for (name, path, about) in parts { li { (Card::link(name, &visit.link(path), about.into())) } }
        }
        p { (say("record-wrong")) }
        ul class="bevan-links" {
            li { a href=(visit.link("/record/download")) { (say("record-download")) } }
            // Who looked is for the person alone.
            @if visit.acting.is_none() { li { a href="/profile/who-looked" { (say("record-who-looked")) } } }
        }
    };
    let home = visit.link("/home");
    Answer::page(Document::new(heading, body).under(&[(say("record-home"), &home)]))
}
