//! A message as a letter, to be printed on A4.

use crate::component::inset_text;
use crate::layout::Document;
use crate::letters::sheet;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use care::profile::Format;
use maud::html;

/// The page.
pub async fn letter(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let letter = state.care.letter(&visit.actor_for(&patient)?, visit.id()).await?;
    let heading = say("messages-print");
    let large = letter.format == Format::LargePrint;
    let body = html! {
        h1 class="bevan-screen-only" { (heading) }
        div class="bevan-screen-only" { (inset_text(&say("messages-print-how").into())) }
        div class={ "bevan-letter" @if large { " bevan-letter--large" } } { (sheet(&letter)) }
    };
    Answer::page(Document::new(heading, body).after(&visit.link("/messages")))
}
