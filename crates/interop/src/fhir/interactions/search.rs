//! Search on a type, by GET or by POST (<https://hl7.org/fhir/R4/search.html>).

use crate::fhir::answer::Answer;
use crate::fhir::bundle::Bundle;
use crate::fhir::call::Call;
use crate::fhir::links;
use crate::fhir::refusal::Refusal;
use axum::http::StatusCode;
use fhir::issue::outcome;
use fhir::search::Query;
use std::sync::Arc;
use store::search::Mode;

/// A page of matches and what comes along with them. What a lenient client's query left out is the first entry.
pub(super) async fn search(call: &Call) -> Result<Answer, Refusal> {
    let parsed = Query::parse(&call.resource_type, &call.query, call.prefer.handling)
        .map_err(|issues| Refusal::listed(StatusCode::BAD_REQUEST, issues))?;
    let query = Arc::new(parsed.query);
    let searched = Arc::clone(&query);
    let work = move |snapshot: &mut store::Snapshot| snapshot.search(&searched);
    let page = call.store().read(Arc::clone(&call.actor), work).await?;
    let mut links = vec![("self", link(call, &query))];
    if let Some(next) = page.next {
        links.push(("next", link(call, &Query { page: Some(next), ..(*query).clone() })));
    }
    let mut bundle = Bundle::new("searchset", page.total, &links);
    for entry in &page.entries {
        let mode = match entry.mode {
            Mode::Match => "match",
            Mode::Include => "include",
        };
        let resource = &entry.resource;
        bundle.found(&call.url_of(&resource.type_, &resource.id), &resource.json, mode);
    }
    if !parsed.ignored.is_empty() {
        bundle.outcome(&outcome(&parsed.ignored));
    }
    Ok(Answer::of(bundle.finish()))
}

/// The address of a page: the parameters that were really used, also for a search by POST.
fn link(call: &Call, query: &Query) -> String {
    format!("{}/{}{}", call.base, query.resource_type, links::query(&query.to_pairs()))
}
