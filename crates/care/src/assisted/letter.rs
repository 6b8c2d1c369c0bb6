//! The letter that says what staff did in a patient's place: one for everything that one member of staff did in a row,
//! made of the Provenances that the store wrote and of which the patient has not been told. Written when the member of staff
//! says that they are done, or an hour after the last deed when they forget to; the letter and the end of its Provenances'
//! tags are one commit, so it is written once. Must never tell whoever acts for the patient what they may not see.

use super::deed::{Deed, deed};
use super::read::envelope;
use super::view::{Finished, Letter};
use crate::family::called;
use crate::labels::{inherited, restricted};
use crate::lookup::{all, id, unseen};
use crate::places::organisation_of;
use crate::profile::contacts::at_present;
use crate::view::Unseen;
use catalogue::{dates, fill, say};
use fhir::json::Value;
use fhir::systems::{COMMUNICATION_KIND, DELIVERY, ODS};
use fhir::views::build;
use jiff::{SignedDuration, Timestamp};
use store::{
    ASKED_SYSTEM, Actor, CONFIRM, CONFIRM_WITHOUT_POST, Error, Found, IfMatch, PARTICIPANT, Prepared,
    Snapshot, Store,
};

/// The tag ([`DELIVERY`]) of what has to be brought to the patient.
const DUE: &str = "due";
/// The kind of the letter.
const KIND: &str = "assisted";
/// Who wrote a message for the organisation that sends it.
const WRITTEN_BY: &str = "https://bevan.example/StructureDefinition/written-by";
/// Deeds are confirmed after this long when nobody says that they are done.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// What one member of staff did for one patient.
struct Act {
    patient: String,
    /// Whose hand: reference, and name.
    hand: (String, String),
    /// ODS code of their organisation.
    house: String,
    /// Whether a letter may be sent.
    post: bool,
    /// How it was asked, and the RelatedPerson who asked.
    asked: (String, Option<String>),
    /// Oldest first.
    provenances: Vec<Value>,
    newest: Timestamp,
}

fn worker() -> Actor {
    Actor::system("assisted")
}

/// Writes the letters that nobody waited for; says how many.
pub async fn confirm(store: &Store) -> Result<usize, Unseen> {
    let before = store.environment().clock.now().checked_sub(PATIENCE).unwrap_or(Timestamp::UNIX_EPOCH);
    let ripe = move |act: &Act| act.newest <= before;
    let due = store.read(worker(), move |snapshot| Ok(acts(snapshot, None)?.iter().any(ripe)));
    if !due.await.map_err(|error| unseen(&error))? {
        return Ok(0);
    }
    let written = store.write(worker(), move |transaction| {
        let mut written = 0;
        for act in acts(transaction, None)?.into_iter().filter(ripe) {
            tell(transaction, &act)?;
            written += 1;
        }
        Ok(written)
    });
    written.await.map_err(|error| unseen(&error))
}

/// Writes the letter about what this member of staff did for a patient.
pub(super) async fn finish(store: &Store, actor: &Actor, patient: &str) -> Result<Finished, Unseen> {
    let (hand, patient) = (actor.id.to_string(), patient.to_owned());
    let written = store.write(worker(), move |transaction| {
        let name = match transaction.read("Patient", &patient)? {
            Found::Present(person) => called(&person.value()?),
            _ => String::new(),
        };
        let mut finished = Finished { name, deeds: Vec::new(), letter: Letter::Nothing };
        for act in acts(transaction, Some(&patient))?.into_iter().filter(|act| act.hand.0 == hand) {
            let (deeds, letter) = tell(transaction, &act)?;
            finished.deeds.extend(deeds);
            if finished.letter != Letter::Kept {
                finished.letter = letter;
            }
        }
        Ok(finished)
    });
    written.await.map_err(|error| unseen(&error))
}

/// What was done and not told.
fn acts(snapshot: &mut Snapshot, patient: Option<&str>) -> Result<Vec<Act>, Error> {
    let tags = format!("{DELIVERY}|{CONFIRM},{DELIVERY}|{CONFIRM_WITHOUT_POST}");
    let mut words = vec![("_tag", tags.as_str())];
    words.extend(patient.map(|patient| ("patient", patient)));
    let mut found: Vec<(Timestamp, Value)> =
        all(snapshot, "Provenance", &words)?.items.into_iter().map(|one| (recorded(&one), one)).collect();
    found.sort_by_key(|(at, _)| *at);
    let mut acts: Vec<Act> = Vec::new();
    for (at, provenance) in found {
        let Some(act) = act(provenance, at) else { continue };
        let same = |known: &&mut Act| {
            known.patient == act.patient
                && known.hand == act.hand
                && known.house == act.house
                && known.post == act.post
        };
        match acts.iter_mut().find(same) {
            Some(known) => {
                known.provenances.extend(act.provenances);
                known.newest = at;
            }
            None => acts.push(act),
        }
    }
    Ok(acts)
}

