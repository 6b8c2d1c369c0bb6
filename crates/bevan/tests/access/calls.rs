//! How each route of the FHIR door is called for one target. A route that this file cannot call is a finding, so that
//! nobody adds one without its row in the matrix.

use super::door::Call;
use super::expect::Owner;
use super::records::{NOBODY, Record, canary, nobody_like, patient};
use super::world::World;
use interop::fhir::{Interaction, Route, Verb};
use serde_json::{Value, json};

/// Calls that only look.
pub fn looks(route: &Route, target: &Record) -> Result<Vec<Call>, String> {
    let at = |version: usize| fill(route, target, version).map(|path| Call::new(route.verb.name(), path));
    let here = at(target.version())?;
    let asking = |query: &str| Call { path: format!("{}?{query}", here.path), ..here.clone() };
    Ok(match route.interaction {
        Interaction::Capabilities => vec![here],
        Interaction::Read => vec![
            here.clone(),
            Call { method: "HEAD", ..here.clone() },
            here.clone().with("accept-encoding", "gzip"),
            here.clone().with("if-none-match", format!("W/\"{}\"", target.version())),
            here.clone().with("if-none-match", "*"),
            here.clone().with("if-modified-since", "Sun, 22 Nov 2026 10:00:00 GMT"),
            asking("_pretty=true"),
            asking("_elements=id"),
            asking("_summary=true"),
            asking("_summary=text"),
            asking("_sort=_id"),
        ],
        Interaction::Vread => {
            let mut calls = vec![at(1)?, at(2)?, at(target.version())?, at(77)?];
            calls.push(here.with("if-none-match", "*"));
            calls
        }
        Interaction::HistoryInstance => {
            vec![here.clone(), asking("_count=1"), asking("_since=2000-01-01"), asking("_at=2026-11-22")]
        }
        Interaction::HistoryType | Interaction::HistorySystem => {
            let whole = asking("_count=1000");
            vec![
                here.clone(),
                whole.clone(),
                asking("_count=1000&_since=2000-01-01"),
                whole.with("accept-encoding", "gzip"),
            ]
        }
        Interaction::SearchType => searches(target)
            .iter()
            .map(|query| match route.verb {
                Verb::Post => here.clone().form(query),
                _ => asking(query),
            })
            .collect(),
        Interaction::Bundle => bundled_looks(target).iter().map(|bundle| here.clone().fhir(bundle)).collect(),
        Interaction::Create
        | Interaction::Update
        | Interaction::ConditionalUpdate
        | Interaction::Delete
        | Interaction::ConditionalDelete
        // Messages are answered with what they said; the prescriptions' own tests send them in every role.
        | Interaction::ProcessMessage
        | Interaction::Release => Vec::new(),
    })
}

/// Searches that aim at one resource.
fn searches(target: &Record) -> Vec<String> {
    let (id, word, by_word) = (target.id(), canary(target.number), by_word(target));
    let mut all: Vec<String> =
        ["", "&_summary=count", "&_total=accurate", "&_total=accurate&_count=0", "&_elements=id"]
            .iter()
            .flat_map(|shape| {
                [
                    format!("_id={id}{shape}"),
                    format!("{by_word}={word}{shape}"),
                    format!("_tag={word}{shape}"),
                ]
            })
            .collect();
    all.push(format!("_id={id},r9998-canary-free"));
    all.push(format!(
        "_id={id}&_include=*&_revinclude=Observation:*&_revinclude=Encounter:*&_revinclude=DiagnosticReport:*"
    ));
    all.push(format!("_id={id}&_sort=-_lastUpdated,_id"));
    all.push(format!("{by_word}={word}&_include:iterate=*"));
    all.push(String::from("_count=1000&_include=*&_revinclude=Observation:*&_revinclude=Encounter:*&_revinclude=DiagnosticReport:*"));
    all.push(String::from("_count=1000"));
    all.push(String::from("_count=1&_sort=-_lastUpdated"));
    all.push(String::from("_summary=count"));
    all
}

