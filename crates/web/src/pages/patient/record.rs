//! A part of the record in plain words, for the person it is about. Three different sentences for nothing recorded,
//! no access and failed.

use super::entries;
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use care::record::{Part, Record};
use care::view::Section;
use maud::{Markup, html};

/// The page.
pub async fn record(state: &State, visit: &Visit, part: Part) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let record = state.care.record(&visit.actor_for(&patient)?, &patient, part, visit.page()).await?;
    Ok(Answer::Page(Box::new(record_page(&record, part))))
}

/// Prints the page.
pub fn record_page(record: &Record, part: Part) -> Document {
    let (heading, inside) = match part {
        Part::Allergies => ("Allergies", allergies(record)),
        Part::Medicines => (
            "Medicines",
            html! {
                p { "Do not stop or change a medicine because of what you read here. Ask your pharmacist or doctor first." }
                (one(record.medicines.as_ref(), "No medicines are recorded.", entries::medicines))
            },
        ),
        Part::Encounters => (
            "Hospital and clinic visits",
            one(record.encounters.as_ref(), "No hospital or clinic visits are recorded.", entries::visits),
        ),
        _ => (
            "Health conditions",
            one(record.problems.as_ref(), "No health conditions are recorded.", entries::conditions),
        ),
    };
    let body = html! { h1 { (heading) } (inside) };
    Document::new(heading, body).under(&[("Home", "/home"), ("Your record", "/record")])
}

fn allergies(record: &Record) -> Markup {
    let empty = if record.banner.no_known_allergies {
        "It is recorded that you have no known allergies. If that is wrong, tell whoever treats you."
    } else {
        "No allergies are recorded. If you have one, tell your surgery or the people who treat you."
    };
    one(record.allergies.as_ref(), empty, entries::allergies)
}

fn one<T>(part: Option<&Section<T>>, empty: &str, items: impl FnOnce(&[T]) -> Markup) -> Markup {
    section(Reader::Patient, part.unwrap_or(&Section::Failed), empty, items)
}
