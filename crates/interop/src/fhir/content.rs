//! Content negotiation: JSON in, JSON out. XML and everything else is refused, never guessed
//! (<https://hl7.org/fhir/R4/http.html#mime-type>).

use super::refusal::{Refusal, in_request};
use axum::http::{HeaderMap, StatusCode, header};
use fhir::issue::{Issue, IssueCode};

/// What every answer is.
pub(super) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// Whether the client takes JSON. `_format` wins over `Accept`.
pub(super) fn acceptable(headers: &HeaderMap, format: Option<&str>) -> Result<(), Refusal> {
    let taken = match format {
        // A plus sign that was not encoded arrives as a space.
        Some(format) => is_json(&format.replace(' ', "+")),
        None => {
            let mut ranges = headers
                .get_all(header::ACCEPT)
                .iter()
                .flat_map(|value| value.to_str().unwrap_or_default().split(','))
                .map(str::trim)
                .filter(|range| !range.is_empty())
                .peekable();
            ranges.peek().is_none() || ranges.any(is_json)
        }
    };
    if taken {
        return Ok(());
    }
    let place = if format.is_some() { "_format" } else { "Accept" };
    let issue =
        Issue::error(IssueCode::NotSupported, "only application/fhir+json is served").at(in_request(place));
    Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, issue))
}

/// Whether the body is said to be FHIR JSON.
pub(super) fn is_fhir_body(headers: &HeaderMap) -> Result<(), Refusal> {
    expect(headers, "the body must be application/fhir+json in UTF-8", |media_type| {
        matches!(media_type, "application/fhir+json" | "application/json" | "text/json")
    })
}

/// Whether the body is said to be a form.
pub(super) fn is_form_body(headers: &HeaderMap) -> Result<(), Refusal> {
    expect(headers, "a search by POST must be application/x-www-form-urlencoded", |media_type| {
        media_type == "application/x-www-form-urlencoded"
    })
}

fn expect(headers: &HeaderMap, text: &str, fits: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    let unsupported = |place: &str, text: &str| {
        let issue = Issue::error(IssueCode::NotSupported, text).at(in_request(place));
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, issue))
    };
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes());
    if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
        return unsupported("Content-Encoding", "a compressed body is not supported");
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let charset = |part: &str| {
        part.strip_prefix("charset=")
            .is_none_or(|name| matches!(name.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
    };
    let media_type = parts.next().unwrap_or_default();
    if fits(media_type) && parts.all(charset) { Ok(()) } else { unsupported("Content-Type", text) }
}

/// Whether a media range of `Accept` takes FHIR R4 JSON.
fn is_json(range: &str) -> bool {
    let lower = range.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let json = matches!(
        parts.next().unwrap_or_default(),
        "*/*" | "application/*" | "application/fhir+json" | "application/json" | "text/json" | "json"
    );
    json && parts.all(|parameter| {
        if let Some(quality) = parameter.strip_prefix("q=") {
            return quality.parse::<f32>().is_ok_and(|quality| quality > 0.0);
        }
        parameter.strip_prefix("fhirversion=").is_none_or(|version| version.starts_with("4.0"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn accept() {
        for (accept, taken) in [
            ("application/fhir+json", true),
            ("application/json; q=0.5", true),
            ("text/html, */*;q=0.8", true),
            ("application/fhir+json; fhirVersion=4.0", true),
            ("application/fhir+json; fhirVersion=5.0", false),
            ("application/fhir+xml", false),
            ("application/json;q=0", false),
            ("text/html", false),
            ("", true),
        ] {
            assert_eq!(acceptable(&headers(header::ACCEPT, accept), None).is_ok(), taken, "{accept}");
        }
        let xml = headers(header::ACCEPT, "application/fhir+xml");
        assert!(acceptable(&xml, Some("json")).is_ok(), "_format wins");
        assert!(acceptable(&HeaderMap::new(), Some("application/fhir json")).is_ok());
        assert!(acceptable(&HeaderMap::new(), Some("xml")).is_err());
        assert!(acceptable(&HeaderMap::new(), None).is_ok());
    }

    #[test]
    fn content_type() {
        for (content_type, taken) in [
            ("application/fhir+json", true),
            ("application/json; charset=UTF-8", true),
            ("application/json; charset=latin1", false),
            ("application/fhir+xml", false),
            ("text/plain", false),
        ] {
            assert_eq!(
                is_fhir_body(&headers(header::CONTENT_TYPE, content_type)).is_ok(),
                taken,
                "{content_type}"
            );
        }
        assert!(is_fhir_body(&HeaderMap::new()).is_err());
        let mut gzip = headers(header::CONTENT_TYPE, "application/fhir+json");
        gzip.insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        assert!(is_fhir_body(&gzip).is_err());
    }
}
