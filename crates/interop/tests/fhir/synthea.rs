//! Third-party transaction bundles through the whole door, read back and compared.

use super::house::house;
use crate::shared;
use fhir::json::{Limits, Value, canonical, parse};

/// Bundles sent, smallest first; the whole set is imported by the importer's own tests.
const SENT: usize = 3;

#[tokio::test]
async fn what_was_posted_comes_back() {
    let Some(folder) = shared::located("what_was_posted_comes_back", "fhir/synthea") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    assert_eq!(files.len(), 30);
    files.sort_by_key(|file| std::fs::metadata(file).unwrap().len());
    for file in files.iter().take(SENT) {
        let house = house();
        let mut text = std::fs::read_to_string(file).unwrap();
        let reply = house.ask("POST", "").json(&text).send().await;
        assert_eq!(reply.status, 200, "{}: {}", file.display(), String::from_utf8_lossy(&reply.bytes));
        let (response, posted) = (reply.json(), parse(text.as_bytes(), &Limits::default()).unwrap());
        let mut addresses = Vec::new();
        for (entry, answer) in posted.items("entry").iter().zip(response.items("entry")) {
            let location = answer.text_at(&["response", "location"]).unwrap();
            let address = location.split("/_history").next().unwrap().to_owned();
            text = text.replace(entry.text_at(&["fullUrl"]).unwrap(), &address);
            addresses.push(address);
        }
        let expected = parse(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(expected.items("entry").len(), addresses.len());
        for (entry, address) in expected.items("entry").iter().zip(&addresses) {
            let stored = house.get(&format!("/{address}")).await.json();
            assert_eq!(content(&stored), content(entry.get("resource").unwrap()), "{address}");
        }
    }
}

/// The canonical form without what the server sets.
fn content(resource: &Value) -> String {
    let mut copy = resource.clone();
    let members = copy.as_object_mut().unwrap();
    members.remove("id");
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if meta.is_empty() {
            members.remove("meta");
        }
    }
    String::from_utf8(canonical(&copy)).unwrap()
}
