//! A part of the record in plain words, and one entry of it, for the person it is about. Three different sentences for nothing
//! recorded, no access and failed.

use super::entries::{entries, id, passages, said, title};
use super::scans;
use super::sheets::links;
use crate::component::{Content, SummaryList, SummaryRow, inset_text};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use care::record::{Entry, Fact, Label, Line, Part, Record};
use care::view::Section;
use maud::{Markup, Render, html};

/// A part: its path, its heading, and what stands where nothing is recorded.
struct Words {
    path: &'static str,
    heading: &'static str,
    empty: &'static str,
}

fn words(part: Part) -> Words {
    let (path, heading, empty) = match part {
        Part::Allergies => ("/record/allergies", say("record-allergies"), say("record-allergies-empty")),
        Part::Medicines => ("/record/medicines", say("record-medicines"), say("record-medicines-empty")),
        Part::Encounters => ("/record/visits", say("record-visits"), say("record-visits-empty")),
        Part::Vaccinations => {
            ("/record/vaccinations", say("record-vaccinations"), say("record-vaccinations-empty"))
        }
        Part::Documents => ("/record/documents", say("record-documents"), say("record-documents-empty")),
        Part::Scans => ("/record/scans", say("record-scans"), say("record-scans-empty")),
        Part::Problems | Part::Summary | Part::Results | Part::Observations => {
            ("/record/conditions", say("record-conditions"), say("record-conditions-empty"))
        }
    };
    Words { path, heading, empty }
}

/// The page of a part.
pub async fn record(state: &State, visit: &Visit, part: Part) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let record = state.care.record(&visit.actor_for(&patient)?, &patient, part, visit.page()).await?;
    Answer::page(record_page(&record, part, visit))
}

fn record_page(record: &Record, part: Part, visit: &Visit) -> Document {
    let words = words(part);
    let lines = lines(record, part);
    let empty = if part == Part::Allergies && record.banner.no_known_allergies {
        say("record-allergies-none-known")
    } else {
        words.empty
    };
    let body = html! {
        h1 { (words.heading) }
        @if part == Part::Scans { (inset_text(&Content::from(say("record-scans-elsewhere")))) }
        @if part == Part::Medicines { (inset_text(&Content::from(say("record-medicines-careful")))) }
        (section(Reader::Patient, &lines, empty, |all| {
            entries(all, |line| html! {
                h2 { a href=(visit.link(&format!("{}/{}", words.path, address(id(line))))) { (title(line)) } }
                (said(line))
            })
        }))
    };
    let (home, menu) = (visit.link("/home"), visit.link("/record"));
    Document::new(words.heading, body).under(&[(say("record-home"), &home), (say("record-heading"), &menu)])
}

/// The lines of a part; one that was not asked for reads as failed, never as empty.
pub fn lines(record: &Record, part: Part) -> Section<Line> {
    match part {
        Part::Allergies => each(record.allergies.as_ref(), Line::Allergy),
        Part::Medicines => each(record.medicines.as_ref(), Line::Medicine),
        Part::Encounters => each(record.encounters.as_ref(), Line::Visit),
        Part::Vaccinations => each(record.vaccinations.as_ref(), Line::Vaccination),
        Part::Documents => each(record.documents.as_ref(), Line::Paper),
        Part::Scans => each(record.scans.as_ref(), |one| Line::Scan(Box::new(one))),
        Part::Problems | Part::Summary | Part::Results | Part::Observations => {
            each(record.problems.as_ref(), Line::Problem)
        }
    }
}

fn each<T: Clone>(part: Option<&Section<T>>, line: impl Fn(T) -> Line) -> Section<Line> {
    match part {
        Some(Section::Shown(listed)) => Section::Shown(care::view::Listed {
            items: listed.items.iter().cloned().map(line).collect(),
            total: listed.total,
            next: listed.next.clone(),
        }),
        Some(Section::NoAccess) => Section::NoAccess,
        Some(Section::Failed) | None => Section::Failed,
    }
}

/// The page of one entry.
pub async fn entry(state: &State, visit: &Visit, part: Part) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let entry = state.care.entry(&visit.actor_for(&patient)?, &patient, (part, visit.id())).await?;
    Answer::page(entry_page(&entry, part, visit))
}

fn entry_page(entry: &Entry, part: Part, visit: &Visit) -> Document {
    let (words, heading) = (words(part), title(&entry.line));
    let body = html! {
        h1 { (heading) }
        (said(&entry.line))
        @if let Line::Paper(paper) = &entry.line {
            @if !paper.passages.is_empty() { div class="bevan-paper" { (passages(paper)) } }
            (links(paper, visit))
        }
        @if let Line::Scan(scan) = &entry.line { (scans::beside(scan, visit)) }
        @if !entry.facts.is_empty() {
            h2 class="nhsuk-heading-m" { (say("record-more")) }
            (SummaryList::new(entry.facts.iter().map(fact).collect()).render())
        }
        p { (say("record-wrong")) }
    };
    let (home, menu, list) = (visit.link("/home"), visit.link("/record"), visit.link(words.path));
    let above = [(say("record-home"), home.as_str()), (say("record-heading"), &menu), (words.heading, &list)];
    Document::new(&heading, body).under(&above)
}

fn fact(fact: &Fact) -> SummaryRow {
    let label = match fact.label {
        Label::RecordedBy => say("record-fact-by"),
        Label::Attending => say("record-fact-attending"),
        Label::Provider => say("record-fact-provider"),
        Label::Severity => say("record-fact-severity"),
        Label::BodySite => say("record-fact-site"),
        Label::Quantity => say("record-fact-quantity"),
        Label::Code => say("record-fact-code"),
        Label::Notes => say("record-fact-notes"),
    };
    let words: Markup = match fact.words.as_slice() {
        [only] => html! { (only) },
        several => html! { @for one in several { p { (one) } } },
    };
    SummaryRow::new(label, words)
}
