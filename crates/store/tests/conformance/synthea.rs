//! Real transaction bundles: all go in, and come back equal.

use crate::shared::located;
use crate::world::{World, backend};
use fhir::json::{Limits, Value, canonical, parse, to_string};
use store::bundle::transaction_blocking;

#[test]
fn every_synthea_bundle_goes_in_and_comes_back_equal() {
    let Some(folder) = located("every_synthea_bundle_goes_in_and_comes_back_equal", "fhir/synthea") else {
        return;
    };
    let world = World::new();
    let store = world.open();
    let mut resources = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bundle = parse(&std::fs::read(&path).unwrap(), &Limits::default()).unwrap();
        let response = transaction_blocking(&store, backend(), bundle.clone())
            .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        resources += compare(&store, &bundle, &response);
    }
    assert!(resources > 8_000, "{resources}");
    assert_eq!(store.read_blocking(backend(), |s| s.position()).unwrap().0, resources);
    drop(store);
    let report = store::doctor::examine(world.path()).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.versions, resources);
}

/// Compares every stored resource with its entry, in which full URLs became references.
fn compare(store: &store::Store, bundle: &Value, response: &Value) -> u64 {
    let (entries, answers) = (bundle.items("entry"), response.items("entry"));
    assert_eq!(entries.len(), answers.len());
    let located: Vec<(String, String)> = entries
        .iter()
        .zip(answers)
        .map(|(entry, answer)| {
            let location = answer.text_at(&["response", "location"]).unwrap();
            let reference = location.split("/_history").next().unwrap().to_owned();
            (entry.text_at(&["fullUrl"]).unwrap().to_owned(), reference)
        })
        .collect();
    for (entry, (_, reference)) in entries.iter().zip(&located) {
        let (name, id) =
            reference.split_once('/').map(|(name, id)| (name.to_owned(), id.to_owned())).unwrap();
        let stored = store.read_blocking(backend(), move |s| s.read(&name, &id)?.present()).unwrap();
        let mut text = to_string(entry.get("resource").unwrap());
        for (url, to) in &located {
            text = text.replace(&format!(r#""reference":"{url}""#), &format!(r#""reference":"{to}""#));
        }
        let expected = parse(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(stripped(stored.value().unwrap()), stripped(expected), "{reference}");
    }
    entries.len() as u64
}

/// The canonical form without what the store gives.
fn stripped(mut document: Value) -> String {
    let members = document.as_object_mut().unwrap();
    members.remove("id");
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if meta.is_empty() {
            members.remove("meta");
        }
    }
    String::from_utf8(canonical(&document)).unwrap()
}
