//! The `Prefer` header: what to return after a write, and how to treat unknown search parameters
//! (<https://hl7.org/fhir/R4/http.html#ops>). Unknown preferences are ignored, as RFC 7240 asks.

use axum::http::HeaderMap;
use fhir::search::Handling;

/// What a write answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Return {
    Minimal,
    #[default]
    Representation,
    OperationOutcome,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefer {
    pub returning: Return,
    /// Whether the client asked for a form of answer at all.
    pub said: bool,
    pub handling: Handling,
}

impl Prefer {
    pub fn of(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        for token in values.flat_map(|value| value.split([',', ';'])).map(str::trim) {
            let returning = match token.to_ascii_lowercase().as_str() {
                "return=minimal" => Return::Minimal,
                "return=representation" => Return::Representation,
                "return=operationoutcome" => Return::OperationOutcome,
                "handling=lenient" => {
                    prefer.handling = Handling::Lenient;
                    continue;
                }
                _ => continue,
            };
            prefer.returning = returning;
            prefer.said = true;
        }
        prefer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_preferences() {
        let headers =
            |value: &str| HeaderMap::from_iter([("prefer".parse().unwrap(), value.parse().unwrap())]);
        let prefer = Prefer::of(&headers("return=minimal, handling=lenient"));
        assert_eq!((prefer.returning, prefer.handling), (Return::Minimal, Handling::Lenient));
        assert_eq!(Prefer::of(&headers("return=OperationOutcome")).returning, Return::OperationOutcome);
        assert_eq!(Prefer::of(&headers("respond-async; handling=strict")), Prefer::default());
        assert!(!Prefer::of(&HeaderMap::new()).said);
    }
}
