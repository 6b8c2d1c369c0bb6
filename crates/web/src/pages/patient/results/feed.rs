//! Test results: one feed across surgeries, hospitals and mental health, newest first. What is missing, and what nobody has
//! looked at yet, is said here already and not only on the report's own page.

use super::super::entries::entries;
use super::value::in_a_line;
use super::{meaning, source};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome as Answered, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::record::Stands;
use care::results::{Feed, Outcome};
use maud::{Markup, html};

/// The page.
pub async fn feed(state: &State, visit: &Visit) -> Answered {
    let patient = visit.patient_id()?.to_owned();
    let feed = state.care.results(&visit.actor_for(&patient)?, &patient, visit.page()).await?;
    Answer::page(feed_page(&feed, visit))
}

fn feed_page(feed: &Feed, visit: &Visit) -> Document {
    let heading = say("results-heading");
    let body = html! {
        h1 { (heading) }
        p { (say("results-intro")) }
        (section(Reader::Patient, &feed.results, say("results-empty"), |all| {
            entries(all, |one| entry(one, visit))
        }))
        p { (say("results-not-here")) }
    };
    let (home, record) = (visit.link("/home"), visit.link("/record"));
    Document::new(heading, body).under(&[(say("results-home"), &home), (say("results-record"), &record)])
}

fn entry(one: &Outcome, visit: &Visit) -> Markup {
    let taken = one.report.taken.map(wording::when_day);
    html! {
        h2 {
            a href=(visit.link(&format!("/results/{}", address(&one.report.id)))) {
                (one.report.name)
                @if let Some(taken) = &taken { span class="nhsuk-u-visually-hidden" { ", " (taken) } }
            }
        }
        p class="bevan-small" {
            @if let Some(taken) = &taken { (taken) ", " }
            (source(&one.source))
        }
        (summary(one))
        @if let Some(words) = meaning::state(one.report.state) { p { strong { (words) } } }
        (meaning::missing(one))
        @if meaning::is_unreviewed(one) {
            p { strong class="bevan-flag bevan-flag--warn" { (say("results-not-reviewed")) } }
        }
    }
}

/// The value where there is one, else how many stand where.
fn summary(one: &Outcome) -> Markup {
    let all = &one.report.measurements;
    if let [only] = all.as_slice() {
        return html! { p { (in_a_line(only)) } };
    }
    let outside: Vec<&str> = one.outside().map(|value| value.name.as_str()).collect();
    // What is missing is told beside them, and is none of the values that came.
    let came = all.iter().filter(|one| one.stands != Stands::Missing).count();
    let count = i64::try_from(came).unwrap_or(i64::MAX);
    let number = i64::try_from(outside.len()).unwrap_or(i64::MAX);
    html! {
        @if came == 0 {
        } @else if outside.is_empty() {
            p { (fill("results-count", &[("count", count.into())])) }
        } @else {
            p {
                (fill("results-count-outside", &[("count", count.into()), ("outside", number.into())]))
                " " strong { (outside.join(", ")) } "."
            }
        }
    }
}
