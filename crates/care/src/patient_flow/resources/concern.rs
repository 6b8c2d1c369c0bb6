//! DetectedIssue: matters of the patient flow that a person should look at. One resource for each kind of matter of a
//! stay, for each pair of records that may not be joined, and for each bed that several stays hold.
//!
//! What is open follows from the set of messages alone, whatever order they came in, and carries the tag `open`. A matter
//! that later messages settle stays as history with another status; whether it ever stood depends on what was known when.
//! A resource must never name another person than its own patient; that of a bed belongs to nobody's record.
//! <https://hl7.org/fhir/R4/detectedissue.html>

use super::super::event::Place;
use super::super::moment::Moment;
use super::super::people::{Link, Person};
use super::super::stay::{Concern, Origin, Stay};
use super::encounter::{encounter_id, words};
use super::location::{label, location_id};
use super::patient::patient_id;
use super::{Draft, OWN, coding, concept_of, draft, list, own_system, reference};
use fhir::identity;
use fhir::json::{Object, Value};
use std::collections::BTreeMap;

/// The code that `_tag` finds open matters by.
const OPEN: &str = "open";

/// The Encounters that hold a bed, each with its entry of `Encounter.location`.
pub type Holders = BTreeMap<String, Value>;

/// A kind of matter: its code, how grave it is, what it is in a few words, and what it means.
struct Matter {
    code: &'static str,
    severity: &'static str,
    words: &'static str,
    detail: &'static str,
}

/// The system of the tag of open matters.
#[must_use]
pub fn open_system() -> String {
    format!("{OWN}/code-system/tag")
}

fn matter(concern: &Concern) -> &'static Matter {
    match concern {
        Concern::NothingToCancel(_) => &NOTHING_TO_CANCEL,
        Concern::AfterDischarge(_) => &AFTER_DISCHARGE,
        Concern::AfterVoid(_) => &AFTER_VOID,
        Concern::PlaceDiffers(_) => &PLACE_DIFFERS,
        Concern::PatientDiffers(..) => &PATIENT_DIFFERS,
        Concern::FutureTime(_) => &FUTURE_TIME,
        Concern::NotOnLeave(_) => &NOT_ON_LEAVE,
    }
}

const NOTHING_TO_CANCEL: Matter = Matter {
    code: "nothing-to-cancel",
    severity: "moderate",
    words: "Cancellation of something never reported",
    detail: "A message cancels what no message has reported. A message may be missing.",
};

const AFTER_DISCHARGE: Matter = Matter {
    code: "after-discharge",
    severity: "moderate",
    words: "Movement after the discharge",
    detail: "A message moves a patient whose discharge stands. It has no effect until the discharge is cancelled.",
};

const AFTER_VOID: Matter = Matter {
    code: "after-cancelled-admission",
    severity: "moderate",
    words: "Movement after the admission was cancelled",
    detail: "A message speaks of a stay whose admission was cancelled. It has no effect until the patient is admitted again.",
};

const PLACE_DIFFERS: Matter = Matter {
    code: "place-differs",
    severity: "moderate",
    words: "Update names another place",
    detail: "An update names another place than the movements do. The movements count.",
};

const PATIENT_DIFFERS: Matter = Matter {
    code: "patient-differs",
    severity: "high",
    words: "Message names another patient for the stay",
    detail: "A message about the stay names another patient than the stay was opened for, and no merge joins the two. The stay keeps its patient.",
};

const FUTURE_TIME: Matter = Matter {
    code: "future-time",
    severity: "low",
    words: "Time far in the future",
    detail: "A message states a time more than a day after it arrived. The time is kept and not used.",
};

const NOT_ON_LEAVE: Matter = Matter {
    code: "not-on-leave",
    severity: "low",
    words: "Back from leave without having gone",
    detail: "A message reports the end of a leave whose beginning no message has reported.",
};

const PARKED: Matter = Matter {
    code: "merge-parked",
    severity: "high",
    words: "Records not joined: NHS numbers differ",
    detail: "A message joins two records whose NHS numbers are both verified and differ. They are kept apart until a person decides.",
};

const TWICE: Matter = Matter {
    code: "bed-held-twice",
    severity: "high",
    words: "More than one patient in a bed",
    detail: "The messages put more than one patient into the bed.",
};

/// Every kind of matter.
const ALL: [&Matter; 9] = [
    &NOTHING_TO_CANCEL,
    &AFTER_DISCHARGE,
    &AFTER_VOID,
    &PLACE_DIFFERS,
    &PATIENT_DIFFERS,
    &FUTURE_TIME,
    &NOT_ON_LEAVE,
    &PARKED,
    &TWICE,
];

