//! Who looked at my record: who, in which role, for which organisation, when, at what and why, and what came of the review
//! after a look in an emergency. Newest first.

use super::entries::entries;
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::access_log::{AccessLog, Look, Reason, Review, What};
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn who_looked(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let log = state.care.access_log(&visit.actor_for(&patient)?, &patient, visit.page()).await?;
    Answer::page(who_looked_page(&log, visit))
}

fn who_looked_page(log: &AccessLog, visit: &Visit) -> Document {
    let heading = say("record-who-looked");
    let body = html! {
        h1 { (heading) }
        p { (say("record-look-intro")) }
        (section(Reader::Patient, &log.looks, say("record-look-empty"), |all| {
            entries(all, |one| look(one, log.read_at))
        }))
        p { (say("record-look-ask")) }
    };
    let home = visit.link("/home");
    Document::new(heading, body).under(&[(say("record-home"), &home)])
}

fn look(one: &Look, now: Timestamp) -> Markup {
    let who = if one.own {
        say("record-look-you")
    } else {
        one.who.as_deref().unwrap_or(say("record-look-withheld"))
    };
    let parts = if one.parts.is_empty() { say("record-look-all").to_owned() } else { one.parts.join(", ") };
    let behalf = matches!(one.reason, Reason::OnBehalf(_));
    let did = match one.what {
        What::Changed if behalf => fill("record-look-did", &[("parts", parts.into())]),
        What::Looked => fill("record-look-read", &[("parts", parts.into())]),
        What::Searched => fill("record-look-searched", &[("parts", parts.into())]),
        What::Changed => fill("record-look-changed", &[("parts", parts.into())]),
        What::Removed => fill("record-look-removed", &[("parts", parts.into())]),
    };
    html! {
        h2 { (who) }
        @if !one.own { p { (one.role) @if !one.organisation.is_empty() { ", " (one.organisation) } } }
        p { (wording::moment(one.at)) " (" (wording::ago(one.at, now)) ")" }
        p { (did) }
        @match &one.reason {
            Reason::Care => { p { (say("record-look-care")) } },
            Reason::Emergency(words) => {
                p { strong class="bevan-flag bevan-flag--alarm" { (say("record-look-emergency")) } }
                @if !words.is_empty() { p { (fill("record-look-why", &[("why", words.as_str().into())])) } }
            },
            Reason::OnBehalf(asked) => {
                p { strong class="bevan-flag" { (say("record-look-behalf")) } }
                p {
                    (match asked.as_str() {
                        "phone" => say("record-look-behalf-phone"),
                        "in-person" => say("record-look-behalf-here"),
                        "writing" => say("record-look-behalf-writing"),
                        _ => say("record-look-behalf-carer"),
                    })
                }
            },
            Reason::PatientRequest => { @if !one.own { p { (say("record-look-asked")) } } },
            Reason::Operations => { p { (say("record-look-operations")) } },
            Reason::Other(words) => { p { (fill("record-look-why", &[("why", words.as_str().into())])) } },
        }
        @match &one.review {
            None => {},
            Some(Review::Waiting) => { p { (say("record-look-review-waiting")) } },
            Some(Review::Asked { words, at }) => {
                p {
                    (fill("record-look-review-asked", &[
                        ("date", wording::when_day(care::view::When::Instant(*at)).into()),
                        ("outcome", words.as_str().into()),
                    ]))
                }
            },
            Some(Review::Done { outcome, at }) => {
                p {
                    (fill("record-look-review-done", &[
                        ("date", wording::when_day(care::view::When::Instant(*at)).into()),
                        ("outcome", outcome.as_str().into()),
                    ]))
                }
            },
        }
    }
}
