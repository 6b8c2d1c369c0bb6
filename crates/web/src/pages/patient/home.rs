//! The patient's home: what needs them first, then the six services, then trust. A service that is not here yet says so
//! and says what to do instead: no dead links.

use crate::layout::Document;
use crate::pages::attention::{INBOX, Item, Items, Rank, gather};
use crate::pages::service::{Service, cards};
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::record::Attention;
use care::view::Section;
use jiff::Timestamp;
use maud::{Markup, html};

/// What the page shows.
pub struct Home {
    /// What needs the person, at most three.
    pub items: Vec<Item>,
    /// Whether everything could be asked.
    pub whole: bool,
    /// Unread messages, where there is an inbox that could be asked.
    pub unread: Option<u64>,
}

/// The page. When the record itself cannot be read there is no home page but a problem: an empty one would say that all is well.
pub async fn home(state: &State, visit: &Visit) -> Outcome {
    let (items, whole) = gather(state, visit).await?;
    let unread = match INBOX {
        Some(inbox) => inbox(state, visit).await.ok(),
        None => None,
    };
    let home = Home { items, whole, unread };
    Answer::page(home_page(&home, visit))
}

/// What the record itself hands in.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        let patient = visit.patient_id()?;
        let home = state.care.home(&visit.actor_for(patient)?, patient).await?;
        match &home.attention {
            Section::Shown(listed) => {
                Ok(listed.items.iter().map(|one| item(one, visit, home.read_at)).collect())
            }
            Section::NoAccess => Ok(Vec::new()),
            Section::Failed => Err(Problem::Failed),
        }
    })
}

fn item(one: &Attention, visit: &Visit, now: Timestamp) -> Item {
    let link = |words: &'static str, path: &str| Some((words, visit.link(path)));
    match one {
        Attention::NewResult { name, issued_at } => {
            let place = "/results#newest";
            Item {
                rank: Rank::News,
                what: name.clone(),
                words: fill("home-result", &[("ago", wording::ago(*issued_at, now).into())]),
                link: link(say("home-result-see"), place),
            }
        }
        Attention::InHospital { place, since } => Item {
            rank: Rank::Dated,
            what: match &visit.acting {
                Some(acting) => fill("home-in-hospital-other", &[("name", acting.name.as_str().into())]),
                None => say("home-in-hospital").to_owned(),
            },
            words: match since {
                Some(since) => {
                    let time = wording::moment(*since);
                    fill("home-in-hospital-since", &[("place", place.into()), ("time", time.into())])
                }
                None => place.clone(),
            },
            link: link(say("home-in-hospital-see"), "/record/visits"),
        },
        Attention::ExpectedStay { place, on } => Item {
            rank: Rank::Dated,
            what: say("home-expected").to_owned(),
            words: match on {
                Some(date) => {
                    let day = wording::weekday(*date);
                    fill("home-expected-on", &[("place", place.into()), ("day", day.into())])
                }
                None => place.clone(),
            },
            link: None,
        },
        Attention::EmergencyLook { at } => Item {
            rank: Rank::Alarm,
            what: say("home-emergency").to_owned(),
            words: fill("home-emergency-on", &[("time", wording::moment(*at).into())]),
            link: link(say("home-emergency-see"), "/profile/who-looked#newest"),
        },
    }
}

const SERVICES: [Service; 6] = [
    Service {
        name: "home-prescriptions",
        words: "home-prescriptions-words",
        places: &["/prescriptions"],
        instead: Some("home-prescriptions-instead"),
    },
    Service {
        name: "home-appointments",
        words: "home-appointments-words",
        places: &["/appointments"],
        instead: Some("home-appointments-instead"),
    },
    Service { name: "home-results", words: "home-results-words", places: &["/results"], instead: None },
    Service {
        name: "home-vaccinations",
        words: "home-vaccinations-words",
        places: &["/record/vaccinations"],
        instead: Some("home-vaccinations-instead"),
    },
    Service {
        name: "home-conditions",
        words: "home-conditions-words",
        places: &["/record/conditions"],
        instead: None,
    },
    Service {
        name: "home-documents",
        words: "home-documents-words",
        places: &["/record/documents"],
        instead: Some("home-documents-instead"),
    },
];

/// Prints the page.
pub fn home_page(home: &Home, visit: &Visit) -> Document {
    let here = |name: &'static str, path: &'static str, own: bool| {
        let place = if own { path.to_owned() } else { visit.link(path) };
        html! { @if exists(path) { li { a href=(place) { (say(name)) } } } }
    };
    let body = html! {
        h1 { (say("home-heading")) }
        h2 class="nhsuk-heading-m" { (say("home-attention")) }
        @if home.items.is_empty() && home.whole {
            div class="bevan-answer" { p { (say("home-attention-none")) } }
        }
        @if !home.items.is_empty() { ul class="bevan-items" { @for one in &home.items { (line(one)) } } }
        @if !home.whole {
            div class="bevan-answer bevan-answer--failed" { p { (say("home-attention-part")) } }
        }
        h2 class="nhsuk-heading-m" { (say("home-services")) }
        (cards(&SERVICES, |place| visit.link(place)))
        h2 class="nhsuk-heading-m" { (say("home-more")) }
        ul class="bevan-links" {
            (here("home-record", "/record", false))
            @if exists("/messages") {
                li {
                    a href=(visit.link("/messages")) { (say("home-messages")) }
                    @if let Some(count) = home.unread { ": " (fill("home-unread", &[("count", count.into())])) }
                }
            }
            (here("home-check", "/check", true))
            (here("home-find", "/services", true))
        }
        h2 class="nhsuk-heading-m" { (say("home-trust")) }
        ul class="bevan-links" {
            (here("home-who-looked", "/profile/who-looked", false))
            (here("home-family", "/family", true))
            (here("home-profile", "/profile", false))
        }
    };
    Document::new(say("home-heading"), body)
}

fn line(one: &Item) -> Markup {
    html! {
        li class=[(one.rank == Rank::Alarm).then_some("bevan-items__alarm")] {
            span { strong { (one.what) } " " (one.words) }
            @if let Some((words, place)) = &one.link { a href=(place) { (words) } }
        }
    }
}