fn recorded(provenance: &Value) -> Timestamp {
    provenance.text_at(&["recorded"]).and_then(|at| at.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What a Provenance attests; `None` when it names nobody who could be told.
fn act(provenance: Value, at: Timestamp) -> Option<Act> {
    let agents = provenance.items("agent");
    let of = |kind: &str| {
        agents.iter().find(|one| {
            let codes = one.get("type").map(|kind| kind.items("coding")).unwrap_or_default();
            codes.iter().any(|code| {
                code.text_at(&["system"]) == Some(PARTICIPANT) && code.text_at(&["code"]) == Some(kind)
            })
        })
    };
    let text = |one: Option<&Value>, path: &[&str]| {
        one.and_then(|one| one.text_at(path)).unwrap_or_default().to_owned()
    };
    let hand = of("enterer");
    let patient = hand?.text_at(&["onBehalfOf", "reference"])?.strip_prefix("Patient/")?.to_owned();
    let name = text(hand, &["who", "display"]);
    let reference = text(hand, &["who", "reference"]);
    let house = of("custodian").filter(|one| one.text_at(&["who", "identifier", "system"]) == Some(ODS));
    let tags = provenance.get("meta").map(|meta| meta.items("tag")).unwrap_or_default();
    let post = tags.iter().any(|tag| tag.text_at(&["code"]) == Some(CONFIRM));
    let mut codes = provenance.items("reason").iter().flat_map(|one| one.items("coding"));
    let asked = codes.find(|one| one.text_at(&["system"]) == Some(ASKED_SYSTEM));
    let asker = text(of("informant"), &["who", "reference"]);
    Some(Act {
        patient,
        hand: (if reference.is_empty() { name.clone() } else { reference }, name),
        house: text(house, &["who", "identifier", "value"]),
        post,
        asked: (text(asked, &["code"]), asker.strip_prefix("RelatedPerson/").map(str::to_owned)),
        newest: at,
        provenances: vec![provenance],
    })
}

/// Writes the letter of an act and takes the tags away.
fn tell(transaction: &mut store::Transaction, act: &Act) -> Result<(Vec<Deed>, Letter), Error> {
    let mut written = Vec::new();
    for provenance in &act.provenances {
        written.extend(written_of(transaction, provenance)?);
    }
    let mut deeds: Vec<Deed> = written.iter().filter_map(deed).collect();
    deeds.sort();
    deeds.dedup();
    let address = match transaction.read("Patient", &act.patient)? {
        Found::Present(person) => envelope(&at_present(&person.value()?, act.newest)),
        _ => Vec::new(),
    };
    let house = if act.house.is_empty() { String::new() } else { organisation_of(transaction, &act.house) };
    let asker = match &act.asked.1 {
        Some(id) => {
            transaction.read("RelatedPerson", id)?.present().ok().map(|one| one.value()).transpose()?
        }
        None => None,
    };
    let asker = asker.and_then(|one| one.items("name").first()?.text_at(&["text"]).map(str::to_owned));
    let words = text(&deeds, (&act.hand.1, &house), (&act.asked.0, asker.as_deref()), act.newest);
    let letter = confidential(letter(act, &house, &words), (&deeds, &written));
    let letter = Prepared::new(letter).map_err(Error::Unprocessable)?;
    transaction.update(&letter, IfMatch::NoneExists)?;
    for provenance in &act.provenances {
        let told = Prepared::new(told(provenance.clone())).map_err(Error::Unprocessable)?;
        transaction.update(&told, IfMatch::Any)?;
    }
    let how = match act.post {
        true => Letter::Sent((!address.is_empty()).then(|| address.join(", "))),
        false => Letter::Kept,
    };
    Ok((deeds, how))
}

/// The letter is as sensitive as what it tells of, and what it says about those who act for somebody is theirs alone.
fn confidential(letter: Value, (deeds, written): (&[Deed], &[Value])) -> Value {
    let letter = written.iter().fold(letter, inherited);
    let family = deeds.iter().any(|one| matches!(one, Deed::Family | Deed::Applied(_)));
    if family { restricted(letter) } else { letter }
}

/// What a Provenance is about, as it stands now.
fn written_of(snapshot: &mut Snapshot, provenance: &Value) -> Result<Vec<Value>, Error> {
    let mut written = Vec::new();
    for target in provenance.items("target").iter().filter_map(|one| one.text_at(&["reference"])) {
        let mut parts = target.split('/');
        // The person is named a second time, without a version.
        let (Some(type_), Some(target), Some("_history")) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        if let Found::Present(found) = snapshot.read(type_, target)? {
            written.push(found.value()?);
        }
    }
    Ok(written)
}

/// The Provenance without the tag that asks for a letter.
fn told(mut provenance: Value) -> Value {
    if let Some(members) = provenance.as_object_mut()
        && let Some(Value::Object(meta)) = members.get_mut("meta")
    {
        meta.remove("tag");
        // FHIR knows no empty objects.
        if meta.is_empty() {
            members.remove("meta");
        }
    }
    provenance
}

/// The letter as a Communication of the organisation to the patient.
fn letter(act: &Act, house: &str, words: &str) -> Value {
    let first = act.provenances.first().map(id).unwrap_or_default();
    let sender = match act.house.is_empty() {
        true => Value::object([("display", Value::from(act.hand.1.as_str()))]),
        false => build::object([
            (
                "reference",
                Some(Value::from(format!("Organization/{}", fhir::identity::organization(&act.house)))),
            ),
            ("identifier", Some(build::identifier(ODS, &act.house))),
            ("display", (!house.is_empty()).then(|| Value::from(house))),
        ]),
    };
    let due = act.post.then(|| Value::object([("tag", build::one(build::coding(DELIVERY, DUE, "")))]));
    let by = build::extension(WRITTEN_BY, "valueString", Value::from(act.hand.1.as_str()));
    build::object([
        ("resourceType", Some(Value::from("Communication"))),
        ("id", Some(Value::from(fhir::identity::resource_id("communication", first, &["assisted"])))),
        ("meta", due),
        ("extension", (!act.hand.1.is_empty()).then(|| build::one(by))),
        ("status", Some(Value::from("completed"))),
        ("category", Some(build::one(build::codeable_concept(COMMUNICATION_KIND, KIND, "")))),
        ("subject", Some(build::reference("Patient", &act.patient))),
        ("topic", Some(build::concept_text(say("assisted-topic")))),
        ("sent", Some(Value::from(act.newest.to_string()))),
        ("recipient", Some(build::one(build::reference("Patient", &act.patient)))),
        ("sender", Some(sender)),
        ("payload", Some(build::one(Value::object([("contentString", Value::from(words))])))),
    ])
}

fn text(
    deeds: &[Deed],
    (by, house): (&str, &str),
    (asked, asker): (&str, Option<&str>),
    at: Timestamp,
) -> String {
    let day = dates::weekday(dates::local(at).date());
    let day = || [("day", day.clone().into())];
    let how = match (asked, asker) {
        ("phone", _) => fill("assisted-called", &day()),
        ("in-person", _) => fill("assisted-spoke", &day()),
        ("writing", _) => fill("assisted-asked-in-writing", &day()),
        (_, Some(asker)) => {
            let [day] = day();
            fill("assisted-asked-by", &[day, ("who", asker.into())])
        }
        _ => fill("assisted-asked-on", &day()),
    };
    let by = if by.is_empty() { say("assisted-staff") } else { by };
    let did = match house {
        "" => fill("assisted-did", &[("how", how.into()), ("who", by.into())]),
        house => fill("assisted-did-at", &[("how", how.into()), ("who", by.into()), ("place", house.into())]),
    };
    let deeds: String = deeds.iter().map(|one| format!("\n- {}", one.words())).collect();
    format!("{did}\n{deeds}\n\n{}", say("assisted-wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-11-22T14:00:00Z";

    #[test]
    fn the_letter_says_what_by_whom_when_and_what_if_not() {
        let deeds = [Deed::Asked("Example 5mg".into()), Deed::Details];
        let words = |asked, asker| {
            text(&deeds, ("Dr Sample", "Example Surgery"), (asked, asker), AT.parse().unwrap())
        };
        assert_eq!(
            words("phone", None),
            "You called us on Sunday 22 November 2026. Dr Sample at Example Surgery did this for you:\n\n\
             - You asked for a repeat of Example 5mg.\n\
             - Your details or choices were changed, for example your pharmacy.\n\n\
             Your record says that it was done on your behalf. If you did not ask for this, or something is wrong, call us."
        );
        assert!(
            words("carer", Some("Pat Example")).starts_with("Pat Example, who may act for you, asked us on ")
        );
        assert!(words("in-person", None).starts_with("You spoke with us on "));
        assert!(words("writing", None).starts_with("You wrote to us, and "));
    }

    #[test]
    fn a_letter_is_sound_and_is_brought_only_where_post_is_safe() {
        let act = |post| Act {
            patient: "p".into(),
            hand: ("Practitioner/1".into(), "Dr Sample".into()),
            house: "Z00001".into(),
            post,
            asked: ("phone".into(), None),
            provenances: vec![Value::object([("id", Value::from("one"))])],
            newest: AT.parse().unwrap(),
        };
        let due = |letter: &Value| letter.get("meta").is_some_and(|meta| !meta.items("tag").is_empty());
        for post in [true, false] {
            let letter = letter(&act(post), "Example Surgery", "Words");
            let issues = fhir::validate::structural(&letter);
            assert!(issues.iter().all(|issue| !issue.is_error()), "{issues:?}");
            assert_eq!(due(&letter), post);
        }
    }
}
