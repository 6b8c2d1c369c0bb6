//! One service: where it is, how to reach it, when it is open.

use super::{address_line, call_first, opening, page_of, stale};
use crate::component::{Button, Content, SummaryList, SummaryRow};
use crate::layout::{Document, phone_link};
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::{fill, say};
use care::services::{Directory, Kind, Service};
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn service(state: &State, visit: &Visit) -> Outcome {
    let directory = state.care.directory(&visit.trace).await?;
    let service = directory.service(visit.id()).ok_or(Problem::NotFound)?;
    Answer::page(service_page(&directory, service, visit.now))
}

/// Prints the page.
pub fn service_page(directory: &Directory, service: &Service, now: Timestamp) -> Document {
    let roof = directory.centre_of(service);
    let body = html! {
        h1 { (service.name) }
        (stale(directory, now))
        (opening::state(service, now))
        @if let Some(words) = &service.about { p { (words) } }
        (facts(service, roof))
        @if service.kind == Kind::Gp && exists("/appointments/book") {
            (Button { href: Some("/appointments/book".to_owned()), ..Button::new(say("services-book")) })
        }
        h2 class="nhsuk-heading-m" { (say("services-times")) }
        (opening::week(service, now))
        (call_first())
        (changed(service))
    };
    Document::new(&service.name, body).under(&[(say("services-heading"), "/services")])
}

/// Address, telephone, whether one needs an appointment, and the roof it is under.
pub fn facts(service: &Service, roof: Option<&Service>) -> Markup {
    let mut rows = Vec::new();
    let address = address_line(service).unwrap_or_else(|| say("services-no-address").to_owned());
    rows.push(SummaryRow::new(say("services-address"), address.as_str()));
    if let Some(roof) = roof {
        let link = html! { a href=(page_of(roof)) { (roof.name) } };
        rows.push(SummaryRow::new(say("services-roof"), Content::Html(link)));
    }
    let phone = match &service.phone {
        Some(phone) => Content::Html(phone_link(phone)),
        None => say("services-no-phone").into(),
    };
    rows.push(SummaryRow::new(say("services-telephone"), phone));
    if let Some(needed) = service.appointment {
        let words = if needed { say("services-appointment-yes") } else { say("services-appointment-no") };
        rows.push(SummaryRow::new(say("services-appointment"), words));
    }
    html! { (SummaryList::new(rows)) }
}

/// When the entry was last changed.
pub fn changed(service: &Service) -> Markup {
    html! {
        @if let Some(at) = service.changed_at {
            p class="bevan-small" {
                (fill("services-changed", &[("date", crate::wording::day(opening::date(at)).into())]))
            }
        }
    }
}
