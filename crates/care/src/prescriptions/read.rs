//! Reads a person's prescriptions, a surgery's list of requests, and one request. What a reader may not see is not there.

use super::authorisation::{Authorisation, Why, authorisations, day, dose, is_issue, quantity};
use super::pharmacy::place;
use super::request::why_of;
use super::status::ItemStatus;
use super::view::{
    Case, CaseLine, Item, One, Prescription, Prescriptions, Queue, Repeat, Request, RequestAnswer,
    RequestLine, Waiting,
};
use crate::lookup::{all, id, listed, section, unseen};
use crate::record::numbers;
use crate::view::Unseen;
use crate::words::{instant, name};
use catalogue::say;
use fhir::json::Value;
use fhir::systems::prescription::ITEM_STATUS;
use fhir::time::default_zone;
use fhir::views::{MedicationEntry, Patient, Resource};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use std::cmp::Reverse;
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// Prescriptions and refused requests are listed for so many days.
const LISTED_DAYS: i64 = 365;
/// A request that was answered stands in the list for so many days.
const ANSWERED_DAYS: i64 = 28;

/// A person's prescriptions.
pub(crate) async fn list(store: &Store, actor: &Actor, patient: &str) -> Result<Prescriptions, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let found = snapshot.read("Patient", &patient)?.present()?;
        let person = snapshot.document(&found)?;
        let nominated = super::pharmacy::nominated(snapshot, &person)?;
        // One read answers three parts; where it is closed or fails, all three say so.
        let read = requests_of(snapshot, &patient);
        let (repeats, requests, prescriptions) = match read {
            Ok(all) => {
                let prescriptions = prescriptions(snapshot, &all, now)?;
                (
                    Ok(listed(repeats(&all, today(now)))),
                    Ok(listed(recent_requests(&all, now))),
                    Ok(listed(prescriptions)),
                )
            }
            Err(error) => (Err(error.clone()), Err(error.clone()), Err(error)),
        };
        Ok(Prescriptions {
            read_at: now,
            repeats: section(repeats),
            requests: section(requests),
            prescriptions: section(prescriptions),
            pharmacy: nominated,
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// One prescription by its short-form id, or one request by its id.
pub(crate) async fn one(store: &Store, actor: &Actor, patient: &str, id: &str) -> Result<One, Unseen> {
    let (patient, id) = (patient.to_owned(), id.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let all = requests_of(snapshot, &patient)?;
        if let Some(found) = requests(&all).into_iter().find(|one| one.id == id) {
            return Ok(One::Request(found));
        }
        let all: Vec<Value> =
            all.into_iter().filter(|one| MedicationEntry(one).order_number() == Some(&id)).collect();
        prescriptions(snapshot, &all, now)?.into_iter().next().map(One::Prescription).ok_or(Error::NotFound)
    });
    read.await.map_err(|error| unseen(&error))
}

/// The requests that wait for the actor's surgery.
pub(crate) async fn queue(store: &Store, actor: &Actor) -> Result<Queue, Unseen> {
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let words = [("intent", "proposal"), ("status", "active"), ("_include", "MedicationRequest:patient")];
        let found = all(snapshot, "MedicationRequest", &words);
        let queue = found.map(|found| {
            let people: HashMap<&str, &Value> = found.included.iter().map(|one| (id(one), one)).collect();
            let mut waiting: Vec<Waiting> = grouped(&found.items)
                .into_iter()
                .map(|(request, lines)| {
                    let person =
                        lines.first().and_then(|line| patient_of(line)).and_then(|id| people.get(id));
                    let medicines = lines.iter().filter_map(|line| MedicationEntry(line).medication_name());
                    Waiting {
                        id: request,
                        patient: person
                            .map_or_else(|| say("record-unnamed-person").to_owned(), |one| name(one)),
                        born: person.and_then(|one| day(Patient(one).birth_date()?)),
                        asked_at: asked_at(&lines),
                        medicines: medicines.map(str::to_owned).collect(),
                        has_note: note(&lines).is_some(),
                    }
                })
                .collect();
            waiting.sort_by_key(|one| one.asked_at);
            listed(waiting)
        });
        Ok(Queue { read_at: now, requests: section(queue) })
    });
    read.await.map_err(|error| unseen(&error))
}

