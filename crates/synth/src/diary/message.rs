//! Messages: a conversation of the patient, their surgery and the hospital team on an open referral, and a notice of the
//! surgery. Written as the house itself writes them: Communication, the first of a thread and its answers.

use super::referral::Open;
use crate::calendar::{Day, HOUR, MINUTE, Seconds, fhir_instant};
use crate::compose::{ODS, concept, identifier, list, named_reference, object, one, reference, text};
use crate::person::Person;
use crate::rng::Rng;
use crate::world::{Practitioner, World};
use fhir::identity;
use fhir::json::Value;

const WRITTEN_BY: &str = "https://bevan.example/StructureDefinition/written-by";
const READ_BY: &str = "https://bevan.example/StructureDefinition/read-by";

/// How a conversation on a referral goes: who writes, how many days after the one before, and what.
const ABOUT: [[(Who, i32, &str); 4]; 3] = [
    [
        (
            Who::Surgery,
            0,
            "We have referred you to {specialty}. You, we and the hospital team can all write here. Tell us if things get worse while you wait.",
        ),
        (
            Who::Hospital,
            6,
            "Thank you, we have your referral. You are on our waiting list. You do not need to do anything now. We will write when we have a date.",
        ),
        (Who::Patient, 9, "Thank you. Should I carry on with the tablets I have until then?"),
        (
            Who::Surgery,
            1,
            "Yes, please carry on as before. If they upset your stomach, or the pain keeps you awake, write here or call us.",
        ),
    ],
    [
        (
            Who::Surgery,
            0,
            "Your referral to {specialty} has gone to the hospital today. This is where all of us can see what has been said.",
        ),
        (Who::Patient, 12, "I can come at short notice, any day but Thursday, if somebody cancels."),
        (
            Who::Hospital,
            2,
            "That is helpful, we have put you on the short-notice list. We will phone you on your mobile, so please keep it near.",
        ),
        (
            Who::Patient,
            8,
            "My number is still the same. Is there anything I should bring to the appointment?",
        ),
    ],
    [
        (Who::Surgery, 0, "We have asked {specialty} for their advice, and sent them your last blood tests."),
        (
            Who::Hospital,
            5,
            "We have read them. Before we see you we would like one more blood test. Your surgery will arrange it.",
        ),
        (
            Who::Surgery,
            1,
            "You can book that blood test with us at any time, in the morning, without breakfast.",
        ),
        (Who::Patient, 3, "I had the test this morning. Will you both get the result?"),
    ],
];

const QUESTION: &str =
    "One of my tablets makes me feel dizzy in the morning. Should I take it in the evening instead?";
const ANSWER: &str = "Thank you for telling us. Please keep taking it as the label says until we have spoken. Book a phone appointment with us this week. Call 111 if it gets worse.";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Patient,
    Surgery,
    Hospital,
}

/// The messages of a person with these open referrals.
pub(super) fn messages(world: &World, person: &Person, open: &[Open]) -> Vec<Value> {
    let mut rng = Rng::keyed(world.plan().seed, "messages", person.index);
    let mut out = Vec::new();
    for referral in open {
        if rng.chance(0.7) {
            out.extend(conversation(world, person, (referral, &mut rng)));
        }
    }
    if rng.chance(0.4) {
        out.extend(invitation(world, person, &mut rng));
    }
    out
}

