//! Documents compared without what the server sets, and the refusals it writes.

use crate::support::http::Answer;
use fhir::json::{Limits, Value, canonical, parse};

/// Reads a document.
pub fn read(bytes: &[u8]) -> Value {
    let limits = Limits { bytes: 256 << 20, ..Limits::default() };
    parse(bytes, &limits).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

/// The canonical form, decimals exact, without `meta.versionId` and `meta.lastUpdated`.
pub fn content(resource: &Value) -> String {
    let mut copy = resource.clone();
    let members = copy.as_object_mut().expect("a resource");
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if meta.is_empty() {
            members.remove("meta");
        }
    }
    String::from_utf8(canonical(&copy)).expect("UTF-8")
}

/// [`content`] without the id.
pub fn content_without_id(resource: &Value) -> String {
    let mut copy = resource.clone();
    copy.as_object_mut().expect("a resource").remove("id");
    content(&copy)
}

/// The first issue of a refusal: status, code, place, words. A refusal is an OperationOutcome, or the test fails.
pub fn refusal(answer: &Answer) -> (u16, String, String, String) {
    let outcome = read(&answer.body);
    assert_eq!(outcome.text_at(&["resourceType"]), Some("OperationOutcome"), "{}", answer.text());
    let text = |path: &[&str]| outcome.text_at(path).unwrap_or_default().to_owned();
    let words = text(&["issue", "diagnostics"]);
    assert!(!words.is_empty(), "an issue without words: {}", answer.text());
    (answer.status, text(&["issue", "code"]), text(&["issue", "expression"]), words)
}
