//! `If-Match`, `If-None-Match` and `If-Modified-Since` (RFC 9110 §13, <https://hl7.org/fhir/R4/http.html#concurrency>).

use super::refusal::{Refusal, in_request};
use axum::http::{HeaderMap, header};
use fhir::issue::{Issue, IssueCode};
use store::{IfMatch, Resource};

/// The precondition of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// As the store knows it.
    Store(IfMatch),
    /// `If-Match: *`: there must be a current version, whichever.
    Exists,
}

/// The precondition of a write.
pub(super) fn of_write(headers: &HeaderMap) -> Result<Precondition, Refusal> {
    let malformed = |place: &str, text: &str| {
        Err(Refusal::bad_request(Issue::error(IssueCode::Value, text).at(in_request(place))))
    };
    if let Some(tag) = text(headers, header::IF_MATCH)? {
        return match (tag, version(tag)) {
            ("*", _) => Ok(Precondition::Exists),
            (_, Some(version)) => Ok(Precondition::Store(IfMatch::Version(version))),
            _ => malformed("If-Match", "must be one version in the form W/\"n\""),
        };
    }
    match text(headers, header::IF_NONE_MATCH)? {
        None => Ok(Precondition::Store(IfMatch::Any)),
        Some("*") => Ok(Precondition::Store(IfMatch::NoneExists)),
        Some(_) => malformed("If-None-Match", "must be * on a write"),
    }
}

/// Whether the client of a read already has this version.
pub(super) fn is_unchanged(headers: &HeaderMap, resource: &Resource) -> bool {
    if let Some(tags) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) {
        return tags
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || version(tag) == Some(resource.version));
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since.and_then(|since| jiff::fmt::rfc2822::parse(since).ok()).is_some_and(|since| {
        // The header counts whole seconds.
        resource.last_updated.as_second() <= since.timestamp().as_second()
    })
}

/// An entity tag for a version.
pub(super) fn tag(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// The version of one entity tag; some clients leave out the `W/` or the quotation marks.
fn version(tag: &str) -> Option<u64> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let inner = opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(opaque);
    inner.parse().ok().filter(|_| inner.bytes().all(|byte| byte.is_ascii_digit()))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Result<Option<&str>, Refusal> {
    let place = name.to_string();
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let refusal =
        |text: &str| Refusal::bad_request(Issue::error(IssueCode::Value, text).at(in_request(&place)));
    if second.is_some() {
        return Err(refusal("must be given once"));
    }
    first.map(|value| value.to_str().map(str::trim).map_err(|_| refusal("must be plain text"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes() {
        let of = |name: header::HeaderName, value: &str| {
            of_write(&HeaderMap::from_iter([(name, value.parse().unwrap())]))
                .map_err(|refusal| refusal.status.as_u16())
        };
        assert_eq!(of(header::IF_MATCH, "W/\"3\""), Ok(Precondition::Store(IfMatch::Version(3))));
        assert_eq!(of(header::IF_MATCH, "\"3\""), Ok(Precondition::Store(IfMatch::Version(3))));
        assert_eq!(of(header::IF_MATCH, "*"), Ok(Precondition::Exists));
        assert_eq!(of(header::IF_MATCH, "W/\"x\""), Err(400));
        assert_eq!(of(header::IF_MATCH, "W/\"1\", W/\"2\""), Err(400));
        assert_eq!(of(header::IF_NONE_MATCH, "*"), Ok(Precondition::Store(IfMatch::NoneExists)));
        assert_eq!(of(header::IF_NONE_MATCH, "W/\"1\""), Err(400));
    }
}