fn conversation(world: &World, person: &Person, (referral, rng): (&Open, &mut Rng)) -> Vec<Value> {
    let Some(turns) = ABOUT.get(rng.below(3) as usize) else { return Vec::new() };
    let Some(practice) = world.organisations().get(person.practice) else { return Vec::new() };
    let party = |who: Who| match who {
        Who::Patient => reference("Patient", &person.patient_id),
        Who::Surgery => {
            with_ods(named_reference("Organization", &practice.id, &practice.name), &practice.ods)
        }
        Who::Hospital => referral.hospital.clone(),
    };
    let subject = format!("Your referral to {}", referral.specialty.to_lowercase());
    let id = |turn: usize| {
        let parts = ["referral", &referral.number.to_string(), &turn.to_string()];
        identity::resource_id("communication", &person.patient_id, &parts)
    };
    let mut at: Seconds = referral.written;
    let mut out: Vec<Value> = Vec::new();
    for (turn, (who, days, words)) in turns.iter().enumerate() {
        if turn > 0 {
            // What a patient says at the end waits for an answer, and nobody waits for months.
            let waits = *who == Who::Patient && turn + 1 == turns.len();
            let day = match waits {
                true => Day::holding(world.start()).plus(-(rng.between(1, 4) as i32)),
                false => Day::holding(at).plus(*days),
            };
            let hour = day.at(9 * HOUR + rng.below(8) as i64 * HOUR + rng.below(12) as i64 * 5 * MINUTE);
            at = hour.max(at + HOUR);
        }
        if at >= world.start() {
            break;
        }
        let others = [Who::Patient, Who::Surgery, Who::Hospital].into_iter().filter(|one| one != who);
        let by = match who {
            Who::Patient => None,
            Who::Surgery => referral.doctor.as_deref(),
            Who::Hospital => referral.consultant.as_deref(),
        };
        out.push(object([
            ("resourceType", text("Communication")),
            ("id", text(&id(turn))),
            ("extension", by.and_then(|by| one(said(WRITTEN_BY, by)))),
            ("basedOn", one(reference("ServiceRequest", &referral.id))),
            ("partOf", if turn > 0 { one(reference("Communication", &id(0))) } else { None }),
            ("inResponseTo", if turn > 0 { one(reference("Communication", &id(turn - 1))) } else { None }),
            ("status", text("completed")),
            ("category", one(concept(fhir::systems::COMMUNICATION_KIND, "message", "Message"))),
            ("subject", Some(reference("Patient", &person.patient_id))),
            ("topic", Some(object([("text", text(&subject))]))),
            ("sent", text(&fhir_instant(at))),
            ("recipient", Some(list(others.map(party)))),
            ("sender", Some(party(*who))),
            (
                "payload",
                one(object([("contentString", text(&words.replace("{specialty}", referral.specialty)))])),
            ),
        ]));
    }
    read(&mut out, person, &practice.id);
    out
}

/// The last message of a conversation is new to whom it is for, or waits for an answer; those before have been read.
fn read(turns: &mut [Value], person: &Person, practice: &str) {
    let own = format!("Patient/{}", person.patient_id);
    let count = turns.len();
    for (turn, one) in turns.iter_mut().enumerate() {
        let by_patient = one.text_at(&["sender", "reference"]) == Some(own.as_str());
        let last = turn + 1 == count;
        let sent = one.text_at(&["sent"]).unwrap_or_default().to_owned();
        let Some(members) = one.as_object_mut() else { continue };
        match (by_patient, last) {
            (true, true) => drop(members.insert("status", Value::from("in-progress"))),
            (true, false) => {
                let read = said(READ_BY, practice);
                drop(members.insert("extension", Value::Array(vec![read])));
            }
            (false, false) => drop(members.insert("received", Value::from(sent))),
            (false, true) => {}
        }
    }
}

/// An invitation from the surgery, to which nobody reads answers.
fn invitation(world: &World, person: &Person, rng: &mut Rng) -> Option<Value> {
    let practice = world.organisations().get(person.practice)?;
    let (subject, words) = match person.age_on(world.today()) {
        65.. => (
            "Your flu vaccination",
            "You can have your flu vaccination at the surgery or at a pharmacy. It is free. Call us to book, or ask at the pharmacy.",
        ),
        40..65 => (
            "Your health check",
            "You can have a free health check: blood pressure, cholesterol and weight. It takes 20 minutes. Call us to book.",
        ),
        16..40 => (
            "Keep your details up to date",
            "Please check that your phone number and address are right in your profile, so that we can reach you.",
        ),
        _ => return None,
    };
    let day = Day::holding(world.start()).plus(-(rng.between(2, 60) as i32));
    let at = day.at(10 * HOUR + rng.below(6) as i64 * HOUR);
    let sent = fhir_instant(at);
    let seen = rng.chance(0.5);
    Some(object([
        ("resourceType", text("Communication")),
        ("id", text(&identity::resource_id("communication", &person.patient_id, &["invitation"]))),
        ("status", text("completed")),
        ("category", one(concept(fhir::systems::COMMUNICATION_KIND, "notice", "Notice"))),
        ("subject", Some(reference("Patient", &person.patient_id))),
        ("topic", Some(object([("text", text(subject))]))),
        ("sent", text(&sent)),
        ("received", if seen { text(&sent) } else { None }),
        ("recipient", one(reference("Patient", &person.patient_id))),
        (
            "sender",
            Some(with_ods(named_reference("Organization", &practice.id, &practice.name), &practice.ods)),
        ),
        ("payload", one(object([("contentString", text(words))]))),
    ]))
}

