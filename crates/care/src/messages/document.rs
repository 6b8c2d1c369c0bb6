//! A message as FHIR: a Communication in the record of the person it is about (<https://hl7.org/fhir/R4/communication.html>).
//! The first message of a thread gives the thread its id; later ones are part of it and in response to the one before.
//! `received` is when the person opened it; who else has read it, who wrote for whom, for whom it needs no answer any more,
//! and the tries to bring it are extensions. A message of the person's is in progress while it waits for an answer; one to
//! the person lies in their inbox and is complete, or not done when it could be brought in no other way that was tried.

use super::cascade::{State, Step};
use super::view::{Attachment, Kind, Message, Party};
use crate::profile::Channel;
use crate::words::instant;
use catalogue::say;
use fhir::json::{Text, Value};
use fhir::systems::{COMMUNICATION_KIND, DELIVERY as DELIVERY_TAG, ODS};
use fhir::views::{Resource, build};
use jiff::Timestamp;

const WRITTEN_BY: &str = "https://bevan.example/StructureDefinition/written-by";
const READ_BY: &str = "https://bevan.example/StructureDefinition/read-by";
const DONE_BY: &str = "https://bevan.example/StructureDefinition/needs-no-answer-of";
const DELIVERY: &str = "https://bevan.example/StructureDefinition/delivery";
/// Tag of what still has to be brought to the patient.
pub(super) const DUE: &str = "due";

/// The tag that has a Communication brought to its patient: app, email, text message, letter.
pub fn due_tag() -> Value {
    build::coding(DELIVERY_TAG, DUE, "")
}

/// A message to be written.
pub struct New<'a> {
    /// Its id.
    pub id: &'a str,
    /// The thread it belongs to and the message that it answers; `None` begins one.
    pub thread: Option<(&'a str, &'a str)>,
    /// The id of the Patient.
    pub patient: &'a str,
    /// What it is.
    pub kind: Kind,
    /// What it is about; empty for none.
    pub subject: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Who says it.
    pub from: Party,
    /// The person who wrote it for whoever says it.
    pub written_by: &'a str,
    /// To whom.
    pub to: Vec<Party>,
    /// The referral it is about.
    pub referral: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// The Communication of a message.
pub fn communication(new: &New<'_>) -> Value {
    let own = new.from == Party::Patient;
    let due = !own && new.to.contains(&Party::Patient) && new.kind != Kind::Closed;
    let waits = own && new.kind.is_talk();
    let recipients: Vec<Value> = new.to.iter().map(|one| reference(one, new.patient)).collect();
    let written = (!new.written_by.is_empty())
        .then(|| build::one(build::extension(WRITTEN_BY, "valueString", Value::from(new.written_by))));
    build::object([
        ("resourceType", Some(Value::from("Communication"))),
        ("id", Some(Value::from(new.id))),
        ("meta", due.then(|| Value::object([("tag", build::one(due_tag()))]))),
        ("extension", written),
        ("basedOn", new.referral.map(|id| build::one(build::reference("ServiceRequest", id)))),
        ("partOf", new.thread.map(|(id, _)| build::one(build::reference("Communication", id)))),
        ("inResponseTo", new.thread.map(|(_, id)| build::one(build::reference("Communication", id)))),
        ("status", Some(Value::from(if waits { "in-progress" } else { "completed" }))),
        ("category", Some(build::one(build::codeable_concept(COMMUNICATION_KIND, new.kind.code(), "")))),
        ("subject", Some(build::reference("Patient", new.patient))),
        ("topic", (!new.subject.is_empty()).then(|| build::concept_text(new.subject))),
        ("sent", Some(Value::from(new.at.to_string()))),
        ("recipient", (!recipients.is_empty()).then_some(Value::Array(recipients))),
        ("sender", Some(reference(&new.from, new.patient))),
        (
            "payload",
            (!new.text.is_empty())
                .then(|| build::one(Value::object([("contentString", Value::from(new.text))]))),
        ),
    ])
}

fn reference(party: &Party, patient: &str) -> Value {
    match party {
        Party::Patient => build::reference("Patient", patient),
        Party::Organisation { id, ods, name } => {
            let mut one = build::reference_named("Organization", id, name);
            if let (Some(members), false) = (one.as_object_mut(), ods.is_empty()) {
                members.insert("identifier", build::identifier(ODS, ods));
            }
            one
        }
        Party::Other { name } => Value::object([("display", Value::from(name.as_str()))]),
    }
}

