//! Entries of the response.

use crate::search::{Mode, SearchPage};
use crate::{Deleted, Error, Resource, Saved};
use fhir::json::{Object, Value};
use fhir::search::Query;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A response bundle.
pub(super) fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    let mut bundle = Object::of([("resourceType", Value::from("Bundle")), ("type", Value::from(kind))]);
    if !entries.is_empty() {
        bundle.insert("entry", Value::Array(entries));
    }
    Value::Object(bundle)
}

/// What a create or an update left.
pub(super) fn saved(saved: &Saved) -> Value {
    let status = if saved.created { "201 Created" } else { "200 OK" };
    Value::object([("response", response(status, &saved.resource))])
}

/// What a conditional create found.
pub(super) fn kept(resource: &Resource) -> Value {
    Value::object([("response", response("200 OK", resource))])
}

/// What a read found.
pub(super) fn found(resource: &Resource) -> Result<Value, Error> {
    Ok(Value::object([("resource", resource.value()?), ("response", response("200 OK", resource))]))
}

/// What a delete left.
pub(super) fn deleted(deleted: &Deleted) -> Value {
    let mut response = Object::of([("status", Value::from("204 No Content"))]);
    if let Some(version) = deleted.version {
        response.insert("etag", Value::from(format!("W/\"{version}\"")));
    }
    Value::object([("response", Value::Object(response))])
}

/// The page of a search, as the resource of its entry.
pub(super) fn searched(query: &Query, page: &SearchPage) -> Result<Value, Error> {
    let mut entries = Vec::with_capacity(page.entries.len());
    for entry in &page.entries {
        let mode = if entry.mode == Mode::Match { "match" } else { "include" };
        entries.push(Value::object([
            ("resource", entry.resource.value()?),
            ("search", Value::object([("mode", Value::from(mode))])),
        ]));
    }
    let mut set = Object::of([("resourceType", Value::from("Bundle")), ("type", Value::from("searchset"))]);
    if let Some(total) = page.total {
        set.insert("total", Value::from(i64::try_from(total).unwrap_or(i64::MAX)));
    }
    if let Some(next) = &page.next {
        let mut pairs: Vec<_> = query.to_pairs().into_iter().filter(|(name, _)| name != "_page").collect();
        pairs.push((String::from("_page"), next.clone()));
        let encoded: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
            .collect();
        let url = format!("{}?{}", query.resource_type, encoded.join("&"));
        let link = Value::object([("relation", Value::from("next")), ("url", Value::from(url))]);
        set.insert("link", Value::Array(vec![link]));
    }
    if !entries.is_empty() {
        set.insert("entry", Value::Array(entries));
    }
    let response = Value::object([("status", Value::from("200 OK"))]);
    Ok(Value::object([("resource", Value::Object(set)), ("response", response)]))
}

/// What went wrong with an entry of a batch.
pub(super) fn failed(error: &Error) -> Value {
    let outcome = fhir::issue::outcome(&error.issues());
    let status = Value::from(error.status().to_string());
    Value::object([("response", Value::object([("status", status), ("outcome", outcome)]))])
}

fn response(status: &str, resource: &Resource) -> Value {
    let Resource { type_, id, version, last_updated, .. } = resource;
    Value::object([
        ("status", Value::from(status)),
        ("location", Value::from(format!("{type_}/{id}/_history/{version}"))),
        ("etag", Value::from(format!("W/\"{version}\""))),
        ("lastModified", Value::from(format!("{last_updated:.6}"))),
    ])
}
