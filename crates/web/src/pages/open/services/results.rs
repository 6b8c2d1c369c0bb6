//! The services near a place, nearest first.

use super::search::{Asked, form, search_page};
use super::words::many;
use super::{address_line, call_first, opening, page_of, stale};
use crate::layout::Document;
use crate::layout::phone_link;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say};
use care::services::{Found, Hit, Kind, Near, Settlement};
use jiff::Timestamp;
use maud::{Markup, html};

/// A list is never longer: the nearest are what people want.
const HITS_MAX: usize = 20;

/// The page.
pub async fn results(state: &State, visit: &Visit) -> Outcome {
    if visit.query.get("near").is_none() {
        return Answer::see("/services");
    }
    let written = visit.query.text("near");
    let kind = visit.query.get("type").and_then(Kind::of);
    let asked = Asked { near: written, kind, open: visit.query.get("open").is_some() };
    let Some(near) = Near::parse(written) else {
        return Answer::refused(search_page(&asked, Some(say("services-near-error"))));
    };
    let directory = state.care.directory(&visit.trace).await?;
    let (heading, body) = match directory.find(&near, kind) {
        Found::Nowhere => {
            return Answer::refused(search_page(&asked, Some(say("services-nowhere"))));
        }
        Found::Several(places) => (say("services-several").to_owned(), several(&places, &asked)),
        Found::Near(place, mut hits) => {
            if asked.open {
                hits.retain(|hit| opening::may_be_open(hit.service, visit.now));
            }
            hits.truncate(HITS_MAX);
            let values = [("kind", many(kind).into()), ("place", place.name.as_str().into())];
            let heading = fill("services-results", &values);
            let body = html! {
                (stale(&directory, visit.now))
                (list(&hits, &asked, visit.now))
                h2 class="nhsuk-heading-m" { (say("services-again")) }
                (form(&asked, None))
            };
            (heading, body)
        }
    };
    let body = html! { h1 { (heading) } (body) };
    Answer::page(Document::new(&heading, body).under(&[(say("services-heading"), "/services")]))
}

fn several(places: &[&Settlement], asked: &Asked<'_>) -> Markup {
    let href = |place: &Settlement| {
        let kind = asked.kind.map_or("", Kind::code);
        let open = if asked.open { "&open=now" } else { "" };
        format!("/services/results?near={}&type={kind}{open}", crate::pages::address(&place.name))
    };
    html! {
        ul class="bevan-links" {
            @for place in places { li { a href=(href(place)) { (place.name) } } }
        }
    }
}

fn list(hits: &[Hit<'_>], asked: &Asked<'_>, now: Timestamp) -> Markup {
    if hits.is_empty() {
        return html! { div class="bevan-answer" { p { (say("services-none")) } } };
    }
    html! {
        p { (say("services-order")) }
        ol class="bevan-entries" { @for hit in hits { li { (entry(hit, asked, now)) } } }
        (call_first())
    }
}

fn entry(hit: &Hit<'_>, asked: &Asked<'_>, now: Timestamp) -> Markup {
    let service = hit.service;
    html! {
        h2 { a href=(page_of(service)) { (service.name) } }
        (opening::state(service, now))
        @if let Some(words) = service.called.as_ref().filter(|_| asked.kind.is_none()) { p class="bevan-small" { (words) } }
        p {
            @if let Some(line) = address_line(service) { (line) } @else { (say("services-no-address")) }
            @if let Some(miles) = hit.miles { " (" (distance(miles)) ")" }
        }
        @if let Some(phone) = &service.phone { p { (say("services-phone")) " " (phone_link(phone)) } }
    }
}

/// Whole miles: the middle of a postcode area is no front door.
fn distance(miles: f64) -> String {
    if miles < 1.0 {
        return say("services-near-by").to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "no two places on earth are 13,000 miles apart")]
    let whole = miles.round() as i64;
    fill("services-miles", &[("miles", whole.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_whole_miles() {
        assert_eq!(distance(0.4), "less than 1 mile");
        assert_eq!(distance(1.2), "about 1 mile");
        assert_eq!(distance(2.5), "about 3 miles");
    }
}
