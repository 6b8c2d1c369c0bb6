//! Conditional references to what the same transaction changes, takes away and makes.

use crate::world::{World, backend, json, patient, prepared, staff};
use store::bundle::transaction_blocking;
use store::{Error, Found, IfMatch, Store};

fn run(store: &Store, entries: &[String]) -> Result<Vec<String>, Error> {
    run_as(store, backend(), entries)
}

fn run_as(store: &Store, actor: store::Actor, entries: &[String]) -> Result<Vec<String>, Error> {
    let text = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(","));
    let response = transaction_blocking(store, actor, json(&text))?;
    let location = |entry: &fhir::json::Value| {
        let location = entry.text_at(&["response", "location"]).unwrap_or_default();
        location.split('/').nth(1).unwrap_or_default().to_owned()
    };
    Ok(response.items("entry").iter().map(location).collect())
}

fn named(value: &str) -> String {
    format!(r#""identifier":[{{"system":"urn:x","value":"{value}"}}]"#)
}

fn put(id: &str, value: &str) -> String {
    let named = named(value);
    format!(
        r#"{{"request":{{"method":"PUT","url":"Patient/{id}"}},"resource":{{"resourceType":"Patient","id":"{id}",{named}}}}}"#
    )
}

fn post(value: &str) -> String {
    let named = named(value);
    format!(
        r#"{{"request":{{"method":"POST","url":"Patient"}},"resource":{{"resourceType":"Patient",{named}}}}}"#
    )
}

fn delete(id: &str) -> String {
    format!(r#"{{"request":{{"method":"DELETE","url":"Patient/{id}"}}}}"#)
}

/// A Basic of its own identifier that refers to something.
fn about(id: &str, to: &str) -> String {
    format!(
        r#"{{"request":{{"method":"PUT","url":"Basic/{id}"}},"resource":{{"resourceType":"Basic","id":"{id}",
        "identifier":[{{"system":"urn:b","value":"{id}"}}],"code":{{"text":"c"}},"subject":{{"reference":"{to}"}}}}}}"#
    )
}

fn subject(store: &Store, id: &str) -> String {
    let id = id.to_owned();
    let stored = store.read_blocking(backend(), move |s| s.read("Basic", &id)?.present()).unwrap();
    stored.value().unwrap().text_at(&["subject", "reference"]).unwrap_or_default().to_owned()
}

const ONE: &str = "Patient?identifier=urn:x|1";

#[test]
fn a_reference_names_what_takes_the_place_of_what_it_named() {
    let world = World::new();
    let store = world.open();
    run(&store, &[put("old", "1")]).unwrap();
    let made = run(&store, &[about("b", ONE), delete("old"), post("1")]).unwrap();
    assert_eq!(subject(&store, "b"), format!("Patient/{}", made[2]), "deleted, and made anew");
    let next = run(&store, &[about("b", ONE), put(&made[2], "2"), post("1")]).unwrap();
    assert_eq!(subject(&store, "b"), format!("Patient/{}", next[2]), "the number goes to another one");
    run(&store, &[put("twin", "1")]).unwrap();
    assert_eq!(run(&store, &[about("b", ONE)]), Err(Error::Multiple));
    run(&store, &[about("b", ONE), delete("twin")]).unwrap();
    assert_eq!(subject(&store, "b"), format!("Patient/{}", next[2]), "of two, one goes");
    run(&store, &[put("twin", "1")]).unwrap();
    run(&store, &[about("b", ONE), put(&next[2], "3")]).unwrap();
    assert_eq!(subject(&store, "b"), "Patient/twin", "of two, one is another now");
    run(&store, &[put("third", "1"), put("fourth", "1")]).unwrap();
    assert_eq!(run(&store, &[about("b", ONE), delete("twin")]), Err(Error::Multiple), "of three, one goes");
    run(&store, &[about("b", ONE), delete("twin"), put("fourth", "4")]).unwrap();
    assert_eq!(subject(&store, "b"), "Patient/third");
}

