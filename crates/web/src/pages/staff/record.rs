//! A patient's record for staff: the banner on each page, a summary of the newest, and a page for each section.

use super::banner::{TABS, banner, heading, tabs};
use super::{lists, papers, results, scans, tile};
use crate::layout::Document;
use crate::pages::section::{Reader, brief, section};
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
    // A record that was merged into another leads there, once: links that go round are shown, not followed.
    let merged = visit.query.get(MERGED).is_some();
    match &record.banner.replaced_by {
        Some(survivor) if !merged => {
            let path = TABS.iter().find(|(one, ..)| *one == part).map_or("", |(_, _, path)| path);
            Ok(Answer::SeeOther(format!("{}{path}?{MERGED}=1", tile::record(survivor))))
        }
        _ => {
            let mut document = record_page(&record, part, &actor.role);
            if merged && record.banner.replaced_by.is_none() {
                document.body = html! { (merged_note()) (document.body) };
            }
            Ok(Answer::Page(Box::new(document)))
        }
    }
}

/// In the address of a page that a merged record led to.
const MERGED: &str = "merged";

fn merged_note() -> Markup {
    html! {
        div class="bevan-answer" role="status" {
            p { "You opened an older record of this person. It was merged into this one, which holds everything." }
        }
    }
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
            Part::Scans => {
                (one(record.scans.as_ref(), "No scans are recorded.", |all| scans::scans(patient, all)))
            },
            Part::Vaccinations => {
                (one(record.vaccinations.as_ref(), "No vaccinations are recorded.", papers::vaccinations))
            },
            Part::Documents => { (one(record.documents.as_ref(), "No documents are recorded.", |all| papers::papers(patient, all))) },
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

/// As [`one`], the newest only.
fn newest<T>(part: Option<&Section<T>>, empty: &str, items: impl FnOnce(&[T]) -> Markup) -> Markup {
    brief(Reader::Staff, part.unwrap_or(&Section::Failed), empty, items)
}

/// Whether nobody has recorded a problem or medicine: the record of somebody from elsewhere.
fn is_hospital_only(record: &Record) -> bool {
    let problems = matches!(&record.problems, Some(Section::Shown(listed)) if listed.items.is_empty());
    problems && matches!(&record.medicines, Some(Section::Shown(listed)) if listed.items.is_empty())
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
        newest(record.encounters.as_ref(), "No stays or visits are recorded.", lists::visits_short),
    );
    html! {
        @if is_hospital_only(record) {
            div class="bevan-answer" {
                p {
                    "No GP surgery has sent a record of this person: they may live outside the area. What stands here "
                    "comes from hospitals. Ask about medicines and allergies."
                }
            }
        }
        div class="bevan-summary" {
            @if matches!(role, Role::Receptionist) {
                (visits)
            } @else {
                (group(Part::Problems, newest(record.problems.as_ref(), "No problems are recorded.", lists::problems_short)))
                (group(Part::Medicines, newest(record.medicines.as_ref(), "No medicines are recorded.", lists::medicines_short)))
                (group(Part::Allergies, newest(record.allergies.as_ref(), NO_ALLERGIES, lists::allergies_short)))
                (group(Part::Results, newest(record.results.as_ref(), "No results are recorded.", results::reports_short)))
                (group(
                    Part::Observations,
                    newest(record.observations.as_ref(), "No observations are recorded.", results::measurements_short),
                ))
                (visits)
            }
        }
    }
}
