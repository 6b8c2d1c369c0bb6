//! Fills the feed and a report's page from the store. Access is the store's; a report that is not of the person asked for is
//! not found.

use super::rules::{next, review};
use super::{Feed, Outcome, Sources};
use crate::lookup::{Page, page, section, unseen};
use crate::record::{BEDSIDE_PANELS, Whom, report};
use crate::view::{Listed, Unseen};
use fhir::json::Value;
use fhir::views::{DiagnosticReport, Encounter, Reference, Resource};
use jiff::Timestamp;
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// Reports on a page of the feed.
const REPORTS: &str = "20";

/// The feed, from a cursor on.
pub(super) async fn feed(
    store: &Store,
    actor: &Actor,
    patient: &str,
    cursor: Option<&str>,
) -> Result<Feed, Unseen> {
    let (patient, cursor) = (patient.to_owned(), cursor.map(str::to_owned));
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let mut words = vec![("_count", REPORTS), ("_sort", "-date")];
        words.extend(cursor.as_deref().map(|cursor| ("_page", cursor)));
        Ok(Feed { read_at: now, results: section(outcomes(snapshot, &whom, &words, now)) })
    });
    read.await.map_err(|error| unseen(&error))
}

/// One report.
pub(super) async fn outcome(
    store: &Store,
    actor: &Actor,
    patient: &str,
    id: &str,
) -> Result<Outcome, Unseen> {
    let (patient, id) = (patient.to_owned(), id.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let found = outcomes(snapshot, &whom, &[("_id", &id)], now)?;
        found.items.into_iter().next().ok_or(Error::NotFound)
    });
    read.await.map_err(|error| unseen(&error))
}

/// The reports of a person that a search finds; readings at the bedside are no test results.
pub(crate) fn outcomes(
    snapshot: &mut Snapshot,
    whom: &Whom,
    more: &[(&str, &str)],
    now: Timestamp,
) -> Result<Listed<Outcome>, Error> {
    let mut words = vec![
        ("patient", whom.ids.as_str()),
        ("category:not", "vital-signs"),
        ("code:not", BEDSIDE_PANELS),
        ("_include", "DiagnosticReport:result"),
        ("_include", "DiagnosticReport:encounter"),
        ("_include", "DiagnosticReport:based-on"),
    ];
    words.extend(more);
    let found = page(snapshot, "DiagnosticReport", &words)?;
    let beside = Beside::of(&found);
    let mut sources = Sources::new(&whom.person);
    let items = found.items.iter().filter_map(|one| {
        let line = report(one, |id| beside.get("Observation", id))?;
        let view = DiagnosticReport(one);
        let stay = view.encounter().and_then(|stay| beside.to(stay));
        let review = review(&line, view.interpreters().next().map(Reference::display), now);
        let next = next(&line, &review);
        let order = view.based_on().find_map(|order| beside.to(order));
        let ask = order.and_then(Resource::requester).and_then(Reference::display);
        let ask = ask.or_else(|| stay.and_then(|stay| Encounter(stay).attender()));
        let ask = ask.map(str::to_owned);
        Some(Outcome { source: sources.of_report(snapshot, one, stay), report: line, ask, review, next })
    });
    Ok(Listed { items: items.collect(), total: None, next: found.next.clone() })
}

/// What came beside the reports of a page, by type and id.
struct Beside<'a>(HashMap<(&'a str, &'a str), &'a Value>);

impl<'a> Beside<'a> {
    fn of(page: &'a Page) -> Self {
        Self(page.included.iter().filter_map(|one| Some(((one.type_()?, one.id()?), one))).collect())
    }

    fn get<'b>(&self, type_: &'b str, id: &'b str) -> Option<&'a Value>
    where
        'a: 'b,
    {
        let known: &HashMap<(&'b str, &'b str), &'a Value> = &self.0;
        known.get(&(type_, id)).copied()
    }

    fn to(&self, reference: Reference<'_>) -> Option<&'a Value> {
        let (type_, id) = reference.target()?;
        self.get(type_, id)
    }
}
