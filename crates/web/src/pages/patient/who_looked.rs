//! Who looked at my record: who, in which role, for which organisation, when, at what and why. Newest first.

use super::entries::entries;
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use care::access_log::{AccessLog, Look, Reason, What};
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn who_looked(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let log = state.care.access_log(&visit.actor_for(&patient)?, &patient, visit.page()).await?;
    Ok(Answer::Page(Box::new(who_looked_page(&log))))
}

/// Prints the page.
pub fn who_looked_page(log: &AccessLog) -> Document {
    let body = html! {
        h1 { "Who looked at my record" }
        p { "Every look at your record is written down before anything is shown. The newest is first." }
        (section(Reader::Patient, &log.looks, "Nobody has looked at your record yet.", |all| {
            entries(all, |one| look(one, log.read_at))
        }))
        p { "If you do not know why somebody looked, ask the organisation. It must tell you." }
    };
    Document::new("Who looked at my record", body).under(&[("Home", "/home")])
}

fn look(one: &Look, now: Timestamp) -> Markup {
    let who = if one.own { "You" } else { one.who.as_deref().unwrap_or("Name withheld for staff safety") };
    let did = match one.what {
        What::Looked => "Looked at",
        What::Searched => "Found in a search",
        What::Changed => "Changed or added to",
        What::Removed => "Removed from",
    };
    html! {
        h2 { (who) }
        @if !one.own { p { (one.role) @if !one.organisation.is_empty() { ", " (one.organisation) } } }
        p { (wording::moment(one.at)) " (" (wording::ago(one.at, now)) ")" }
        p { (did) ": " @if one.parts.is_empty() { "your record" } @else { (one.parts.join(", ")) } }
        @match &one.reason {
            Reason::Care => { p { "Why: to care for you" } },
            Reason::Emergency(words) => {
                p { strong class="bevan-flag bevan-flag--alarm" { "Emergency access" } }
                p { "Why: " (words) }
            },
            Reason::PatientRequest => { @if !one.own { p { "Why: you asked" } } },
            Reason::Operations => { p { "Why: to run the service" } },
            Reason::Other(words) => { p { "Why: " (words) } },
        }
    }
}
