//! Studies of images with what other resources say of them: the order, the reports, where they were made and are kept. Everything
//! is read as the reader, and what is of another person is left out, whatever a study names.

use super::from_fhir::{report, scan};
use super::{BEDSIDE_PANELS, Scan, ScanOrder, TestResult, Whom};
use crate::lookup::{Page, all, present};
use crate::words::{concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{DiagnosticReport, ImagingStudy, Reference, Resource};
use std::collections::HashMap;
use store::{Error, Snapshot};

/// The studies of a person that a search finds, newest first.
pub(super) fn studies(
    snapshot: &mut Snapshot,
    whom: &Whom,
    more: &[(&str, &str)],
) -> Result<Vec<Scan>, Error> {
    let mut words = vec![
        ("patient", whom.ids.as_str()),
        ("_sort", "-started"),
        ("_include", "ImagingStudy:basedon"),
        ("_include", "ImagingStudy:endpoint"),
    ];
    words.extend(more);
    let found = all(snapshot, "ImagingStudy", &words)?;
    if found.items.is_empty() {
        return Ok(Vec::new());
    }
    let mut reports = reports(snapshot, whom)?;
    let mut scans = Vec::new();
    for study in &found.items {
        let Some(mut line) = scan(study) else { continue };
        let order = order(study, &found, whom);
        line.place = place(snapshot, study, &line, order);
        line.order = order.map(ordered);
        line.accession = line.accession.or_else(|| order.and_then(accession).map(str::to_owned));
        line.kept_at = kept_at(study, &found);
        line.reports = reports.remove(&line.id).unwrap_or_default();
        scans.push(line);
    }
    Ok(scans)
}

/// Every report of the person that names studies, by the study. A reader who may see no reports is told of none.
fn reports(snapshot: &mut Snapshot, whom: &Whom) -> Result<HashMap<String, Vec<TestResult>>, Error> {
    // As on the page of results: what is linked can be opened there.
    let words = [
        ("patient", whom.ids.as_str()),
        ("category:not", "vital-signs"),
        ("code:not", BEDSIDE_PANELS),
        ("_sort", "-date"),
    ];
    let found = match all(snapshot, "DiagnosticReport", &words) {
        Err(Error::Forbidden) => return Ok(HashMap::new()),
        other => other?.items,
    };
    let mut of: HashMap<String, Vec<TestResult>> = HashMap::new();
    for one in &found {
        let named = DiagnosticReport(one).imaging_studies();
        for study in named.filter_map(|study| study.id_of("ImagingStudy")) {
            of.entry(study.to_owned()).or_default().extend(report(one, |_| None));
        }
    }
    Ok(of)
}

/// The order, when it is this person's.
fn order<'a>(study: &Value, found: &'a Page, whom: &Whom) -> Option<&'a Value> {
    let named: Vec<&str> =
        ImagingStudy(study).based_on().filter_map(|one| one.id_of("ServiceRequest")).collect();
    found.included.iter().find(|one| {
        let theirs = one.subject().and_then(|one| one.id_of("Patient"));
        one.type_() == Some("ServiceRequest")
            && one.id().is_some_and(|id| named.contains(&id))
            && theirs.is_some_and(|of| whom.ids.split(',').any(|id| id == of))
    })
}

fn ordered(order: &Value) -> ScanOrder {
    ScanOrder {
        id: order.id().unwrap_or_default().to_owned(),
        name: order.code().and_then(concept),
        ordered: order.text_at(&["authoredOn"]).and_then(when),
        by: order.requester().and_then(Reference::display).map(str::to_owned),
    }
}

fn accession(order: &Value) -> Option<&str> {
    let typed = |one: &fhir::views::Identifier<'_>| one.type_().is_some_and(|kind| kind.has_code("ACSN"));
    order.identifiers().find(typed).and_then(fhir::views::Identifier::identifier)
}

/// The room and the organisation, as far as either is known.
fn place(snapshot: &mut Snapshot, study: &Value, line: &Scan, order: Option<&Value>) -> Option<String> {
    let room = line.place.clone().or_else(|| {
        let id = ImagingStudy(study).location()?.id_of("Location")?;
        present(snapshot, "Location", id).ok()?.name_text().map(str::to_owned)
    });
    let organisation = order.and_then(|order| order.performers().find_map(Reference::display));
    let organisation = organisation.filter(|name| room.as_deref() != Some(*name)).map(str::to_owned);
    let both: Vec<String> = room.into_iter().chain(organisation).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

/// Where the pictures can be had, in words.
fn kept_at(study: &Value, found: &Page) -> Option<String> {
    let at = ImagingStudy(study).endpoints().next()?;
    let known = at.id_of("Endpoint").and_then(|id| {
        let mut all = found.included.iter().filter(|one| one.type_() == Some("Endpoint"));
        all.find(|one| one.id() == Some(id))?.name_text()
    });
    Some(at.display().or(known).unwrap_or_else(|| say("scan-unnamed-store")).to_owned())
}
