//! One report: what happens next first, then each value with what it is about, then who did what.

use super::{flag, meaning, source, value};
use crate::component::{SummaryList, SummaryRow};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome as Answered, Visit};
use crate::wording;
use crate::words::{fill, say, weave};
use care::record::{Measurement, Stands};
use care::results::{Outcome, Review};
use maud::{Markup, Render, html};

/// The page.
pub async fn report(state: &State, visit: &Visit) -> Answered {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let outcome = state.care.result(&actor, &patient, visit.id()).await?;
    if let Err(problem) = state.care.result_seen(&actor, &patient, (&outcome, visit.now)).await {
        tracing::warn!(?problem, trace = %visit.trace, "that a result was opened was not noted");
    }
    Answer::page(report_page(&outcome, visit))
}

fn report_page(one: &Outcome, visit: &Visit) -> Document {
    let report = &one.report;
    let body = html! {
        h1 { (report.name) }
        @if let Some(plain) = &report.plain { p class="nhsuk-lede-text" { (wording::sentence(plain)) } }
        p class="bevan-small" {
            @if let Some(taken) = report.taken { (wording::when(taken)) ", " }
            (source(&one.source))
        }
        (meaning::notice(one))
        @if !report.measurements.is_empty() || report.unread > 0 {
            h2 class="nhsuk-heading-m" { (say("results-your-values")) }
            ul class="bevan-entries" {
                @for value in &report.measurements { li { (measured(value, visit)) } }
            }
        }
        @if let Some(words) = &report.conclusion {
            h2 class="nhsuk-heading-m" { (say("results-conclusion")) }
            p class="bevan-quote" { (words) }
        }
        h2 class="nhsuk-heading-m" { (say("results-next")) }
        @for step in &one.next { p { (meaning::next(*step)) } }
        h3 class="nhsuk-heading-s" { (say("results-whom")) }
        p { (whom(one)) }
        h2 class="nhsuk-heading-m" { (say("results-about")) }
        (facts(one))
    };
    let (home, all) = (visit.link("/home"), visit.link("/results"));
    Document::new(&report.name, body).under(&[(say("results-home"), &home), (say("results-heading"), &all)])
}

fn measured(one: &Measurement, visit: &Visit) -> Markup {
    html! {
        h3 { (one.name) }
        p class="bevan-value" {
            (value(&one.value))
            @if let Some(flag) = flag(one.stands) { " " (flag) }
        }
        @if one.stands != Stands::Missing {
            p class="bevan-small" {
                @match &one.range {
                    Some(range) => { (fill("results-range", &[("range", range.as_str().into())])) },
                    None => { (say("results-no-range")) },
                }
            }
        }
        (meaning::explained(one))
        @if let Some(id) = one.trend() {
            p {
                a href=(visit.link(&format!("/results/trend/{}", address(id)))) {
                    (fill("results-over-time", &[("name", one.name.as_str().into())]))
                }
            }
        }
    }
}

/// Whom to ask: the person where recorded, the organisation, its number, and what always works.
fn whom(one: &Outcome) -> Markup {
    let name = one.source.name.as_deref();
    html! {
        @match (&one.ask, name) {
            (Some(person), Some(name)) => {
                (fill("results-ask-both", &[("person", person.as_str().into()), ("place", name.into())]))
            },
            (Some(person), None) => { (fill("results-ask-one", &[("who", person.as_str().into())])) },
            (None, Some(name)) => { (fill("results-ask-one", &[("who", name.into())])) },
            (None, None) => { (say("results-ask-surgery")) },
        }
        @if let Some(phone) = &one.source.phone {
            " "
            (weave("results-call", &[("phone", html! { a href={ "tel:" (phone.replace(' ', "")) } { (phone) } })]))
        }
    }
}

fn facts(one: &Outcome) -> Markup {
    let report = &one.report;
    let mut rows = vec![SummaryRow::new(say("results-fact-from"), source(&one.source))];
    if let Some(taken) = report.taken {
        rows.push(SummaryRow::new(say("results-fact-taken"), wording::when(taken).as_str()));
    }
    if let Some(issued) = report.issued_at {
        rows.push(SummaryRow::new(say("results-fact-issued"), wording::moment(issued).as_str()));
    }
    let review = match &one.review {
        Review::Done(Some(name)) => fill("results-review-by", &[("name", name.as_str().into())]),
        Review::Done(None) => say("results-review-done").to_owned(),
        Review::NotYet => say("results-review-not-yet").to_owned(),
        Review::Unstated => say("results-review-unstated").to_owned(),
    };
    rows.push(SummaryRow::new(say("results-fact-review"), review.as_str()));
    SummaryList::new(rows).render()
}
