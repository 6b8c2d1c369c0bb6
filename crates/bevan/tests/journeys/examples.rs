//! All official R4 example resources through the door: written under their ids, read back equal. Those that are not valid
//! R4 are refused, each at the place that stands in the table of the document tests.

use crate::corpus::{self, located, skip};
use crate::document::{content, content_without_id, read, refusal};
use crate::house::running;
use crate::support::http::Client;
use fhir::json::Value;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const EXAMPLES: usize = 5_306;
const REFUSED: usize = 14;
const AUDIT_EVENTS: usize = 9;

/// What is at fault in an example: file, then places.
fn faults() -> HashMap<String, Vec<String>> {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../fhir/tests/documents/expected.tsv");
    let mut faults: HashMap<String, Vec<String>> = HashMap::new();
    for line in std::fs::read_to_string(table).unwrap().lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[0] == "examples" && fields[2] == "error" {
            faults.entry(fields[1].to_owned()).or_default().push(fields[4].to_owned());
        }
    }
    assert_eq!(faults.len(), REFUSED);
    faults
}

/// What became of an example.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Equal,
    Refused,
    Forbidden,
    Lost(String),
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

/// [`pass`], and where it panics, its file: one run names every example that is lost.
fn fate(client: &mut Client, file: &Path, faults: &HashMap<String, Vec<String>>) -> Fate {
    let passed = catch_unwind(AssertUnwindSafe(|| pass(client, file, faults)));
    passed.unwrap_or_else(|_| Fate::Lost(corpus::name(file)))
}

/// Writes an example under its id and reads it back.
fn pass(client: &mut Client, file: &Path, faults: &HashMap<String, Vec<String>>) -> Fate {
    let (name, bytes) = (corpus::name(file), std::fs::read(file).unwrap());
    let given: Value = read(&bytes);
    let kind = given.text_at(&["resourceType"]).unwrap().to_owned();
    let id = given.text_at(&["id"]).filter(|id| is_id(id)).map(str::to_owned);
    let headers = [("Content-Type", "application/fhir+json"), ("Prefer", "return=minimal")];
    let answer = match &id {
        Some(id) => client.send("PUT", &format!("/fhir/{kind}/{id}"), &headers, &bytes),
        None => client.send("POST", &format!("/fhir/{kind}"), &headers, &bytes),
    };
    let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
    if let Some(places) = faults.get(&name) {
        let (status, _, place, words) = refusal(&answer);
        assert_eq!(status, 400, "{name}: {words}");
        assert!(places.contains(&place), "{name}: {place} is not among {places:?}");
        return Fate::Refused;
    }
    if kind == "AuditEvent" {
        // The audit log is written by the record itself and by nobody else.
        let (status, code, _, _) = refusal(&answer);
        assert_eq!((status, code.as_str()), (403, "forbidden"), "{name}");
        return Fate::Forbidden;
    }
    assert!(matches!(answer.status, 200 | 201), "{name}: {} {}", answer.status, answer.text());
    let location = answer.header("location").map(|url| url.split("/fhir").nth(1).unwrap().to_owned());
    let path = match (id.as_ref(), location) {
        (Some(id), _) => format!("/fhir/{kind}/{id}"),
        (None, Some(location)) => format!("/fhir{location}"),
        (None, None) => panic!("{name}: created somewhere"),
    };
    let stored = client.get(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(stored.status, 200, "{name}: {}", stored.text());
    let stored = read(&stored.body);
    let same = if id.is_some() {
        content(&stored) == content(&given)
    } else {
        content_without_id(&stored) == content_without_id(&given)
    };
    assert!(same, "{name} came back otherwise");
    Fate::Equal
}

#[test]
fn all_official_example_resources_round_trip_over_http() {
    let test = "all_official_example_resources_round_trip_over_http";
    let Some(folder) = located(test, ".build/npm/fhir-r4/node_modules/hl7.fhir.r4.examples") else { return };
    let mut files = corpus::files(&folder, ".json");
    files.retain(|file| corpus::name(file) != "package.json" && !corpus::name(file).starts_with('.'));
    if files.len() < EXAMPLES {
        return skip(test, "the examples are not whole (cargo xtask codegen --fetch)");
    }
    assert_eq!(files.len(), EXAMPLES);
    // Two examples may stand under one id in different files; one client takes both, one after the other. Large ones first.
    let mut shares: BTreeMap<u8, Vec<PathBuf>> = BTreeMap::new();
    files.sort_by_key(|file| std::cmp::Reverse(std::fs::metadata(file).unwrap().len()));
    for (number, file) in files.into_iter().enumerate() {
        let share = if number < 8 { number % 3 } else { usize::from(corpus::name(&file).as_bytes()[5]) % 3 };
        shares.entry(share as u8).or_default().push(file);
    }
    let (house, faults) = (running(), faults());
    let fates: Vec<Fate> = std::thread::scope(|scope| {
        let clients: Vec<_> = shares
            .values()
            .map(|share| {
                scope.spawn(|| {
                    let mut client = house.bevan.system();
                    share.iter().map(|file| fate(&mut client, file, &faults)).collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let lost: Vec<_> = fates.iter().filter(|fate| matches!(fate, Fate::Lost(_))).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let count = |wanted: Fate| fates.iter().filter(|fate| **fate == wanted).count();
    let (equal, refused, forbidden) = (count(Fate::Equal), count(Fate::Refused), count(Fate::Forbidden));
    println!(
        "{equal} examples came back equal, {refused} were refused, {forbidden} AuditEvents are not for clients"
    );
    assert_eq!((equal, refused, forbidden), (EXAMPLES - REFUSED - AUDIT_EVENTS, REFUSED, AUDIT_EVENTS));
}