/// What a Communication says; `None` when it is about nobody or was entered in error.
pub fn message(document: &Value) -> Option<Message> {
    if document.status() == Some("entered-in-error") {
        return None;
    }
    let patient = document.subject()?.id_of("Patient")?.to_owned();
    let id = document.id()?.to_owned();
    let part_of = document.items("partOf").iter().find_map(|one| target(one, "Communication"));
    let payload = document.items("payload");
    let texts = payload.iter().filter_map(|one| one.text_at(&["contentString"]).map(str::to_owned));
    let sent = document.text_at(&["sent"]).and_then(instant);
    let updated = document.text_at(&["meta", "lastUpdated"]).and_then(instant);
    let of = |url: &'static str| {
        document.items("extension").iter().filter(move |one| one.text_at(&["url"]) == Some(url))
    };
    let tags = document.at(&["meta"]).map(|meta| meta.items("tag")).unwrap_or_default();
    Some(Message {
        thread: part_of.unwrap_or(&id).to_owned(),
        from: document.get("sender").map(|one| party(one, &patient)),
        to: document.items("recipient").iter().map(|one| party(one, &patient)).collect(),
        kind: kind(document),
        subject: document.text_at(&["topic", "text"]).map(str::to_owned),
        text: texts.collect::<Vec<_>>().join("\n\n"),
        attachments: payload.iter().filter_map(attachment).collect(),
        sent: sent.or(updated).unwrap_or(Timestamp::UNIX_EPOCH),
        opened: document.text_at(&["received"]).and_then(instant),
        referral: document
            .items("basedOn")
            .iter()
            .find_map(|one| target(one, "ServiceRequest"))
            .map(str::to_owned),
        written_by: of(WRITTEN_BY).find_map(|one| one.text_at(&["valueString"])).map(str::to_owned),
        read_by: of(READ_BY).filter_map(|one| one.text_at(&["valueString"])).map(str::to_owned).collect(),
        waits: document.status() == Some("in-progress"),
        done_by: of(DONE_BY).filter_map(|one| one.text_at(&["valueString"])).map(str::to_owned).collect(),
        steps: of(DELIVERY).filter_map(step).collect(),
        due: tags
            .iter()
            .any(|one| one.text_at(&["system"]) == Some(DELIVERY_TAG) && one.text_at(&["code"]) == Some(DUE)),
        lost: document.status() == Some("not-done"),
        id,
        patient,
    })
}

fn attachment(payload: &Value) -> Option<Attachment> {
    if let Some(reference) = payload.get("contentReference") {
        let document = target(reference, "DocumentReference").map(str::to_owned);
        let title = reference.text_at(&["display"]).unwrap_or_else(|| say("record-kind-document")).to_owned();
        return Some(Attachment { title, document });
    }
    let title = payload.get("contentAttachment")?.text_at(&["title"])?.to_owned();
    Some(Attachment { title, document: None })
}

fn kind(document: &Value) -> Kind {
    let codes = document.items("category").iter().flat_map(|one| one.items("coding"));
    codes.filter_map(|one| one.text_at(&["code"])).find_map(Kind::of_code).unwrap_or(Kind::Message)
}

fn target<'a>(reference: &'a Value, type_: &str) -> Option<&'a str> {
    reference.text_at(&["reference"])?.strip_prefix(type_)?.strip_prefix('/')
}

fn party(reference: &Value, patient: &str) -> Party {
    if target(reference, "Patient") == Some(patient) {
        return Party::Patient;
    }
    let name = reference.text_at(&["display"]).unwrap_or_default().to_owned();
    let ods = reference.text_at(&["identifier", "system"]).filter(|system| *system == ODS);
    let ods = ods.and(reference.text_at(&["identifier", "value"])).unwrap_or_default().to_owned();
    match target(reference, "Organization") {
        Some(id) => Party::Organisation { id: id.to_owned(), ods, name },
        None if !ods.is_empty() => Party::Organisation { id: fhir::identity::organization(&ods), ods, name },
        None => Party::Other { name },
    }
}

fn step(extension: &Value) -> Option<Step> {
    let part = |url: &str| extension.items("extension").iter().find(|one| one.text_at(&["url"]) == Some(url));
    Some(Step {
        channel: Channel::of_code(part("channel")?.text_at(&["valueCode"])?)?,
        state: State::of_code(part("state")?.text_at(&["valueCode"])?)?,
        at: part("at")?.text_at(&["valueInstant"])?.parse().ok()?,
        reason: part("reason").and_then(|one| one.text_at(&["valueString"])).map(str::to_owned),
    })
}

