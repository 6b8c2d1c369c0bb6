//! The patient's home: what needs them first, then the six services, then trust. A service that is not here yet says so
//! and says what to do instead: no dead links.

use crate::layout::Document;
use crate::pages::address;
use crate::pages::attention::{Gathered, Item, Items, Rank, gather};
use crate::pages::service::{self, Service, cards};
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::record::Attention;
use care::view::Section;
use maud::{Markup, html};

/// The page. When the record itself cannot be read there is no home page but a problem: an empty one would say that all is well.
pub async fn home(state: &State, visit: &Visit) -> Outcome {
    Answer::page(home_page(&gather(state, visit).await?, visit))
}

/// What the record itself hands in.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        let patient = visit.patient_id()?;
        let home = state.care.home(&visit.actor_for(patient)?, patient).await?;
        match &home.attention {
            Section::Shown(listed) => Ok(listed.items.iter().map(|one| item(one, visit)).collect()),
            Section::NoAccess => Ok(Vec::new()),
            Section::Failed => Err(Problem::Failed),
        }
    })
}

fn item(one: &Attention, visit: &Visit) -> Item {
    match one {
        Attention::InHospital { place, since } => {
            let what = match &visit.acting {
                Some(acting) => fill("home-in-hospital-other", &[("name", acting.name.as_str().into())]),
                None => say("home-in-hospital").to_owned(),
            };
            let words = match since {
                Some(since) => {
                    let time = wording::moment(*since);
                    fill("home-in-hospital-since", &[("place", place.into()), ("time", time.into())])
                }
                None => place.clone(),
            };
            Item::new(Rank::Dated, what, words)
                .at(*since)
                .to(say("record-visits"), visit.link("/record/visits"))
        }
        Attention::ExpectedStay { place, on } => {
            let words = match on {
                Some(date) => {
                    let day = wording::weekday(*date);
                    fill("home-expected-on", &[("place", place.into()), ("day", day.into())])
                }
                None => place.clone(),
            };
            let item = Item::new(Rank::Dated, say("home-expected"), words);
            on.map_or_else(|| item.clone(), |day| item.clone().on(day))
        }
        Attention::EmergencyLook { at, page } => {
            let words = fill("home-emergency-on", &[("time", wording::moment(*at).into())]);
            Item::new(Rank::Alarm, say("home-emergency"), words).at(Some(*at)).to(
                say("record-who-looked"),
                visit.link(&format!("/profile/who-looked?page={}", address(page))),
            )
        }
    }
}

const SERVICES: [Service; 6] = [
    service::PRESCRIPTIONS,
    service::APPOINTMENTS,
    service::RESULTS,
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
pub fn home_page(gathered: &Gathered, visit: &Visit) -> Document {
    let here = |name: &'static str, path: &'static str, own: bool| {
        let place = if own { path.to_owned() } else { visit.link(path) };
        html! { @if exists(path) { li { a href=(place) { (say(name)) } } } }
    };
    let body = html! {
        h1 { (say("home-heading")) }
        h2 class="nhsuk-heading-m" { (say("home-attention")) }
        (needs(gathered))
        h2 class="nhsuk-heading-m" { (say("home-services")) }
        (cards(&SERVICES, |place| visit.link(place)))
        h2 class="nhsuk-heading-m" { (say("home-more")) }
        ul class="bevan-links" {
            (here("home-record", "/record", false))
            @if exists("/messages") {
                li {
                    a href=(visit.link("/messages")) { (say("home-messages")) }
                    @if let Some(count) = gathered.unread { ": " (fill("home-unread", &[("count", count.into())])) }
                }
            }
            (here("home-check", "/check", true))
            (here("home-find", "/services", true))
        }
        h2 class="nhsuk-heading-m" { (say("home-trust")) }
        ul class="bevan-links" {
            @if visit.acting.is_none() { (here("home-who-looked", "/profile/who-looked", false)) }
            (here("home-family", "/family", !visit.is_in_place()))
            (here("home-profile", "/profile", false))
        }
    };
    Document::new(say("home-heading"), body)
}

/// The items, how many more there are, and who could not be asked. Only when everybody answered is nothing nothing.
fn needs(gathered: &Gathered) -> Markup {
    let silent: Vec<&str> = gathered.silent.iter().map(|name| say(name)).collect();
    html! {
        @if gathered.items.is_empty() && silent.is_empty() {
            div class="bevan-answer" { p { (say("home-attention-none")) } }
        }
        @if !gathered.items.is_empty() {
            ul class="bevan-items" { @for one in &gathered.items { (line(one)) } }
        }
        @if gathered.more > 0 {
            p { (fill("home-attention-more", &[("count", gathered.more.into())])) }
        }
        @if !silent.is_empty() {
            div class="bevan-answer bevan-answer--failed" {
                p { (fill("home-attention-part", &[("parts", silent.join(", ").into())])) }
            }
        }
    }
}

fn line(one: &Item) -> Markup {
    html! {
        li class=[(one.rank == Rank::Alarm).then_some("bevan-items__alarm")] {
            span { strong { (one.what) } @if !one.words.is_empty() { " " (one.words) } }
            @if let Some((words, place)) = &one.link { a href=(place) { (words) } }
        }
    }
}
