//! One entry of a bundle, read: what it asks for and of what.

use crate::{Condition, Error, IfMatch};
use fhir::definitions::definitions;
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Text, Value};
use percent_encoding::percent_decode_str;

/// What an entry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verb {
    // In the order in which a transaction does them.
    Delete,
    Post,
    Put,
    Get,
}

/// What it asks it of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// `Patient`
    Type(Text),
    /// `Patient/1`
    Instance(Text, Text),
    /// `Patient/1/_history/2`
    Version(Text, Text, u64),
    /// `Patient?name=x`
    Query(Condition),
}

/// One entry of a bundle.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub at: usize,
    pub verb: Verb,
    pub target: Target,
    pub full_url: Option<Text>,
    pub resource: Option<Value>,
    pub if_match: IfMatch,
    pub if_none_exist: Option<Condition>,
}

impl Entry {
    /// Reads entry number `at`.
    pub fn of(at: usize, entry: &Value) -> Result<Self, Error> {
        let refuse = |code: IssueCode, text: &str, element: &str| {
            Err(Error::invalid(Issue::error(code, text).at(format!("Bundle.entry[{at}].{element}"))))
        };
        let Some(request) = entry.get("request") else {
            return refuse(IssueCode::Required, "the entry has no request", "request");
        };
        let verb = match request.text_at(&["method"]) {
            Some("DELETE") => Verb::Delete,
            Some("POST") => Verb::Post,
            Some("PUT") => Verb::Put,
            Some("GET") => Verb::Get,
            Some("PATCH" | "HEAD") => {
                return refuse(
                    IssueCode::NotSupported,
                    "this method is not supported in a bundle",
                    "request.method",
                );
            }
            _ => return refuse(IssueCode::Value, "the method is missing or unknown", "request.method"),
        };
        let Some(target) = request.text_at(&["url"]).and_then(target) else {
            return refuse(
                IssueCode::Value,
                "the URL does not name a resource, a type or a search",
                "request.url",
            );
        };
        let resource = entry.get("resource").cloned();
        let fits = match (verb, &target) {
            (Verb::Post, Target::Type(name)) => resource.as_ref().is_some_and(|r| is_a(r, name)),
            (Verb::Put, Target::Instance(name, id)) => {
                resource.as_ref().is_some_and(|r| is_a(r, name) && r.text_at(&["id"]) == Some(id.as_str()))
            }
            (Verb::Put, Target::Query(condition)) => {
                resource.as_ref().is_some_and(|r| is_a(r, &condition.resource_type))
            }
            (Verb::Delete, Target::Instance(..) | Target::Query(_)) | (Verb::Get, _) => resource.is_none(),
            _ => false,
        };
        if !fits {
            let text = "method, URL and resource of the entry do not fit together";
            return refuse(IssueCode::Invalid, text, "request");
        }
        let if_none_exist = match (request.text_at(&["ifNoneExist"]), &target) {
            (Some(query), Target::Type(name)) if verb == Verb::Post => {
                Some(Condition { resource_type: name.clone(), parameters: parameters(query) })
            }
            _ => None,
        };
        let Some(if_match) = precondition(request) else {
            return refuse(IssueCode::Value, "the precondition is not an entity tag", "request.ifMatch");
        };
        let full_url = entry.text_at(&["fullUrl"]).map(Text::from);
        Ok(Self { at, verb, target, full_url, resource, if_match, if_none_exist })
    }
}

fn is_a(resource: &Value, name: &str) -> bool {
    resource.text_at(&["resourceType"]) == Some(name)
}

fn precondition(request: &Value) -> Option<IfMatch> {
    match (request.text_at(&["ifMatch"]), request.text_at(&["ifNoneMatch"])) {
        (Some(tag), _) => {
            let version = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
            Some(IfMatch::Version(version.parse().ok()?))
        }
        (None, Some("*")) => Some(IfMatch::NoneExists),
        (None, _) => Some(IfMatch::Any),
    }
}

/// Reads a URL relative to the base of the server.
fn target(url: &str) -> Option<Target> {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let path = path.trim_end_matches('/');
    let mut parts = path.split('/');
    let name =
        Text::from(definitions().resource_types().find(|known| Some(*known) == path.split('/').next())?);
    parts.next();
    match (parts.next(), parts.next(), parts.next(), parts.next(), query) {
        (None, .., None) => Some(Target::Type(name)),
        (None | Some("_search"), None, .., Some(query)) => {
            Some(Target::Query(Condition { resource_type: name, parameters: parameters(query) }))
        }
        (Some(id), None, .., None) if crate::prepared::is_id(id) => {
            Some(Target::Instance(name, Text::from(id)))
        }
        (Some(id), Some("_history"), Some(version), None, None) if crate::prepared::is_id(id) => {
            Some(Target::Version(name, Text::from(id), version.parse().ok()?))
        }
        _ => None,
    }
}

/// The pairs of a query string, decoded.
pub(super) fn parameters(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_targets() {
        assert_eq!(target("Patient"), Some(Target::Type("Patient".into())));
        assert_eq!(target("Patient/1"), Some(Target::Instance("Patient".into(), "1".into())));
        assert_eq!(target("Patient/1/_history/2"), Some(Target::Version("Patient".into(), "1".into(), 2)));
        let Some(Target::Query(condition)) = target("Patient?name=a%20b&x") else { panic!() };
        assert_eq!(condition.parameters, [("name".into(), "a b".into()), ("x".into(), String::new())]);
        for wrong in ["", "Nonsense/1", "Patient/1/2", "http://other/Patient/1", "Patient/a b", "metadata"] {
            assert_eq!(target(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_place() {
        let entry = |text: &str| {
            let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
            Entry::of(3, &value)
        };
        assert!(entry(r#"{"request":{"method":"GET","url":"Patient/1"}}"#).is_ok());
        for wrong in [
            r#"{}"#,
            r#"{"request":{"method":"PATCH","url":"Patient/1"}}"#,
            r#"{"request":{"method":"POST","url":"Patient"}}"#,
            r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Basic"}}"#,
            r#"{"request":{"method":"PUT","url":"Patient/1"},"resource":{"resourceType":"Patient","id":"2"}}"#,
            r#"{"request":{"method":"DELETE","url":"Patient"}}"#,
            r#"{"request":{"method":"DELETE","url":"Patient/1","ifMatch":"3"}}"#,
        ] {
            let Err(Error::Invalid(issues)) = entry(wrong) else { panic!("{wrong}") };
            assert!(issues[0].expression.as_deref().unwrap().starts_with("Bundle.entry[3]."));
        }
    }
}
