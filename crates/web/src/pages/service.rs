//! Cards that lead to the services of this site. A service that is not here says so and says what to do instead: no dead links.

use crate::component::Card;
use crate::routes::exists;
use crate::words::{fill, say};
use maud::{Markup, html};

/// A service.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The message that names it; the heading of the page it leads to.
    pub name: &'static str,
    /// The message that says what it is for.
    pub words: &'static str,
    /// Where it is: the first of these addresses that shows something.
    pub places: &'static [&'static str],
    /// The message that says what to do while it is not here.
    pub instead: Option<&'static str>,
}

/// Ordering and following medicines.
pub const PRESCRIPTIONS: Service = Service {
    name: "home-prescriptions",
    words: "home-prescriptions-words",
    places: &["/prescriptions"],
    instead: Some("home-prescriptions-instead"),
};

/// Appointments, referrals and waits.
pub const APPOINTMENTS: Service = Service {
    name: "home-appointments",
    words: "home-appointments-words",
    places: &["/appointments"],
    instead: Some("home-appointments-instead"),
};

/// Test results.
pub const RESULTS: Service =
    Service { name: "home-results", words: "home-results-words", places: &["/results"], instead: None };

/// Where a service is.
pub fn place(service: &Service) -> Option<&'static str> {
    service.places.iter().copied().find(|place| exists(place))
}

/// Prints services as cards; `link` makes an address of this reader out of an address of the site.
pub fn cards(services: &[Service], link: impl Fn(&str) -> String) -> Markup {
    html! {
        ul class="bevan-cards" {
            @for service in services {
                @match (place(service), service.instead) {
                    (Some(place), _) => {
                        li { (Card::link(say(service.name), &link(place), say(service.words).into())) }
                    },
                    (None, Some(instead)) => {
                        li class="bevan-cards__later" {
                            (Card::boxed(say(service.name), html! {
                                p class="nhsuk-card__description" {
                                    (fill("front-later", &[("instead", say(instead).into())]))
                                }
                            }))
                        }
                    },
                    (None, None) => {},
                }
            }
        }
    }
}
