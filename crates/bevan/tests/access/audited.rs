//! Entries of the audit log as targets of the matrix: somebody looks at something here, and the event about it belongs to
//! whom the look was about.

use super::expect::{Class, Owner, Who};
use super::records::{Record, patient};
use super::world::actor;
use fhir::search::{Handling, Query};
use store::{Actor, Store};

/// Who looks at what, and about whom an event must then exist.
const LOOKS: &[(Who, Look, &[Owner])] = &[
    (Who::Ward, Look::Read("Condition", Owner::Ann), &[Owner::Ann]),
    (Who::Patient, Look::Read("Encounter", Owner::Ann), &[Owner::Ann]),
    (Who::WardBefore, Look::Read("Condition", Owner::AnnBefore), &[Owner::AnnBefore]),
    (Who::WardGlass, Look::Read("Condition", Owner::Cas), &[Owner::Cas]),
    (Who::Full, Look::Read("Observation", Owner::Dee), &[Owner::Dee]),
    (Who::Full, Look::Read("Observation", Owner::Ben), &[Owner::Ben]),
    // Whoever reads the later Patient of a merge has read of the earlier one.
    (Who::Full, Look::Named(&[Owner::Ann, Owner::Cas]), &[Owner::Ann, Owner::Cas, Owner::AnnBefore]),
    (Who::Operator, Look::Organisation, &[]),
];

/// One look.
#[derive(Clone, Copy)]
enum Look {
    /// At one resource of somebody.
    Read(&'static str, Owner),
    /// At people by their ids.
    Named(&'static [Owner]),
    /// At organisations.
    Organisation,
}

/// The first number of an event. Nothing holds its canary: an event says who looked, never what was seen.
const FIRST: u32 = 9500;

/// Looks, and gives back the events.
pub fn looked_at(store: &Store) -> Vec<Record> {
    let mut events = Vec::new();
    for (at, (who, look, about)) in LOOKS.iter().enumerate() {
        let trace = format!("look-{at}");
        let reader = Actor { trace: trace.as_str().into(), ..actor(*who).expect("somebody") };
        let query = match look {
            Look::Read(type_, owner) => search(type_, &[("patient", &patient(*owner))]),
            Look::Named(owners) => {
                let ids: Vec<String> = owners.iter().map(|owner| patient(*owner)).collect();
                search("Patient", &[("_id", &ids.join(","))])
            }
            Look::Organisation => search("Organization", &[]),
        };
        let found = store.read_blocking(reader, move |s| s.search(&query)).expect("found");
        assert!(!found.entries.is_empty(), "look {at} finds nothing");
        let mut seen: Vec<Owner> = Vec::new();
        for event in events_of(store, &trace) {
            let json: serde_json::Value = serde_json::from_slice(&event).expect("JSON");
            let owners = owners(&json);
            seen.extend(&owners);
            let number = FIRST + events.len() as u32;
            events.push(Record {
                number,
                type_: "AuditEvent",
                class: Class::Audit,
                owners,
                versions: vec![json],
                deleted: false,
                buried: None,
                sealed: false,
            });
        }
        seen.sort_unstable();
        assert_eq!(seen, *about, "look {at}: the events that it leaves");
    }
    events
}

fn search(type_: &str, words: &[(&str, &str)]) -> Query {
    let pairs: Vec<(String, String)> =
        words.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Query::parse(type_, &pairs, Handling::Strict).expect("a query").query
}

/// The events of a request, as FHIR.
fn events_of(store: &Store, trace: &str) -> Vec<Vec<u8>> {
    let query = search("AuditEvent", &[("_count", "20")]);
    let page = store.read_blocking(Actor::system("seed"), move |s| s.search(&query)).expect("events");
    let documents = page.entries.iter().map(|entry| entry.resource.json.to_vec());
    let marked = format!("\"{trace}\"");
    documents.filter(|json| String::from_utf8_lossy(json).contains(&marked)).collect()
}

/// About whom an event is: whom its entity of type person names.
fn owners(event: &serde_json::Value) -> Vec<Owner> {
    let entities = event["entity"].as_array().cloned().unwrap_or_default();
    let people = entities.iter().filter(|entity| entity["type"]["code"] == "1");
    let named = people.filter_map(|entity| entity["what"]["reference"].as_str().map(str::to_owned));
    named
        .map(|name| {
            let known = Owner::ALL.into_iter().find(|owner| name == format!("Patient/{}", patient(*owner)));
            known.unwrap_or_else(|| panic!("{name} is nobody here"))
        })
        .collect()
}
