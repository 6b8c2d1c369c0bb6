//! Random operations against a model in memory: what the store answers is what a list of versions would.

use crate::world::{World, backend, prepared};
use proptest::prelude::*;
use std::collections::HashMap;
use store::{Error, Found, IfMatch, Store};

#[derive(Clone, Debug)]
enum Operation {
    Update(u8, u8, IfMatch),
    Delete(u8, IfMatch),
    Read(u8),
    VersionRead(u8, u64),
    Reopen,
}

/// The versions of one resource; `None` is a deletion.
type Versions = Vec<Option<u8>>;

fn condition() -> impl Strategy<Value = IfMatch> {
    prop_oneof![
        4 => Just(IfMatch::Any),
        2 => (1..4_u64).prop_map(IfMatch::Version),
        1 => Just(IfMatch::NoneExists),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (0..3_u8, 0..3_u8, condition()).prop_map(|(id, content, c)| Operation::Update(id, content, c)),
        3 => (0..3_u8, condition()).prop_map(|(id, c)| Operation::Delete(id, c)),
        4 => (0..3_u8).prop_map(Operation::Read),
        3 => (0..3_u8, 1..5_u64).prop_map(|(id, version)| Operation::VersionRead(id, version)),
        1 => Just(Operation::Reopen),
    ]
}

fn holds(condition: IfMatch, versions: &Versions) -> bool {
    let live = versions.last().is_some_and(Option::is_some);
    match condition {
        IfMatch::Any => true,
        IfMatch::Version(wanted) => live && versions.len() as u64 == wanted,
        IfMatch::NoneExists => !live,
    }
}

/// The content a read finds, `Some(None)` for gone.
fn content(found: Found) -> Option<Option<u8>> {
    match found {
        Found::Absent => None,
        Found::Gone { .. } => Some(None),
        Found::Present(resource) => {
            let document = resource.value().unwrap();
            Some(Some(document.text_at(&["code", "text"]).unwrap().parse().unwrap()))
        }
    }
}

fn step(store: &Store, model: &mut HashMap<u8, Versions>, operation: &Operation) {
    match *operation {
        Operation::Update(id, text, condition) => {
            let versions = model.entry(id).or_default();
            let document = format!(r#"{{"resourceType":"Basic","id":"r{id}","code":{{"text":"{text}"}}}}"#);
            let saved = store.write_blocking(backend(), move |t| t.update(&prepared(&document), condition));
            if !holds(condition, versions) {
                assert!(matches!(saved, Err(Error::PreconditionFailed(_))), "{operation:?}");
                return;
            }
            let (saved, changed) = (saved.unwrap(), versions.last() != Some(&Some(text)));
            assert_eq!(saved.created, !versions.last().is_some_and(Option::is_some));
            assert_eq!(saved.changed, changed);
            if changed {
                versions.push(Some(text));
            }
            assert_eq!(saved.resource.version, versions.len() as u64);
        }
        Operation::Delete(id, condition) => {
            let versions = model.entry(id).or_default();
            let deleted =
                store.write_blocking(backend(), move |t| t.delete("Basic", &format!("r{id}"), condition));
            if !holds(condition, versions) {
                assert!(matches!(deleted, Err(Error::PreconditionFailed(_))), "{operation:?}");
                return;
            }
            if versions.last().is_some_and(Option::is_some) {
                versions.push(None);
                assert_eq!(deleted.unwrap().version, Some(versions.len() as u64));
            } else {
                assert_eq!(deleted.unwrap().version, None);
            }
        }
        Operation::Read(id) => {
            let found = store.read_blocking(backend(), move |s| s.read("Basic", &format!("r{id}"))).unwrap();
            assert_eq!(content(found), model.get(&id).and_then(|versions| versions.last().copied()));
        }
        Operation::VersionRead(id, version) => {
            let read = move |s: &mut store::Snapshot| s.vread("Basic", &format!("r{id}"), version);
            let found = store.read_blocking(backend(), read).unwrap();
            let expected = model.get(&id).and_then(|versions| versions.get(version as usize - 1).copied());
            assert_eq!(content(found), expected);
        }
        Operation::Reopen => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_answers_as_a_list_of_versions(operations in proptest::collection::vec(operation(), 1..30)) {
        let world = World::new();
        let (mut store, mut model) = (Some(world.open()), HashMap::new());
        for operation in &operations {
            if matches!(operation, Operation::Reopen) {
                drop(store.take());
            }
            step(store.get_or_insert_with(|| world.open()), &mut model, operation);
        }
        drop(store);
        let report = store::doctor::examine(world.path()).unwrap();
        prop_assert!(report.is_sound(), "{report:?}");
        prop_assert_eq!(report.versions, model.values().map(|versions| versions.len() as u64).sum::<u64>());
    }
}