/// The document after one more try to bring it.
pub fn with_step(document: Value, step: &Step) -> Value {
    let mut parts = vec![
        build::extension("channel", "valueCode", Value::from(step.channel.code())),
        build::extension("state", "valueCode", Value::from(step.state.code())),
        build::extension("at", "valueInstant", Value::from(step.at.to_string())),
    ];
    if let Some(reason) = step.reason.as_deref().filter(|words| !words.is_empty()) {
        parts.push(build::extension("reason", "valueString", Value::from(reason)));
    }
    extended(document, Value::object([("url", Value::from(DELIVERY)), ("extension", Value::Array(parts))]))
}

/// The document after an organisation, or somebody who acts for the patient, has read it.
pub fn read_by(document: Value, reader: &str) -> Value {
    extended(document, build::extension(READ_BY, "valueString", Value::from(reader)))
}

/// The document after an organisation needs no more to answer it.
pub fn done_by(document: Value, organisation: &str) -> Value {
    extended(document, build::extension(DONE_BY, "valueString", Value::from(organisation)))
}

/// The document when nobody waits for an answer to it any more.
pub fn answered(document: Value) -> Value {
    with(document, "status", Value::from("completed"))
}

/// The document after the person opened it.
pub fn opened(document: Value, at: Timestamp) -> Value {
    with(document, "received", Value::from(at.to_string()))
}

/// The document when there is nothing more to do to bring it.
pub fn settled(document: Value, delivered: bool) -> Value {
    let status = if delivered { "completed" } else { "not-done" };
    let mut document = with(document, "status", Value::from(status));
    if let Some(members) = document.as_object_mut()
        && let Some(Value::Object(meta)) = members.get_mut("meta")
    {
        let tags = meta.get("tag").and_then(Value::as_array).unwrap_or_default();
        let left: Vec<Value> =
            tags.iter().filter(|one| one.text_at(&["system"]) != Some(DELIVERY_TAG)).cloned().collect();
        if left.is_empty() {
            meta.remove("tag");
        } else {
            meta.insert("tag", Value::Array(left));
        }
        // FHIR knows no empty objects.
        if meta.is_empty() {
            members.remove("meta");
        }
    }
    document
}

fn extended(mut document: Value, extension: Value) -> Value {
    let all: Vec<Value> = document.items("extension").iter().cloned().chain([extension]).collect();
    if let Some(members) = document.as_object_mut() {
        members.insert(Text::from("extension"), Value::Array(all));
    }
    document
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.insert(Text::from(name), value);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn practice() -> Party {
        Party::Organisation { id: "o".into(), ods: "Z99".into(), name: "Example Surgery".into() }
    }

    fn new(from: Party, to: Vec<Party>) -> Value {
        communication(&New {
            id: "m",
            thread: Some(("first", "last")),
            patient: "p",
            kind: Kind::Message,
            subject: "Your referral",
            text: "Line one\nline two",
            from,
            written_by: "Dr Sample",
            to,
            referral: Some("r"),
            at: "2026-11-20T14:05:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn what_is_written_is_sound_and_reads_back() {
        let at: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
        let document = new(practice(), vec![Party::Patient, Party::Other { name: "Team".into() }]);
        let step =
            Step { channel: Channel::Email, state: State::Failed, at, reason: Some("no answer".into()) };
        let later = opened(done_by(read_by(with_step(document.clone(), &step), "o2"), "o2"), at);
        for one in [&document, &later, &settled(later.clone(), true), &settled(later.clone(), false)] {
            let issues = fhir::validate::structural(one);
            assert!(issues.iter().all(|issue| !issue.is_error()), "{issues:?}");
        }
        let read = message(&later).unwrap();
        assert_eq!((read.id.as_str(), read.thread.as_str(), read.patient.as_str()), ("m", "first", "p"));
        assert_eq!((read.from, read.opened, read.due), (Some(practice()), Some(at), true));
        assert_eq!((read.steps, read.read_by), (vec![step], vec![String::from("o2")]));
        assert_eq!((read.done_by, read.waits), (vec![String::from("o2")], false));
        let done = message(&settled(later.clone(), true)).unwrap();
        assert!(!done.due && !done.lost);
        assert!(message(&settled(later, false)).unwrap().lost);
    }

    #[test]
    fn only_what_others_say_to_the_person_is_brought_to_them() {
        let own = new(Party::Patient, vec![practice()]);
        assert!(!message(&own).unwrap().due);
        assert!(message(&own).unwrap().waits && !message(&answered(own)).unwrap().waits);
        assert!(!message(&new(practice(), vec![Party::Other { name: "Team".into() }])).unwrap().due);
        assert!(message(&new(practice(), vec![Party::Patient])).unwrap().due);
    }
}