fn bundled_looks(target: &Record) -> Vec<Value> {
    let (type_, id, word) = (target.type_, target.id(), canary(target.number));
    let by_word = by_word(target);
    let urls = [
        format!("{type_}/{id}"),
        format!("{type_}/{id}/_history/1"),
        format!("{type_}?_id={id}&_include=*"),
        format!("{type_}?{by_word}={word}&_summary=count"),
    ];
    let mut bundles = Vec::new();
    for url in &urls {
        for kind in ["batch", "transaction"] {
            bundles.push(bundle(kind, json!({"request": {"method": "GET", "url": url}})));
        }
    }
    bundles
}

/// The parameter that finds a resource by its canary.
fn by_word(target: &Record) -> &'static str {
    let has = fhir::definitions::definitions().search_parameter(target.type_, "identifier").is_some();
    let replaced = matches!(target.type_, "Organization");
    if has && !replaced { "identifier" } else { "_tag" }
}

/// A bundle of one entry.
pub fn bundle(kind: &str, entry: Value) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "entry": [entry]})
}

/// A call that changes something, and what it needs.
pub struct Attempt {
    pub call: Call,
    /// It deletes.
    pub deletes: bool,
    /// The result is decided by what a condition matches, so what it answers for a target within reach is not foretold.
    pub conditional: bool,
    /// Whose the resource will be, besides those whose it is.
    pub after: Vec<Owner>,
    /// What it writes is of another type than the target, which it only refers to.
    pub refers: bool,
    /// The target itself is what it writes, by its address.
    pub direct: bool,
}

/// Calls that change something.
pub fn attempts(route: &Route, target: &Record, world: &World) -> Result<Vec<Attempt>, String> {
    let here = Call::new(route.verb.name(), fill(route, target, target.version())?);
    let (of, word) = (target.id(), canary(target.number));
    let by_word = by_word(target);
    let same = changed(target.json());
    let (stolen, thief) = for_ann(world, target);
    let with_id = |mut body: Value, id: &str| {
        body["id"] = json!(id);
        body
    };
    let direct = |call: Call, after: &[Owner]| Attempt {
        call,
        deletes: false,
        conditional: false,
        refers: false,
        after: after.to_vec(),
        direct: true,
    };
    let asking = |query: String| Call { path: format!("{}?{query}", here.path), ..here.clone() };
    let conditional = |call: Call| Attempt { conditional: true, direct: false, ..direct(call, &thief) };
    let deleting = |attempt: Attempt| Attempt { deletes: true, ..attempt };
    let tag = format!("W/\"{}\"", target.version());
    Ok(match route.interaction {
        Interaction::Update => {
            let take = here.clone().fhir(&with_id(stolen, &of));
            vec![
                direct(here.clone().fhir(&same), &[]),
                direct(here.clone().fhir(&same).with("if-match", &tag), &[]),
                direct(here.clone().fhir(&same).with("if-match", "W/\"66\""), &[]),
                direct(take.clone(), &thief),
                direct(take.clone().with("if-match", &tag), &thief),
                direct(take.clone().with("if-match", "*"), &thief),
                direct(take.with("if-none-match", "*"), &thief),
            ]
        }
        Interaction::ConditionalUpdate => {
            let mut free = stolen.clone();
            free.as_object_mut().map(|members| members.remove("id"));
            vec![
                conditional(asking(format!("{by_word}={word}")).fhir(&free)),
                conditional(asking(format!("_id={of}")).fhir(&free)),
                conditional(asking(format!("_tag={word}")).fhir(&with_id(stolen, &of))),
                conditional(asking(format!("{by_word}={word}")).fhir(&free).with("if-match", &tag)),
            ]
        }
        Interaction::Create => vec![
            Attempt { direct: false, ..direct(here.clone().fhir(&same), &[]) },
            conditional(here.clone().fhir(&stolen).with("if-none-exist", format!("_id={of}"))),
            conditional(here.fhir(&stolen).with("if-none-exist", format!("{by_word}={word}"))),
        ],
        Interaction::Delete => {
            vec![
                deleting(direct(here.clone().with("if-match", "W/\"66\""), &[])),
                deleting(direct(here, &[])),
            ]
        }
        Interaction::ConditionalDelete => vec![
            deleting(conditional(asking(format!("{by_word}={word}")))),
            deleting(conditional(asking(format!("_id={of}")))),
        ],
        Interaction::Bundle => {
            let put = |body: &Value| json!({"resource": body, "request": {"method": "PUT", "url": format!("{}/{of}", target.type_)}});
            let post = json!({"resource": stolen, "request": {"method": "POST", "url": target.type_, "ifNoneExist": format!("{by_word}={word}")}});
            let delete = json!({"request": {"method": "DELETE", "url": format!("{}/{of}", target.type_)}});
            let mut by_condition = super::records::about("Observation", 9998, (&patient(Owner::Ann), ""));
            by_condition["performer"] = json!([{"reference": format!("{}?{by_word}={word}", target.type_)}]);
            let refers =
                json!({"resource": by_condition, "request": {"method": "POST", "url": "Observation"}});
            let mut all = Vec::new();
            for kind in ["batch", "transaction"] {
                all.push(direct(here.clone().fhir(&bundle(kind, put(&same))), &[]));
                all.push(direct(
                    here.clone().fhir(&bundle(kind, put(&with_id(stolen.clone(), &of)))),
                    &thief,
                ));
                all.push(conditional(here.clone().fhir(&bundle(kind, post.clone()))));
                all.push(deleting(direct(here.clone().fhir(&bundle(kind, delete.clone())), &[])));
            }
            if matches!(target.type_, "Patient" | "RelatedPerson" | "Practitioner" | "Organization") {
                let call = here.fhir(&bundle("transaction", refers));
                all.push(Attempt { refers: true, ..conditional(call) });
            }
            all
        }
        _ => Vec::new(),
    })
}