/// What passed between a person and their surgery this week: their question, and an answer that they have not read.
pub(super) fn question(world: &World, person: &Person) -> Vec<Value> {
    let Some(practice) = world.organisations().get(person.practice) else { return Vec::new() };
    let surgery = with_ods(named_reference("Organization", &practice.id, &practice.name), &practice.ods);
    let patient = reference("Patient", &person.patient_id);
    let id = |turn: &str| identity::resource_id("communication", &person.patient_id, &["question", turn]);
    let first = || one(reference("Communication", &id("0")));
    let turn = |number: &str, (day, hour): (i32, Seconds), words: &str| {
        let answer = number != "0";
        let by = if answer { crate::record::doctor(world, person).map(Practitioner::name) } else { None };
        let said =
            if answer { by.map(|by| said(WRITTEN_BY, &by)) } else { Some(said(READ_BY, &practice.id)) };
        let (from, to) = if answer { (&surgery, &patient) } else { (&patient, &surgery) };
        object([
            ("resourceType", text("Communication")),
            ("id", text(&id(number))),
            ("extension", said.and_then(one)),
            ("partOf", if answer { first() } else { None }),
            ("inResponseTo", if answer { first() } else { None }),
            ("status", text("completed")),
            ("category", one(concept(fhir::systems::COMMUNICATION_KIND, "message", "Message"))),
            ("subject", Some(patient.clone())),
            ("topic", Some(object([("text", text("My tablets"))]))),
            ("sent", text(&fhir_instant(Day::holding(world.start()).plus(day).at(hour)))),
            ("recipient", one(to.clone())),
            ("sender", Some(from.clone())),
            ("payload", one(object([("contentString", text(words))]))),
        ])
    };
    vec![turn("0", (-3, 11 * HOUR), QUESTION), turn("1", (-2, 16 * HOUR), ANSWER)]
}

fn said(url: &str, value: &str) -> Value {
    object([("url", text(url)), ("valueString", text(value))])
}

fn with_ods(mut organisation: Value, ods: &str) -> Value {
    if let Some(members) = organisation.as_object_mut() {
        members.insert("identifier", identifier(ODS, ods));
    }
    organisation
}

#[cfg(test)]
mod tests {
    use crate::diary::bookings;
    use crate::world::{Plan, World};
    use fhir::json::Value;
    use std::collections::BTreeMap;

    #[test]
    fn some_conversations_have_three_parties_and_some_wait_for_an_answer() {
        let world =
            World::new(Plan { seed: 42, people: 400, start: "2026-11-02T08:00:00Z".parse().unwrap() });
        let all: Vec<Value> = world.people().flat_map(|person| bookings(&world, &person)).collect();
        let messages: Vec<&Value> =
            all.iter().filter(|one| one.text_at(&["resourceType"]) == Some("Communication")).collect();
        let mut senders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in &messages {
            let own = one.text_at(&["id"]).unwrap();
            let thread = one.items("partOf").first().and_then(|one| one.text_at(&["reference"]));
            let thread = thread.and_then(|one| one.strip_prefix("Communication/")).unwrap_or(own);
            senders.entry(thread).or_default().push(one.text_at(&["sender", "reference"]).unwrap());
        }
        let three = |all: &Vec<&str>| {
            let mut all = all.clone();
            all.sort_unstable();
            all.dedup();
            all.len() == 3
        };
        assert!(senders.values().filter(|all| three(all)).count() >= 10, "{}", senders.len());
        let waiting = messages.iter().filter(|one| one.text_at(&["status"]) == Some("in-progress"));
        assert!(waiting.count() >= 5);
        let unread = messages.iter().filter(|one| one.get("received").is_none());
        assert!(unread.count() >= 20);
    }
}
