//! A patient's record for staff: the banner on each page, a summary of the newest, and a page for each section.

use super::banner::{TABS, banner, heading, tabs};
use super::{lists, results, tile};
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use care::Role;
use care::record::{Part, Record};
use care::view::Section;
use maud::{Markup, html};

/// The page.
pub async fn record(state: &State, visit: &Visit, part: Part) -> Outcome {
    let patient = visit.id();
    let actor = visit.actor_for(patient)?;
    let record = state.care.record(&actor, patient, part, visit.page()).await?;
    Ok(Answer::Page(Box::new(record_page(&record, part, &actor.role))))
}

/// Prints the page.
pub fn record_page(record: &Record, part: Part, role: &Role) -> Document {
    let patient = &record.banner.patient_id;
    let body = html! {
        (banner(&record.banner))
        (tabs(patient, part, role))
        h1 { (heading(part)) }
        @match part {
            Part::Summary => { (summary(record, role)) },
            Part::Problems => { (one(record.problems.as_ref(), "No problems are recorded.", lists::problems)) },
            Part::Medicines => { (one(record.medicines.as_ref(), "No medicines are recorded.", lists::medicines)) },
            Part::Allergies => {
                @let empty = if record.banner.no_known_allergies { "No known allergies." } else { NO_ALLERGIES };
                (one(record.allergies.as_ref(), empty, lists::allergies))
            },
            Part::Results => { (one(record.results.as_ref(), "No results are recorded.", results::reports)) },
            Part::Observations => {
                (one(record.observations.as_ref(), "No observations are recorded.", results::measurements))
            },
            Part::Encounters => { (one(record.encounters.as_ref(), "No stays or visits are recorded.", lists::visits)) },
        }
    };
    Document::wide(heading(part), body).under(&[("Find a patient", "/staff/patients")])
}

const NO_ALLERGIES: &str = "Allergies are not recorded. Ask, and do not take this as none.";

/// A section; one that was not asked for reads as failed, never as empty.
fn one<T>(part: Option<&Section<T>>, empty: &str, items: impl FnOnce(&[T]) -> Markup) -> Markup {
    section(Reader::Staff, part.unwrap_or(&Section::Failed), empty, items)
}

fn summary(record: &Record, role: &Role) -> Markup {
    let patient = &record.banner.patient_id;
    let group = |part: Part, inside: Markup| {
        let path = TABS.iter().find(|(one, ..)| *one == part).map_or("", |(_, _, path)| path);
        html! {
            section {
                h2 { (heading(part)) }
                (inside)
                p { a href={ (tile::record(patient)) (path) } { "All " (heading(part).to_lowercase()) } }
            }
        }
    };
    let visits = group(
        Part::Encounters,
        one(record.encounters.as_ref(), "No stays or visits are recorded.", lists::visits_short),
    );
    html! {
        div class="bevan-summary" {
            @if matches!(role, Role::Receptionist) {
                (visits)
            } @else {
                (group(Part::Problems, one(record.problems.as_ref(), "No problems are recorded.", lists::problems_short)))
                (group(Part::Medicines, one(record.medicines.as_ref(), "No medicines are recorded.", lists::medicines_short)))
                (group(Part::Allergies, one(record.allergies.as_ref(), NO_ALLERGIES, lists::allergies_short)))
                (group(Part::Results, one(record.results.as_ref(), "No results are recorded.", results::reports_short)))
                (group(
                    Part::Observations,
                    one(record.observations.as_ref(), "No observations are recorded.", results::measurements_short),
                ))
                (visits)
            }
        }
    }
}
