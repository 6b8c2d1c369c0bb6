//! Answers a question about who somebody is, among those whom the reader may see.
//!
//! Many matches are not shown: the reader is asked for more, so that nobody browses by name.

use super::{Ask, Match, Matches};
use crate::lookup::{id, page, unseen};
use crate::places::Names;
use crate::view::Unseen;
use crate::words::{age, name, sex, when};
use fhir::json::Value;
use fhir::views::{Patient, Resource};
use jiff::Timestamp;
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// More matches than this are not shown.
const LIMIT: u32 = 20;

/// The people who answer a question.
pub(crate) async fn read(store: &Store, actor: &Actor, ask: &Ask) -> Result<Matches, Unseen> {
    let ask = ask.clone();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| matches(snapshot, &ask, now));
    read.await.map_err(|error| unseen(&error))
}

fn matches(snapshot: &mut Snapshot, ask: &Ask, now: Timestamp) -> Result<Matches, Error> {
    let count = (LIMIT + 1).to_string();
    let words = words(ask);
    let mut pairs: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.extend([("_count", count.as_str()), ("_sort", "family,given")]);
    let found = page(snapshot, "Patient", &pairs)?.items;
    if found.len() > LIMIT as usize {
        return Ok(Matches::TooMany { limit: LIMIT });
    }
    let places = places(snapshot, &found)?;
    Ok(Matches::Found(found.iter().map(|person| one(person, &places, now)).collect()))
}

/// The question as query words: each word of a name must begin one of the person's names.
fn words(ask: &Ask) -> Vec<(&'static str, String)> {
    let names = |name: &str| -> Vec<(&'static str, String)> {
        name.split([' ', ',']).filter(|word| !word.is_empty()).map(|word| ("name", escape(word))).collect()
    };
    match ask {
        Ask::NhsNumber(number) => vec![("identifier", format!("{}|{number}", fhir::systems::NHS_NUMBER))],
        Ask::Name(name) => names(name),
        Ask::NameAndBirth { name, born } => {
            let mut words = names(name);
            words.push(("birthdate", born.to_string()));
            words
        }
    }
}

/// Escapes what separates values in a search (<https://hl7.org/fhir/R4/search.html#escaping>).
fn escape(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for letter in word.chars() {
        if matches!(letter, '\\' | ',' | '$' | '|') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Where the people found are now, by patient id.
fn places(snapshot: &mut Snapshot, found: &[Value]) -> Result<HashMap<String, String>, Error> {
    let ids = found.iter().map(id).collect::<Vec<_>>().join(",");
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let stays = page(
        snapshot,
        "Encounter",
        &[("patient", &ids), ("status", "arrived,triaged,in-progress,onleave"), ("_count", "200")],
    )?;
    let names = Names::read(snapshot, &stays.items)?;
    let place = |stay: &Value| {
        let patient = stay.subject()?.id_of("Patient")?;
        Some((patient.to_owned(), crate::record::place_now(stay, &names)?))
    };
    Ok(stays.items.iter().filter_map(place).collect())
}

fn one(person: &Value, places: &HashMap<String, String>, now: Timestamp) -> Match {
    let view = Patient(person);
    let born = view.birth_date().and_then(when);
    Match {
        patient_id: id(person).to_owned(),
        name: name(person),
        born,
        age: age(born, now),
        sex: sex(person),
        nhs_number: view.nhs_number().map(str::to_owned),
        location: places.get(id(person)).cloned(),
        replaced: view.linked("replaced-by").next().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_a_name_must_match_and_is_escaped() {
        let asked = words(&Ask::Name("O'Neil, Ann|e".into()));
        assert_eq!(asked, [("name", "O'Neil".to_owned()), ("name", "Ann\\|e".to_owned())]);
    }

    #[test]
    fn an_nhs_number_is_searched_in_its_own_system() {
        let asked = words(&Ask::NhsNumber("9990079196".into()));
        assert_eq!(asked, [("identifier", "https://fhir.nhs.uk/Id/nhs-number|9990079196".to_owned())]);
    }
}