/// What a matter of ours is in a few words, and what it means, by its code: what a resource says of itself may be anybody's.
#[must_use]
pub fn in_words(issue: &Value) -> Option<(&'static str, &'static str)> {
    let ours = concern_system();
    let codes = issue.get("code").map(|code| code.items("coding")).unwrap_or_default();
    let code =
        codes.iter().find(|coding| coding.text_at(&["system"]) == Some(ours.as_str()))?.text_at(&["code"])?;
    ALL.iter().find(|matter| matter.code == code).map(|matter| (matter.words, matter.detail))
}

fn concern_system() -> String {
    format!("{OWN}/code-system/flow-concern")
}

/// The matters of a stay, one for each kind, with every message that gave rise to it.
#[must_use]
pub fn concerns(stay: &Stay) -> Vec<Value> {
    let mut kinds: BTreeMap<&'static str, (&Matter, Vec<&Origin>)> = BTreeMap::new();
    for concern in &stay.concerns {
        let matter = matter(concern);
        kinds.entry(matter.code).or_insert_with(|| (matter, Vec::new())).1.push(concern.origin());
    }
    let ward = stay.placements.last().map(|placement| ward_of(&placement.place));
    let implicated = std::iter::once(reference("Encounter", &encounter_id(&stay.key))).chain(ward);
    let implicated = list(implicated);
    let one = |(matter, mut origins): (&Matter, Vec<&Origin>)| {
        origins.sort_by_key(|origin| (origin.recorded_at.from, &origin.control_id));
        origins.dedup_by_key(|origin| (&origin.facility, &origin.control_id, origin.recorded_at.from));
        let evidence = origins.iter().map(|origin| {
            let said = format!("{} message {}", words(origin.action), origin.control_id);
            message(&origin.facility, &origin.control_id, &said)
        });
        let id = identity::resource_id("concern", &stay.key.facility, &[&stay.key.visit, matter.code]);
        let mut issue = open(&id, matter);
        issue
            .set("patient", reference("Patient", &patient_id(&stay.patient)))
            .maybe("identifiedDateTime", origins.first().map(|origin| origin.recorded_at.to_fhir()))
            .set("implicated", implicated.clone())
            .set("evidence", list(evidence))
            .set("detail", matter.detail);
        issue.done()
    };
    kinds.into_values().map(one).collect()
}

/// The joins of a person's record that wait for a person's decision.
#[must_use]
pub fn parked(person: &Person) -> Vec<Value> {
    let one = |link: &Link| {
        let (own, other) = (&person.key, &link.other);
        let parts = [&own.number, &other.authority, &other.number].map(String::as_str);
        let id = identity::resource_id("parked", &own.authority, &parts);
        let evidence =
            message(&link.facility, &link.control_id, &format!("merge message {}", link.control_id));
        let mut issue = open(&id, &PARKED);
        issue
            .set("patient", reference("Patient", &patient_id(own)))
            .set("identifiedDateTime", link.since.to_fhir())
            .set("evidence", list([evidence]))
            .set("detail", PARKED.detail);
        issue.done()
    };
    person.links.iter().filter(|link| link.parked).map(one).collect()
}

/// The id of the matter of a bed that several stays hold.
#[must_use]
pub fn bed_concern_id(bed: &Place) -> String {
    identity::resource_id("bed-held-twice", &bed.facility, &[&bed.ward, &bed.bay, &bed.bed])
}

/// The matter of a bed; `None` while at most one stay holds it.
#[must_use]
pub fn bed_concern(bed: &Place, holders: &Holders) -> Option<Value> {
    if holders.len() < 2 {
        return None;
    }
    let mut place = reference("Location", &location_id(bed));
    if let Some(members) = place.as_object_mut() {
        members.insert("display", Value::from(label(bed)));
    }
    let stays = holders.keys().map(|id| reference("Encounter", id));
    let since = holders.values().filter_map(|entry| entry.text_at(&["period", "start"]));
    let since = since.max_by_key(|start| (start.parse::<jiff::Timestamp>().ok(), *start));
    let evidence = holders.values().flat_map(|entry| entry.items("extension")).filter_map(|extension| {
        let number = extension.get("valueIdentifier")?;
        let mut identifier = Object::new();
        for name in ["system", "value"] {
            identifier.insert(name, number.get(name)?.clone());
        }
        let said = number.at(&["type", "text"])?.clone();
        Some(detail([("identifier", Value::Object(identifier)), ("display", said)]))
    });
    let mut issue = open(&bed_concern_id(bed), &TWICE);
    issue
        .maybe("identifiedDateTime", since)
        .set("implicated", list(std::iter::once(place).chain(stays)))
        .maybe("evidence", Some(list(evidence)))
        .set("detail", TWICE.detail);
    Some(issue.done())
}

