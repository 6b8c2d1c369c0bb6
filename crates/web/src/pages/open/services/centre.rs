//! A neighbourhood health centre: its reception, and every service under its roof with its own opening times.

use super::service::{changed, facts};
use super::{call_first, opening, page_of, stale};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::say;
use care::services::{Centre, Directory};
use jiff::Timestamp;
use maud::html;

/// The page.
pub async fn centre(state: &State, visit: &Visit) -> Outcome {
    let directory = state.care.directory(&visit.trace).await?;
    let centre = directory.centre(visit.id()).ok_or(Problem::NotFound)?;
    Answer::page(centre_page(&directory, &centre, visit.now))
}

/// Prints the page.
pub fn centre_page(directory: &Directory, centre: &Centre, now: Timestamp) -> Document {
    let body = html! {
        h1 { (centre.name) }
        (stale(directory, now))
        (opening::state(&centre.reception, now))
        @if let Some(words) = &centre.reception.about { p { (words) } }
        (facts(&centre.reception, None))
        h2 class="nhsuk-heading-m" { (say("services-here")) }
        @if centre.services.is_empty() {
            div class="bevan-answer" { p { (say("services-here-none")) } }
        } @else {
            ul class="bevan-entries" {
                @for service in &centre.services {
                    li {
                        h3 { a href=(page_of(service)) { (service.called.as_deref().unwrap_or(&service.name)) } }
                        (opening::state(service, now))
                        @if let Some(words) = &service.about { p { (words) } }
                    }
                }
            }
        }
        h2 class="nhsuk-heading-m" { (say("services-times-reception")) }
        (opening::week(&centre.reception, now))
        (call_first())
        (changed(&centre.reception))
    };
    Document::new(&centre.name, body).under(&[(say("services-heading"), "/services")])
}