/// One request as the surgery sees it.
pub(crate) async fn case(store: &Store, actor: &Actor, request: &str) -> Result<Case, Unseen> {
    let request = request.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let lines = lines_of(snapshot, &request)?;
        let patient = lines.first().and_then(patient_of).ok_or(Error::NotFound)?.to_owned();
        let found = snapshot.read("Patient", &patient)?.present()?;
        let person = snapshot.document(&found)?;
        let known = authorisations(&requests_of(snapshot, &patient)?);
        let references: Vec<&Value> = lines.iter().collect();
        let requester = lines.first().and_then(|line| MedicationEntry(line).requester());
        let by_other = requester.filter(|one| one.id_of("Patient") != Some(&patient));
        Ok(Case {
            read_at: now,
            id: request,
            patient: name(&person),
            born: Patient(&person).birth_date().and_then(day),
            nhs_number: Patient(&person).nhs_number().map(str::to_owned),
            asked_at: asked_at(&references),
            asked_by: by_other.and_then(|one| one.display()).map(str::to_owned),
            note: note(&references),
            pharmacy: pharmacy_name(&references),
            lines: references.iter().map(|line| case_line(line, &known)).collect(),
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// The proposals of one request.
pub(super) fn lines_of(snapshot: &mut Snapshot, request: &str) -> Result<Vec<Value>, Error> {
    let words = format!("{}|{request}", super::request::REQUEST_SYSTEM);
    let found = all(snapshot, "MedicationRequest", &[("identifier", &words)])?.items;
    Ok(found.into_iter().filter(|one| MedicationEntry(one).intent() == Some("proposal")).collect())
}

/// Every MedicationRequest of a person, under whichever of their numbers.
pub(super) fn requests_of(snapshot: &mut Snapshot, patient: &str) -> Result<Vec<Value>, Error> {
    let ids = numbers(snapshot, patient)?;
    Ok(all(snapshot, "MedicationRequest", &[("patient", &ids)])?.items)
}

/// The day in London.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(default_zone().clone()).date()
}

fn case_line(line: &Value, known: &[Authorisation]) -> CaseLine {
    let plan = MedicationEntry(line).based_on().find_map(|one| one.id_of("MedicationRequest"));
    let plan = known.iter().find(|one| Some(one.id.as_str()) == plan);
    CaseLine {
        line: request_line(line),
        issued_on: plan.and_then(|one| one.issued_on),
        review_on: plan.and_then(|one| one.review_on),
        left: plan.and_then(|one| one.left),
    }
}

fn repeats(all: &[Value], today: Date) -> Vec<Repeat> {
    let known = authorisations(all);
    let own = known.iter().filter(|one| one.course != super::authorisation::Course::Once && one.active);
    let mut repeats: Vec<Repeat> = own
        .map(|one| Repeat {
            id: one.id.clone(),
            name: one.name.clone(),
            dose: one.dose.clone(),
            quantity: one.quantity.clone(),
            issued_on: one.issued_on,
            review_on: one.review_on,
            review_is_near: one.review_is_near(today),
            left: one.left,
            not_now: one.orderable(today).err(),
        })
        .collect();
    repeats.sort_by(|a, b| (a.not_now.is_some(), &a.name).cmp(&(b.not_now.is_some(), &b.name)));
    repeats
}

fn recent_requests(all: &[Value], now: Timestamp) -> Vec<Request> {
    let since = now.saturating_sub(span(ANSWERED_DAYS)).unwrap_or(Timestamp::MIN);
    let mut recent = requests(all);
    recent.retain(|one| {
        let refused = one.lines.iter().any(|line| matches!(line.answer, RequestAnswer::Refused(_)));
        one.is_waiting() || (refused && one.asked_at.is_some_and(|at| at >= since))
    });
    recent
}

fn requests(all: &[Value]) -> Vec<Request> {
    let proposals: Vec<Value> =
        all.iter().filter(|one| MedicationEntry(one).intent() == Some("proposal")).cloned().collect();
    let mut requests: Vec<Request> = grouped(&proposals)
        .into_iter()
        .map(|(id, lines)| Request {
            id,
            asked_at: asked_at(&lines),
            note: note(&lines),
            pharmacy: pharmacy_name(&lines),
            lines: lines.iter().map(|line| request_line(line)).collect(),
        })
        .collect();
    requests.sort_by_key(|one| Reverse(one.asked_at));
    requests
}

/// Proposals by the request that they share.
fn grouped(proposals: &[Value]) -> Vec<(String, Vec<&Value>)> {
    let mut groups: Vec<(String, Vec<&Value>)> = Vec::new();
    for one in proposals {
        let Some(id) = MedicationEntry(one).group_identifier().and_then(|one| one.identifier()) else {
            continue;
        };
        match groups.iter_mut().find(|(known, _)| known == id) {
            Some((_, lines)) => lines.push(one),
            None => groups.push((id.to_owned(), vec![one])),
        }
    }
    for (_, lines) in &mut groups {
        lines.sort_by_key(|line| MedicationEntry(line).medication_name());
    }
    groups
}

fn request_line(line: &Value) -> RequestLine {
    let view = MedicationEntry(line);
    let answer = match view.status() {
        Some("active" | "draft" | "on-hold") => RequestAnswer::Waiting,
        Some("completed") => RequestAnswer::Approved,
        _ => RequestAnswer::Refused(why_of(view).unwrap_or(Why::from(super::Reason::Other))),
    };
    RequestLine {
        id: view.id().unwrap_or_default().to_owned(),
        name: view.medication_name().unwrap_or_else(|| say("record-unnamed-medicine")).to_owned(),
        dose: dose(view),
        answer,
    }
}

fn prescriptions(snapshot: &mut Snapshot, all: &[Value], now: Timestamp) -> Result<Vec<Prescription>, Error> {
    let since = today(now).saturating_sub(span(LISTED_DAYS));
    let mut groups: Vec<(&str, Vec<MedicationEntry<'_>>)> = Vec::new();
    for one in
        all.iter().map(MedicationEntry).filter(|one| is_issue(*one) && one.intent() != Some("proposal"))
    {
        let Some(number) = one.order_number() else { continue };
        match groups.iter_mut().find(|(known, _)| *known == number) {
            Some((_, items)) => items.push(one),
            None => groups.push((number, vec![one])),
        }
    }
    let mut prescriptions = Vec::new();
    for (number, mut items) in groups {
        items.sort_by_key(|one| one.medication_name());
        let Some(first) = items.first() else { continue };
        let written_on = first.authored_on().and_then(day);
        if written_on.is_some_and(|on| on < since) {
            continue;
        }
        prescriptions.push(Prescription {
            id: number.to_owned(),
            written_on,
            prescriber: first.requester().and_then(|one| one.display()).map(str::to_owned),
            pharmacy: match first.dispenser() {
                Some(dispenser) => place(snapshot, dispenser)?,
                None => None,
            },
            items: items.iter().map(|one| item(*one)).collect(),
        });
    }
    prescriptions.sort_by(|a, b| (Reverse(a.written_on), &a.id).cmp(&(Reverse(b.written_on), &b.id)));
    Ok(prescriptions)
}

fn item(view: MedicationEntry<'_>) -> Item {
    let said = view.status_history().find(|one| one.system == Some(ITEM_STATUS));
    let status = said.and_then(|one| ItemStatus::of_code(one.code));
    // An order that came without a status cannot be told apart from one whose tracking is down.
    let status = status.unwrap_or(match view.status() {
        Some("cancelled" | "entered-in-error") => ItemStatus::PrescriberCancelled,
        Some("completed") => ItemStatus::Collected,
        Some("stopped") => ItemStatus::NotDispensed,
        _ => ItemStatus::TrackingUnavailable,
    });
    Item {
        name: view.medication_name().unwrap_or_else(|| say("record-unnamed-medicine")).to_owned(),
        dose: dose(view),
        quantity: quantity(view),
        status,
        since: said.and_then(|one| one.since).and_then(instant),
    }
}

fn asked_at(lines: &[&Value]) -> Option<Timestamp> {
    lines.iter().filter_map(|line| instant(MedicationEntry(line).authored_on()?)).min()
}

fn note(lines: &[&Value]) -> Option<String> {
    lines.iter().find_map(|line| MedicationEntry(line).notes().next()).map(str::to_owned)
}

fn pharmacy_name(lines: &[&Value]) -> Option<String> {
    lines.iter().find_map(|line| MedicationEntry(line).dispenser()?.display()).map(str::to_owned)
}

fn patient_of(line: &Value) -> Option<&str> {
    MedicationEntry(line).subject()?.id_of("Patient")
}

fn span(days: i64) -> Span {
    (days * 24).hours()
}