/// The matter once later messages settled it.
#[must_use]
pub fn settled(issue: &Value, at: &Moment) -> Value {
    let mut members = issue.as_object().cloned().unwrap_or_default();
    members.remove("meta");
    members.insert("status", Value::from("cancelled"));
    let mut mitigation = draft();
    mitigation
        .set("action", Value::object([("text", Value::from("Settled by a later message"))]))
        .set("date", at.to_fhir());
    members.insert("mitigation", list([mitigation.done()]));
    Value::Object(members)
}

/// Whether the resource is a matter that is still open.
#[must_use]
pub fn is_open(issue: &Value) -> bool {
    let tags = issue.get("meta").map(|meta| meta.items("tag")).unwrap_or_default();
    issue.text_at(&["status"]) == Some("final") && tags.iter().any(|tag| tag.text_at(&["code"]) == Some(OPEN))
}

/// The matter once a person closed it: what they said of it stays true, and nobody has to look any more. What messages say
/// anew opens it again.
#[must_use]
pub fn closed(issue: &Value, who: &str, at: jiff::Timestamp) -> Value {
    let mut members = issue.as_object().cloned().unwrap_or_default();
    if let Some(Value::Object(meta)) = members.get_mut("meta") {
        let tags = meta.get("tag").and_then(Value::as_array).unwrap_or_default();
        let kept: Vec<Value> =
            tags.iter().filter(|tag| tag.text_at(&["code"]) != Some(OPEN)).cloned().collect();
        if kept.is_empty() {
            meta.remove("tag");
        } else {
            meta.insert("tag", Value::Array(kept));
        }
    }
    let author = match who.contains('/') {
        true => Value::object([("reference", Value::from(who))]),
        false => Value::object([("identifier", Value::object([("value", Value::from(who))]))]),
    };
    let mut mitigation = draft();
    mitigation
        .set("action", Value::object([("text", Value::from("Closed by a person"))]))
        .set("date", at.to_string())
        .set("author", author);
    let noted = issue.items("mitigation").iter().cloned().chain([mitigation.done()]);
    members.insert("mitigation", list(noted));
    Value::Object(members)
}

/// Whether a person closed the matter.
fn is_closed(issue: &Object) -> bool {
    let issue = Value::Object(issue.clone());
    let by_a_person = issue.items("mitigation").iter().any(|one| one.get("author").is_some());
    issue.text_at(&["status"]) == Some("final") && !is_open(&issue) && by_a_person
}

/// What stands for a matter of these words where `present` stands. Settling keeps what a person noted as done about it.
pub(super) fn over(said: &Value, before: Option<&Value>, present: &Object) -> Value {
    let same = |name| said.get(name) == present.get(name);
    let says_nothing_new = is_open(said) && same("evidence") && same("implicated");
    if before == Some(said) || says_nothing_new && is_closed(present) {
        return Value::Object(present.clone());
    }
    let mut members = said.as_object().cloned().unwrap_or_default();
    let noted = present.get("mitigation").and_then(Value::as_array).unwrap_or_default();
    let by_people: Vec<Value> = noted.iter().filter(|one| one.get("author").is_some()).cloned().collect();
    if let Some(own) = members.get("mitigation").and_then(Value::as_array) {
        let kept = noted.iter().filter(|one| !own.contains(one)).chain(own).cloned();
        let all = list(kept);
        members.insert("mitigation", all);
    } else if !by_people.is_empty() {
        members.insert("mitigation", Value::Array(by_people));
    }
    Value::Object(members)
}

fn open(id: &str, matter: &Matter) -> Draft {
    let mut issue = Draft::resource("DetectedIssue", id, None);
    let tag = coding(&open_system(), OPEN, "Still to be looked at");
    issue
        .set("meta", Value::object([("tag", list([tag]))]))
        .set("status", "final")
        .set("code", concept_of(&concern_system(), matter.code, matter.words))
        .set("severity", matter.severity);
    issue
}

fn ward_of(place: &Place) -> Value {
    let ward = Place { bay: String::new(), bed: String::new(), ..place.clone() };
    let mut reference = reference("Location", &location_id(&ward));
    if let Some(members) = reference.as_object_mut() {
        members.insert("display", Value::from(label(&ward)));
    }
    reference
}

fn message(facility: &str, control_id: &str, said: &str) -> Value {
    let mut number = draft();
    number.set("system", own_system(facility, "message")).maybe("value", Some(control_id));
    detail([("identifier", number.done()), ("display", Value::from(said.trim()))])
}

fn detail(members: [(&str, Value); 2]) -> Value {
    Value::object([("detail", list([Value::object(members)]))])
}