/// Merged records mostly keep the number, each of them.
#[test]
fn a_reference_to_somebody_whose_records_were_merged_names_the_one_that_is_in_force() {
    let world = World::new();
    let store = world.open();
    let person = |id: &str, links: &[(&str, &str)]| {
        let links: Vec<String> = links
            .iter()
            .map(|(type_, other)| {
                format!(r#"{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}"#)
            })
            .collect();
        put(id, "1").replace(r#""identifier""#, &format!(r#""link":[{}],"identifier""#, links.join(",")))
    };
    let before = || person("before", &[("replaced-by", "now"), ("replaces", "long-ago")]);
    run(&store, &[put("now", "1"), before(), person("long-ago", &[("replaced-by", "before")])]).unwrap();
    assert_eq!(run(&store, &[about("b", ONE)]), Err(Error::Multiple), "one record alone says so");
    // Merged by the same transaction, and by an earlier one.
    let merged = person("now", &[("replaces", "before")]);
    run(&store, &[about("b", ONE), merged.clone()]).unwrap();
    assert_eq!(subject(&store, "b"), "Patient/now");
    run(&store, &[about("c", ONE)]).unwrap();
    assert_eq!(subject(&store, "c"), "Patient/now");
    assert_eq!(
        run(&store, &[about("d", ONE), put("another", "1")]),
        Err(Error::Multiple),
        "somebody else has it too"
    );
    run(&store, &[put("another", "1")]).unwrap();
    assert_eq!(run(&store, &[about("d", ONE)]), Err(Error::Multiple));
    run(&store, &[about("d", ONE), delete("another")]).unwrap();
    assert_eq!(subject(&store, "d"), "Patient/now");
    let parted = [about("d", ONE), person("before", &[("replaces", "long-ago")])];
    assert_eq!(run(&store, &parted), Err(Error::Multiple), "the merge is taken back");
}

/// What is updated mostly keeps its number: so many entries may not have to wait for it.
#[test]
fn a_reference_to_what_is_updated_does_not_wait_for_it() {
    let world = World::new();
    let store = world.open();
    run(&store, &[put("p", "1")]).unwrap();
    let entries: Vec<String> =
        std::iter::once(put("p", "1")).chain((0..1_001).map(|n| about(&format!("b{n}"), ONE))).collect();
    run(&store, &entries).unwrap();
    assert_eq!(subject(&store, "b1000"), "Patient/p");
}

#[test]
fn staff_end_their_own_care_of_whom_they_refer_to() {
    let world = World::new();
    let store = world.open();
    let stay = |status: &str, subject: &str| {
        format!(
            r#"{{"resourceType":"Encounter","id":"e","status":"{status}","class":{{"code":"IMP"}},
            "subject":{{"reference":"{subject}"}},"serviceProvider":{{"identifier":
            {{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RXX"}}}}}}"#
        )
    };
    let ended = format!(
        r#"{{"request":{{"method":"PUT","url":"Encounter/e"}},"resource":{}}}"#,
        stay("finished", ONE)
    );
    run(&store, &[put("p", "1")]).unwrap();
    let admit = || {
        let resource = prepared(&stay("in-progress", "Patient/p"));
        store.write_blocking(backend(), move |t| t.update(&resource, IfMatch::Any)).unwrap();
    };
    let sees = |store: &Store| {
        let read = store.read_blocking(staff("RXX"), |s| s.read("Encounter", "e")).unwrap();
        matches!(read, Found::Present(_))
    };
    admit();
    // Whom they refer to is somebody else by their own write: that they cannot see them any more does not hide it.
    let renamed = [put("p", "2"), ended.clone()];
    assert!(matches!(run_as(&store, staff("RXX"), &renamed), Err(Error::Unprocessable(_))));
    assert!(sees(&store), "nothing of it was written");
    run_as(&store, staff("RXX"), std::slice::from_ref(&ended)).unwrap();
    assert!(!sees(&store), "their care is over");
    let known = store.read_blocking(patient("p"), |s| s.read("Encounter", "e")?.present()).unwrap();
    assert_eq!(known.value().unwrap().text_at(&["subject", "reference"]), Some("Patient/p"));
    assert!(
        matches!(run_as(&store, staff("RXX"), &[ended]), Err(Error::Unprocessable(_))),
        "nor do they find them"
    );
}

/// Entries that each refer to the next, the last of them to a Patient; in that order of their numbers.
fn chain(length: usize, order: impl Iterator<Item = usize>) -> Vec<String> {
    let one = |at: usize| match at + 1 < length {
        true => about(&format!("e{at}"), &format!("Basic?identifier=urn:b|e{}", at + 1)),
        false => about(&format!("e{at}"), ONE),
    };
    order.map(one).chain([post("1")]).collect()
}

#[test]
fn entries_wait_for_each_other_as_deep_as_it_takes() {
    const DEEP: usize = 30;
    let zigzag = || (0..DEEP).filter(|at| at % 2 == 0).chain((0..DEEP).filter(|at| at % 2 == 1));
    let orders: [Vec<usize>; 4] =
        [(0..DEEP).collect(), (0..DEEP).rev().collect(), zigzag().collect(), zigzag().rev().collect()];
    for order in orders {
        let world = World::new();
        let store = world.open();
        run(&store, &chain(DEEP, order.iter().copied())).unwrap_or_else(|error| panic!("{order:?}: {error}"));
        for at in 0..DEEP - 1 {
            assert_eq!(subject(&store, &format!("e{at}")), format!("Basic/e{}", at + 1));
        }
    }
    let world = World::new();
    let store = world.open();
    let circle: Vec<String> = (0..DEEP)
        .map(|at| about(&format!("e{at}"), &format!("Basic?identifier=urn:b|e{}", (at + 1) % DEEP)))
        .collect();
    assert!(matches!(run(&store, &circle), Err(Error::Unprocessable(_))));
}

#[test]
fn what_a_write_asks_has_a_limit_and_is_asked_again_only_where_it_can_have_changed() {
    const DEEP: usize = 12;
    let world = World::new();
    let store = world.open();
    let patients: Vec<String> =
        (0..3_000).map(|n| post(&format!("{n}")).replace("urn:x", "urn:many")).collect();
    let family =
        |entry: &String| entry.replace(r#""identifier""#, r#""name":[{"family":"Fenwick"}],"identifier""#);
    run(&store, &patients.iter().map(family).collect::<Vec<_>>()).unwrap();
    drop(store);
    // It finds nobody, by looking at everybody; that a Patient is made is why it waits.
    let costly = about("costly", "Patient?family:contains=zzz");
    let ask = |steps: u64, entries: &[String]| {
        let store = world.open_within(steps);
        let outcome = run(&store, entries).map(drop);
        run(&store, &[put("p", "other")]).unwrap();
        outcome
    };
    let once = [post("1"), costly.clone()];
    let refused = ask(1_000, &once);
    assert!(matches!(refused, Err(Error::TooCostly(_))), "{refused:?}");
    let enough = (1..).map(|double| 1_000 << double).find(|steps| {
        let outcome = ask(*steps, &once);
        assert!(matches!(outcome, Err(Error::TooCostly(_) | Error::Unprocessable(_))), "{outcome:?}");
        matches!(outcome, Err(Error::Unprocessable(_)))
    });
    let enough: u64 = enough.unwrap();
    // What else waits takes as many turns as there are entries, and is of another type.
    let zigzag = (0..DEEP).filter(|at| at % 2 == 0).chain((0..DEEP).filter(|at| at % 2 == 1));
    let mut entries = chain(DEEP, zigzag);
    entries.push(costly);
    let outcome = ask(4 * enough, &entries);
    assert!(matches!(outcome, Err(Error::Unprocessable(_))), "{outcome:?}");
}
