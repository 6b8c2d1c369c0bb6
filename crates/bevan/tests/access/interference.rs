//! The third oracle: nobody may learn from any answer what the rest of the world holds. Everything that somebody may read
//! is put into a second world where nothing else ever existed; every question, also about what is hidden, must have the
//! same answer in both, to the last byte. The questions are made from the search parameters and from every indexed
//! value of the whole world.

use super::door::{Answer, Call, ask, fhir_door};
use super::expect::{Class, Who};
use super::findings::Findings;
use super::records::{Record, canary, id};
use super::world::World;
use fhir::definitions::{SearchKind, definitions};
use fhir::index::{Extractor, IndexValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Those who see a part of the world.
pub const PARTIAL: [Who; 9] = [
    Who::Unproven,
    Who::Patient,
    Who::Carer,
    Who::Surgery,
    Who::Ward,
    Who::WardGlass,
    Who::Receptionist,
    Who::Operator,
    Who::Narrow,
];

/// Asks everything in both worlds.
pub async fn compare(whole: &Arc<World>, actors: &[Who], findings: &Arc<Findings>) {
    let questions = Arc::new(questions(&whole.records));
    let mut tasks = JoinSet::new();
    for who in actors.iter().copied() {
        let (whole, findings, questions) = (Arc::clone(whole), Arc::clone(findings), Arc::clone(&questions));
        tasks.spawn(async move {
            let part = World::seen_by(who);
            let doors = [fhir_door(&whole.store), fhir_door(&part.store)];
            for call in questions.iter().filter(|_| !findings.enough()) {
                findings.cell();
                let mut answers = Vec::new();
                for door in &doors {
                    findings.request();
                    answers.push(masked(&ask(door, who, call).await));
                }
                if answers[0] != answers[1] {
                    let what = format!("in the whole world: {}\nalone: {}", answers[0], answers[1]);
                    findings.add(format!("interference | {who:?} | {} | {what}", call.text()));
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

/// Cursors are sealed with each store's own secret.
fn masked(answer: &Answer) -> String {
    let text = answer.text();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_page=") {
        let (before, after) = rest.split_at(at + 6);
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(after.len());
        // A cursor that is a plain number counts something, and must be the same.
        out.push_str(if end >= 32 { "sealed" } else { &after[..end] });
        rest = &after[end..];
    }
    out + rest
}

/// Every question, without repeats.
fn questions(records: &[Record]) -> Vec<Call> {
    // The log of who asked grows with every question and is different in each world.
    let records: Vec<Record> = records.iter().filter(|r| r.class != Class::Audit).cloned().collect();
    let records = records.as_slice();
    let mut types: Vec<&'static str> = records.iter().map(|record| record.type_).collect();
    types.sort_unstable();
    types.dedup();
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for name in &types {
        for query in of_type(name, records, &types) {
            paths.insert(format!("/{name}?{query}"));
        }
        for history in ["_history", "_history?_count=2", "_history?_since=2000-01-01"] {
            paths.insert(format!("/{name}/{history}"));
        }
    }
    for record in records {
        paths.insert(format!("/{}/{}", record.type_, record.id()));
        paths.insert(format!("/{}/{}/_history?_count=1", record.type_, record.id()));
        for version in 1..=3 {
            paths.insert(format!("/{}/{}/_history/{version}", record.type_, record.id()));
        }
    }
    paths.extend(["/_history", "/_history?_count=3", "/metadata"].map(String::from));
    let mut calls: Vec<Call> = paths.iter().map(Call::get).collect();
    // The same by POST, for every seventh.
    for path in paths.iter().step_by(7) {
        if let Some((path, query)) = path.split_once('?').filter(|(path, _)| !path.contains("_history")) {
            calls.push(Call::new("POST", format!("{path}/_search")).form(query));
        }
    }
    calls
}

fn of_type(name: &str, records: &[Record], types: &[&'static str]) -> BTreeSet<String> {
    let mut queries: BTreeSet<String> = BTreeSet::new();
    for shape in [
        "",
        "_summary=count",
        "_total=accurate&_count=1",
        "_total=none&_summary=count",
        "_count=0",
        "_page=ff",
    ] {
        queries.insert(shape.to_owned());
    }
    for (code, value) in values(name, records) {
        queries.insert(format!("{code}={value}"));
        queries.insert(format!("{code}={value}&_summary=count"));
    }
    let ids: Vec<String> = records.iter().filter(|r| r.type_ == name).map(Record::id).collect();
    queries.insert(format!("_id={}&_total=accurate&_count=1", ids.join(",")));
    for parameter in definitions().search_parameters(name) {
        let code = parameter.code;
        queries.insert(format!("{code}:missing=true&_summary=count"));
        queries.insert(format!("_sort={code}&_count=2&_elements=id"));
        queries.insert(format!("_sort=-{code}&_count=2&_elements=id"));
        match parameter.kind {
            SearchKind::String => {
                queries.insert(format!("{code}:contains=zkx&_summary=count"));
                queries.insert(format!("{code}=---"));
            }
            SearchKind::Token => {
                queries.insert(format!("{code}:not=final&_summary=count"));
            }
            SearchKind::Date => {
                queries.insert(format!("{code}=ge2000-01-01&_total=accurate"));
            }
            SearchKind::Reference => chains(name, code, (records, types), &mut queries),
            _ => {}
        }
    }
    for source in types {
        queries.insert(format!("_count=5&_revinclude={source}:*"));
        for parameter in definitions().search_parameters(source).filter(|p| p.kind == SearchKind::Reference) {
            let code = parameter.code;
            for word in some(source, records) {
                queries.insert(format!("_has:{source}:{code}:_tag={word}&_summary=count"));
            }
            queries.insert(format!(
                "_has:{source}:{code}:_lastUpdated=ge2000-01-01&_total=accurate&_elements=id"
            ));
        }
    }
    queries.insert("_include=*&_include:iterate=*".into());
    queries.insert("_include=*&_count=1".into());
    queries
}

fn chains(
    name: &str,
    code: &str,
    (records, types): (&[Record], &[&'static str]),
    queries: &mut BTreeSet<String>,
) {
    queries.insert(format!("_include={name}:{code}"));
    for target in types {
        for word in some(target, records) {
            queries.insert(format!("{code}:{target}._tag={word}&_elements=id"));
        }
        queries.insert(format!("{code}:{target}._lastUpdated=ge2000-01-01&_summary=count"));
    }
}

/// Canaries of some resources of a type: of each owner one.
fn some(name: &str, records: &[Record]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut words = Vec::new();
    for record in records.iter().filter(|record| record.type_ == name) {
        if !seen.contains(&&record.owners) {
            seen.push(&record.owners);
            words.push(canary(record.number));
        }
    }
    words
}

/// Parameters and the values that the whole world's records have in them, as a query writes them.
fn values(name: &str, records: &[Record]) -> BTreeSet<(String, String)> {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut found = BTreeSet::from([("_id".to_owned(), id(9999))]);
    for record in records.iter().filter(|record| record.type_ == name) {
        let document = record.json().to_string();
        let document = fhir::json::parse(document.as_bytes(), &fhir::json::Limits::default()).expect("JSON");
        for entry in Extractor::r4().extract(&document) {
            let Some(parameter) = definitions().search_parameter_at(entry.param) else { continue };
            let value = match &entry.value {
                IndexValue::String { exact, .. } => exact.to_string(),
                IndexValue::Token { system: Some(system), code: Some(code), .. } => {
                    format!("{system}|{code}")
                }
                IndexValue::Token { code: Some(code), .. } => code.to_string(),
                IndexValue::Reference { type_: Some(type_), id, url: None, .. } => format!("{type_}/{id}"),
                IndexValue::Uri(uri) => uri.to_string(),
                _ => continue,
            };
            found.insert((parameter.code.to_owned(), encode(&value)));
        }
        found.insert(("_id".to_owned(), record.id()));
    }
    found
}
