//! Rewriting what a resource of a transaction says about the others: `urn:uuid:` and full URLs become references to the
//! ids now given, in references, in elements of type uri, url, oid, uuid and canonical, and in links of narratives. A
//! relative reference means the entry at that place on the server its own entry comes from
//! (<https://hl7.org/fhir/R4/bundle.html#references>), never whatever has that id here.
//!
//! Driven by the definitions, so that a string which only looks like one of them stays as it is.

use fhir::definitions::definitions;
use fhir::json::{Object, Text, Value};
use std::collections::HashMap;

/// What stands for what: full URLs and conditional references, to `Type/id`.
pub(super) type Known = HashMap<Text, Text>;

/// Nesting beyond which nothing is rewritten; validation refuses it anyway.
const DEPTH: usize = 100;

/// The conditional references (`Practitioner?identifier=…`) of a resource.
pub(super) fn conditional(resource: &Value) -> Vec<Text> {
    let mut found = Vec::new();
    visit(resource, &mut found);
    found
}

fn visit(value: &Value, found: &mut Vec<Text>) {
    match value {
        Value::Object(members) if is_bundle(members) => {}
        Value::Object(members) => {
            for (name, member) in members.iter() {
                match member {
                    Value::String(text) if name == "reference" && is_conditional(text) => {
                        found.push(text.clone())
                    }
                    Value::Object(_) | Value::Array(_) => visit(member, found),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

/// Where a resource still refers to an entry that the transaction does not have: `urn:uuid:` and `urn:oid:` mean nothing
/// outside the bundle that they stand in. The place is a FHIRPath below the resource.
pub(super) fn dangling(resource: &Value) -> Option<String> {
    let Value::Object(members) = resource else { return None };
    members.iter().find_map(|(name, member)| dangling_in(member, name))
}

fn dangling_in(value: &Value, place: &str) -> Option<String> {
    match value {
        Value::Object(members) => {
            if is_bundle(members) {
                return None;
            }
            members.iter().find_map(|(name, member)| {
                let place = format!("{place}.{name}");
                match member {
                    Value::String(text) if name == "reference" => is_of_a_bundle(text).then_some(place),
                    other => dangling_in(other, &place),
                }
            })
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| dangling_in(item, &format!("{place}[{at}]")))
        }
        _ => None,
    }
}

/// A bundle that a resource is, or holds, has entries of its own: what it says is of them, and stays as it was given.
fn is_bundle(members: &Object) -> bool {
    members.get("resourceType").and_then(Value::as_str) == Some("Bundle")
}

fn is_of_a_bundle(reference: &str) -> bool {
    reference.starts_with("urn:uuid:") || reference.starts_with("urn:oid:")
}

/// Whether a reference is a search on a type.
fn is_conditional(text: &str) -> bool {
    text.split_once('?').is_some_and(|(name, _)| definitions().is_resource(name))
}

/// The server that a full URL such as `https://server/fhir/Patient/1` is of.
pub(super) fn base(full_url: &str) -> Option<&str> {
    let (rest, _id) = full_url.rsplit_once('/')?;
    let (base, name) = rest.rsplit_once('/')?;
    definitions().is_resource(name).then_some(base)
}

/// Rewrites a resource whose entry comes from the server `base`.
pub(super) fn rewrite(resource: &mut Value, known: &Known, base: Option<&str>) {
    if known.is_empty() {
        return;
    }
    let name = resource.text_at(&["resourceType"]).map(Text::from);
    if let Some(name) = name {
        walk(resource, &name, &Links { known, base }, 0);
    }
}

/// What references are looked up in.
struct Links<'a> {
    known: &'a Known,
    base: Option<&'a str>,
}

impl Links<'_> {
    /// What a reference now is.
    fn target(&self, reference: &str) -> Option<&Text> {
        self.known.get(reference).or_else(|| self.known.get(format!("{}/{reference}", self.base?).as_str()))
    }
}

fn walk(value: &mut Value, type_name: &str, links: &Links, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, type_name, links, depth + 1)),
        Value::String(text) => word(text, type_name, links.known),
        Value::Object(members) => {
            if is_bundle(members) {
                return;
            }
            let inner = members.get("resourceType").and_then(Value::as_str).map(Text::from);
            let type_name = inner.as_deref().unwrap_or(type_name);
            for (name, member) in members.iter_mut() {
                if type_name == "Reference" && name == "reference" {
                    if let Value::String(text) = member
                        && let Some(to) = links.target(text)
                    {
                        *text = to.clone();
                    }
                } else if let Some((_, concrete)) = definitions().resolve(type_name, name) {
                    walk(member, concrete, links, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn word(text: &mut Text, type_name: &str, known: &Known) {
    match type_name {
        "uri" | "url" | "canonical" | "oid" | "uuid" if text.starts_with("urn:") => {
            if let Some(to) = known.get(text.as_str()) {
                *text = to.clone();
            }
        }
        "xhtml" if text.contains("urn:") => {
            if let Some(linked) = links(text, known) {
                *text = Text::from(linked);
            }
        }
        _ => {}
    }
}

/// The narrative with the values of its `href` and `src` attributes rewritten; `None` when there is none to rewrite.
fn links(narrative: &str, known: &Known) -> Option<String> {
    let mut out = String::with_capacity(narrative.len());
    let (mut rest, mut changed) = (narrative, false);
    while let Some((at, quote)) = next_link(rest) {
        let (before, value) = rest.split_at(at);
        let end = value.find(quote).unwrap_or(value.len());
        let (url, after) = value.split_at(end);
        out.push_str(before);
        match known.get(url) {
            Some(to) => {
                out.push_str(to);
                changed = true;
            }
            None => out.push_str(url),
        }
        rest = after;
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Where the next attribute value begins, and its quote.
fn next_link(text: &str) -> Option<(usize, char)> {
    [("href=\"", '"'), ("href='", '\''), ("src=\"", '"'), ("src='", '\'')]
        .into_iter()
        .filter_map(|(start, quote)| Some((text.find(start)? + start.len(), quote)))
        .min_by_key(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse, to_string};

    fn known() -> Known {
        [
            ("urn:uuid:a", "Patient/1"),
            ("Practitioner?identifier=x|1", "Practitioner/9"),
            ("http://h/Patient/7", "Patient/2"),
        ]
        .into_iter()
        .map(|(from, to)| (Text::from(from), Text::from(to)))
        .collect()
    }

    fn rewritten(text: &str) -> String {
        let mut value = parse(text.as_bytes(), &Limits::default()).unwrap();
        rewrite(&mut value, &known(), Some("http://h"));
        to_string(&value)
    }

    #[test]
    fn references_uris_and_links_are_rewritten() {
        let text = r#"{"resourceType":"Observation","text":{"status":"generated","div":"<div><a href=\"urn:uuid:a\">a</a><img src='urn:uuid:b'/></div>"},"contained":[{"resourceType":"Basic","subject":{"reference":"urn:uuid:a"}}],"extension":[{"url":"http://e","valueUri":"urn:uuid:a"},{"url":"http://e","valueReference":{"reference":"urn:uuid:a"}}],"subject":{"reference":"http://h/Patient/7"},"performer":[{"reference":"Practitioner?identifier=x|1"}]}"#;
        let expected = text
            .replace(r#"href=\"urn:uuid:a\""#, r#"href=\"Patient/1\""#)
            .replace(r#""reference":"urn:uuid:a""#, r#""reference":"Patient/1""#)
            .replace(r#""valueUri":"urn:uuid:a""#, r#""valueUri":"Patient/1""#)
            .replace("http://h/Patient/7", "Patient/2")
            .replace("Practitioner?identifier=x|1", "Practitioner/9");
        assert_eq!(rewritten(text), expected);
    }

    #[test]
    fn relative_references_are_those_of_the_same_server() {
        let text = r#"{"resourceType":"Basic","subject":{"reference":"Patient/7"},"author":{"reference":"Patient/8"}}"#;
        let expected = text.replace("Patient/7", "Patient/2");
        assert_eq!(rewritten(text), expected);
        assert_eq!(base("http://h/fhir/Patient/7"), Some("http://h/fhir"));
        assert_eq!(base("urn:uuid:a"), None);
        assert_eq!(base("http://h/other/7"), None);
    }

    #[test]
    fn what_only_looks_like_a_reference_stays() {
        let text = r#"{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:a"}],"name":[{"text":"urn:uuid:a"}]}"#;
        assert_eq!(rewritten(text), text);
    }

    #[test]
    fn a_bundle_inside_keeps_what_it_says_of_its_own_entries() {
        let bundle = r#"{"resourceType":"Bundle","type":"document","entry":[{"fullUrl":"urn:uuid:a","resource":{"resourceType":"Basic","subject":{"reference":"urn:uuid:a"},"author":{"reference":"Practitioner?identifier=x|1"}}}]}"#;
        assert_eq!(rewritten(bundle), bundle);
        let held =
            format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"b","resource":{bundle}}}]}}"#);
        assert_eq!(rewritten(&held), held);
        assert!(conditional(&parse(held.as_bytes(), &Limits::default()).unwrap()).is_empty());
    }

    #[test]
    fn finds_what_no_entry_stands_for() {
        let place = |text: &str| dangling(&parse(text.as_bytes(), &Limits::default()).unwrap());
        let text = r#"{"resourceType":"Encounter","identifier":[{"value":"urn:uuid:a"}],"participant":[{},{"individual":{"reference":"urn:uuid:b"}}]}"#;
        assert_eq!(place(text).as_deref(), Some("participant[1].individual.reference"));
        let inside = r#"{"resourceType":"Parameters","parameter":[{"name":"b","resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic","subject":{"reference":"urn:uuid:b"}}}]}}]}"#;
        assert_eq!(place(inside), None);
        assert_eq!(place(r#"{"resourceType":"Basic","subject":{"reference":"Patient/1"}}"#), None);
    }

    #[test]
    fn finds_conditional_references() {
        let text = r#"{"resourceType":"Encounter","participant":[{"individual":{"reference":"Practitioner?identifier=x|1"}}],"subject":{"reference":"Patient/1"}}"#;
        let value = parse(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(conditional(&value), ["Practitioner?identifier=x|1"]);
    }
}
