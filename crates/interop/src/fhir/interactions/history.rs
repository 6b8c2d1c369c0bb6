//! `history` of a resource, a type or everything (<https://hl7.org/fhir/R4/http.html#history>).

use crate::fhir::answer::Answer;
use crate::fhir::bundle::{Bundle, Version};
use crate::fhir::call::Call;
use crate::fhir::links;
use crate::fhir::refusal::{Refusal, in_request};
use fhir::issue::{Issue, IssueCode};
use fhir::time::{DateTime, Kind, default_zone};
use std::sync::Arc;
use store::history::{Entry, Params, Scope};
use store::{Method, Position};

/// A page of history, newest first.
pub(super) async fn history(call: &Call) -> Result<Answer, Refusal> {
    call.only(&["_since", "_at", "_count", "_page"])?;
    let scope = match (call.resource_type.is_empty(), call.id.is_empty()) {
        (true, _) => Scope::System,
        (false, true) => Scope::Type(call.resource_type.clone()),
        (false, false) => Scope::Instance { type_: call.resource_type.clone(), id: call.id.clone() },
    };
    let params = params(call)?;
    let count = params.count;
    let work = move |snapshot: &mut store::Snapshot| snapshot.history(&scope, &params);
    let page = call.store().read(Arc::clone(&call.actor), work).await?;
    let mut links = vec![("self", link(call, count, None))];
    if let Some(next) = page.next {
        links.push(("next", link(call, count, Some(next))));
    }
    let mut bundle = Bundle::new("history", page.total, &links);
    for entry in &page.entries {
        write(call, entry, &mut bundle);
    }
    Ok(Answer::of(bundle.finish()))
}

fn write(call: &Call, entry: &Entry, bundle: &mut Bundle) {
    let url = match entry.method {
        Method::Post => entry.type_.to_string(),
        Method::Put | Method::Delete => format!("{}/{}", entry.type_, entry.id),
    };
    let status = match entry.method {
        Method::Post => "201",
        Method::Put if entry.version == 1 => "201",
        Method::Put => "200",
        Method::Delete => "204",
    };
    let version = Version {
        method: entry.method.http(),
        url: &url,
        status,
        number: entry.version,
        recorded_at: entry.recorded_at,
    };
    let resource = entry.resource.as_ref().map(|resource| &*resource.json);
    bundle.version(&call.url_of(&entry.type_, &entry.id), resource, &version);
}

fn params(call: &Call) -> Result<Params, Refusal> {
    let limits = call.state.limits;
    let mut params = Params { since: None, at: None, count: limits.page, before: None };
    for (name, value) in &call.query {
        let malformed =
            |text: &str| Refusal::bad_request(Issue::error(IssueCode::Value, text).at(in_request(name)));
        match name.as_str() {
            "_since" => {
                let (from, _) = range(value).ok_or_else(|| malformed("must be an instant"))?;
                params.since = Some(from);
            }
            "_at" => params.at = Some(range(value).ok_or_else(|| malformed("must be a date or time"))?),
            "_count" => {
                let count: u32 = value.parse().map_err(|_| malformed("must be a number"))?;
                params.count = count.clamp(1, limits.longest_page);
            }
            "_page" => {
                let position = call.store().position_of(value);
                params.before = Some(position.ok_or_else(|| malformed("must come from a next link"))?);
            }
            _ => {}
        }
    }
    Ok(params)
}

/// First instant and first instant after; a plus sign that was not encoded arrives as a space.
fn range(text: &str) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
    let value = DateTime::parse(Kind::DateTime, &text.replace(' ', "+"))?;
    let (from, until) = value.range(default_zone());
    Some((jiff::Timestamp::from_microsecond(from).ok()?, jiff::Timestamp::from_microsecond(until).ok()?))
}

/// The address of a page, with the count that was really used.
fn link(call: &Call, count: u32, page: Option<Position>) -> String {
    let mut pairs: Vec<(String, String)> = call
        .query
        .iter()
        .filter(|(name, _)| name != "_count" && (name != "_page" || page.is_none()))
        .cloned()
        .collect();
    pairs.push((String::from("_count"), count.to_string()));
    if let Some(position) = page {
        pairs.push((String::from("_page"), call.store().cursor_of(position)));
    }
    let path = [call.resource_type.as_str(), call.id.as_str(), "_history"];
    let path: Vec<&str> = path.into_iter().filter(|segment| !segment.is_empty()).collect();
    format!("{}/{}{}", call.base, path.join("/"), links::query(&pairs))
}
