//! The patient's home: what needs them first, then the six services, then trust. A service that is not here yet says so
//! and says what to do instead: no dead links.

use crate::component::Card;
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use care::record::{Attention, Home};
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn home(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let home = state.care.home(&visit.actor_for(&patient)?, &patient).await?;
    Ok(Answer::Page(Box::new(home_page(&home, state.settings.help_phone.as_deref()))))
}

/// A service and where it is.
enum Service {
    Here(&'static str),
    Later(&'static str),
}

const SERVICES: [(&str, &str, Service); 6] = [
    ("Test results", "What was tested, and what it means", Service::Here("/results")),
    ("Health conditions", "Diagnoses and long-term conditions", Service::Here("/record/conditions")),
    ("Prescriptions", "Order repeats, follow them, choose a pharmacy", Service::Here("/prescriptions")),
    ("Appointments", "GP and hospital, referrals and waiting lists", Service::Here("/appointments")),
    (
        "Messages and letters",
        "From the people who care for you",
        Service::Later("they come by post as before"),
    ),
    (
        "Where to go now",
        "Self-care, pharmacy, GP, 111 or A&E",
        Service::Later("call 111, or 999 in an emergency"),
    ),
];

/// Prints the page.
pub fn home_page(home: &Home, phone: Option<&str>) -> Document {
    let body = html! {
        h1 { "Home" }
        h2 class="nhsuk-heading-m" { "Needs your attention" }
        (section(Reader::Patient, &home.attention, "Nothing needs your attention at the moment.", |all| {
            html! { ul class="bevan-items" { @for one in all { (attention(one, home.read_at)) } } }
        }))
        h2 class="nhsuk-heading-m" { "Your services" }
        ul class="bevan-cards" {
            @for (name, words, service) in &SERVICES {
                @match service {
                    Service::Here(href) => { li { (Card::link(name, href, (*words).into())) } },
                    Service::Later(instead) => {
                        li class="bevan-cards__later" {
                            (Card::boxed(name, html! {
                                p class="nhsuk-card__description" { "Not available here yet: " (instead) "." }
                            }))
                        }
                    },
                }
            }
        }
        ul class="bevan-links" {
            li { a href="/profile/who-looked" { "Who looked at my record" } }
            @if let Some(phone) = phone {
                li { a href={ "tel:" (phone.replace(' ', "")) } { "Help by phone: " (phone) } }
            }
        }
    };
    Document::new("Home", body)
}

fn attention(one: &Attention, now: Timestamp) -> Markup {
    match one {
        Attention::NewResult { name, issued_at } => html! {
            li {
                span { strong { (name) } " result came in " (wording::ago(*issued_at, now)) }
                a href="/results#newest" { "See the result" }
            }
        },
        Attention::InHospital { place, since } => html! {
            li {
                span {
                    strong { "You are in hospital" } ": " (place)
                    @if let Some(since) = since { ", since " (wording::moment(*since)) }
                }
                a href="/record/visits" { "See your stay" }
            }
        },
        Attention::ExpectedStay { place, on } => html! {
            li {
                span {
                    strong { "You are expected in hospital" } ": " (place)
                    @if let Some(date) = on { ", " (wording::weekday(*date)) }
                }
            }
        },
        Attention::EmergencyLook { at } => html! {
            li class="bevan-items__alarm" {
                span { strong { "Somebody opened your record in an emergency" } " on " (wording::moment(*at)) }
                a href="/profile/who-looked#newest" { "See who and why" }
            }
        },
    }
}