/// The target's document with something harmless changed.
fn changed(json: &Value) -> Value {
    let mut json = json.clone();
    json["language"] = json!("cy-GB");
    json
}

/// A document of the target's type that belongs to Ann, and whose it is then.
fn for_ann(world: &World, target: &Record) -> (Value, Vec<Owner>) {
    let anns = world.records.iter().find(|r| r.type_ == target.type_ && r.owners == [Owner::Ann]);
    match anns {
        Some(record) if target.type_ != "Patient" => (changed(record.json()), vec![Owner::Ann]),
        _ => (changed(target.json()), Vec::new()),
    }
}

/// The path of a route for a target. A part that this file does not know is an error.
fn fill(route: &Route, target: &Record, version: usize) -> Result<String, String> {
    let path = route.path.replace("{type}", target.type_).replace("{id}", &target.id());
    let path = path.replace("{version}", &version.to_string());
    let operation = path.ends_with("/$process-message") || path.ends_with("/$release");
    let odd = path.contains('{')
        || (path.contains('$') && !operation)
        || path.split('/').any(|part| part.starts_with('_') && !["_history", "_search"].contains(&part));
    if odd {
        Err(format!("the matrix does not know how to call {} {}", route.verb.name(), route.path))
    } else {
        Ok(path)
    }
}

/// The same call for something that is not there.
pub fn twin(call: &Call, target: &Record) -> Call {
    call.replacing(&target.id(), &nobody_like(target)).replacing(&canary(target.number), &canary(NOBODY))
}

#[test]
fn a_route_that_nobody_taught_the_matrix_is_an_error() {
    let world = World::whole();
    let known = interop::fhir::ROUTES[1];
    for path in ["/{type}/{id}/$everything", "/{type}/{id}/{part}", "/_export"] {
        assert!(looks(&Route { path, ..known }, &world.records[0]).is_err(), "{path}");
        assert!(attempts(&Route { path, ..known }, &world.records[0], &world).is_err(), "{path}");
    }
}
