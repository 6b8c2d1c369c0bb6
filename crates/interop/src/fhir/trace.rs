//! The id of a request: in the answer's `X-Request-Id`, in the OperationOutcome, in the audit row and in the log.

use axum::http::HeaderMap;
use fhir::json::Text;
use store::Store;

/// The header that carries it, both ways.
pub(super) const HEADER: &str = "x-request-id";

/// The id the client gave, when it is a FHIR id; otherwise a fresh one.
pub(super) fn of(headers: &HeaderMap, store: &Store) -> Text {
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
    match given.filter(|given| is_id(given)) {
        Some(given) => Text::from(given),
        None => fresh(store),
    }
}

/// Whether a text is a FHIR id (<https://hl7.org/fhir/R4/datatypes.html#id>).
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

fn fresh(store: &Store) -> Text {
    let mut bytes = [0; 16];
    store.environment().entropy.fill(&mut bytes);
    Text::from(format!("{:032x}", u128::from_be_bytes(bytes)))
}
