//! The people who sign in: those of a record that the product's own commands made.

use crate::support::http::Client;
use std::path::{Path, PathBuf};
use std::process::Command;

/// From this many people on, records are lean.
const LEAN_FROM: u64 = 10_000;
/// So many of them take turns.
const WANTED: usize = 5_000;

/// Whom the login service vouches for.
#[derive(Clone)]
pub struct Person {
    /// NHS number.
    pub number: String,
    /// Date of birth.
    pub born: String,
}

/// A data directory with so many people.
pub fn make(folder: &Path, people: u64) -> PathBuf {
    let (out, data) = (folder.join("people"), folder.join("data"));
    let (number, out_text) = (people.to_string(), out.display().to_string());
    let mut words = vec!["synth", "--people", &number, "--seed", "7", "--out", &out_text];
    if people >= LEAN_FROM {
        words.push("--lean");
    }
    run(&words);
    run(&["import", "--data", &data.display().to_string(), &out_text]);
    std::fs::remove_dir_all(&out).ok();
    data
}

fn run(words: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_bevan")).args(words).status().expect("bevan runs");
    assert!(status.success(), "bevan {words:?}: {status}");
}

/// Living adults with an NHS number, page by page.
pub fn adults(client: &mut Client) -> Vec<Person> {
    let mut found = Vec::new();
    let query = "/fhir/Patient?_count=1000&birthdate=lt2008&active=true&deceased=false";
    let mut path = query.to_owned();
    while found.len() < WANTED {
        let answer = client.get(&path).expect("a page of patients");
        let page: serde_json::Value = serde_json::from_str(&answer.text()).expect("a bundle");
        found.extend(
            page["entry"].as_array().into_iter().flatten().filter_map(|entry| person(&entry["resource"])),
        );
        let next = page["link"].as_array().into_iter().flatten().find(|link| link["relation"] == "next");
        let Some(url) = next.and_then(|link| link["url"].as_str()) else { break };
        path = url[url.find("/fhir").expect("an address of the door")..].to_owned();
    }
    assert!(!found.is_empty(), "nobody can sign in");
    found
}

fn person(patient: &serde_json::Value) -> Option<Person> {
    if patient.get("deceasedDateTime").is_some() {
        return None;
    }
    let identifiers = patient["identifier"].as_array()?;
    let number = identifiers.iter().find(|one| one["system"] == "https://fhir.nhs.uk/Id/nhs-number")?;
    Some(Person {
        number: number["value"].as_str()?.to_owned(),
        born: patient["birthDate"].as_str().filter(|date| date.len() == 10)?.to_owned(),
    })
}
