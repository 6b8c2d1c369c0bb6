//! Finding a service by postcode or place name, its opening times, and neighbourhood health centres. For anybody, without signing
//! in and without the location of a device. Where somebody looks is in the address only; it is not kept.

mod centre;
mod opening;
mod results;
mod search;
mod service;
pub mod words;

use crate::route::{Route, Who, ready};
use crate::words::{fill, say};
use care::services::{Directory, Service};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// The addresses of this area.
pub const ROUTES: &[Route] = &[
    Route::get("/services", Who::Anyone, |_, visit| ready(search::search(visit))),
    Route::get("/services/results", Who::Anyone, |state, visit| Box::pin(results::results(state, visit))),
    Route::get("/services/{id}", Who::Anyone, |state, visit| Box::pin(service::service(state, visit))),
    Route::get("/neighbourhood/{id}", Who::Anyone, |state, visit| Box::pin(centre::centre(state, visit))),
];

/// A directory older than this is shown with its age.
const STALE: SignedDuration = SignedDuration::from_mins(10);

/// Says how old the list is, when it could not be read lately.
fn stale(directory: &Directory, now: Timestamp) -> Markup {
    html! {
        @if now.duration_since(directory.read_at) > STALE {
            div class="bevan-answer bevan-answer--failed" {
                p { (fill("services-stale", &[("time", crate::wording::moment(directory.read_at).into())])) }
            }
        }
    }
}

/// The address in one line.
fn address_line(service: &Service) -> Option<String> {
    let address = service.address.as_ref()?;
    let parts =
        address.lines.iter().map(String::as_str).chain([address.town.as_str(), address.postcode.as_str()]);
    Some(parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

/// The page of a service: that of the centre for a neighbourhood health centre.
fn page_of(service: &Service) -> String {
    let part = |id: &str| crate::pages::address(id);
    match (&service.kind, &service.location) {
        (care::services::Kind::NeighbourhoodHealthCentre, Some(place)) => {
            format!("/neighbourhood/{}", part(place))
        }
        _ => format!("/services/{}", part(&service.id)),
    }
}

/// What is said under every opening time.
fn call_first() -> Markup {
    html! { p class="bevan-small" { (say("services-call-first")) } }
}
