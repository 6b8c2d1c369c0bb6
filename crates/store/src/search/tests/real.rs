//! The naive matcher over real records: Synthea bundles go in through a transaction, and searches made from what was
//! extracted from them find what the plain rules find.

#[path = "../../../../../tests/located.rs"]
mod shared;

use super::naive;
use super::world::{Cell, Item, World, plans};
use crate::bundle::transaction_blocking;
use crate::search::search;
use crate::{Actor, Clock, Entropy, Environment, Options, Role, Store};
use fhir::definitions::{SearchKind, SearchParameter, definitions};
use fhir::index::{Extractor, IndexValue};
use fhir::json::{Limits, parse};
use fhir::search::{Handling, Query};
use rusqlite::Connection;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_767_225_600).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

fn fixed(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn cells(value: IndexValue) -> Vec<Cell> {
    let word = |text: Option<fhir::json::Text>| fixed(text.as_deref().unwrap_or_default());
    let ends = |lo: rust_decimal::Decimal, hi: rust_decimal::Decimal, value: rust_decimal::Decimal| {
        let point = value - lo == hi - value;
        let (lo, hi) = if point { (value, value) } else { (lo, hi) };
        (lo.to_f64().unwrap(), hi.to_f64().unwrap())
    };
    match value {
        IndexValue::String { exact, .. } => vec![Cell::Text(exact)],
        IndexValue::Token { system, code, .. } => vec![Cell::Token(word(system), word(code))],
        IndexValue::Reference { type_, id, url, identifier, .. } => {
            let logical = identifier.map(|(system, value)| Cell::Identifier(word(system), word(Some(value))));
            let literal = match (type_, url) {
                _ if id.is_empty() => None,
                (_, Some(url)) => Some(Cell::Url(word(Some(url)))),
                (Some(name), None) if !id.starts_with('#') => {
                    Some(Cell::Reference(word(Some(name)), id.to_string()))
                }
                _ => Some(Cell::Url(word(Some(id)))),
            };
            logical.into_iter().chain(literal).collect()
        }
        IndexValue::Date { lo, hi } => vec![Cell::Range(lo, hi)],
        IndexValue::Number { lo, hi, value } => {
            let (lo, hi) = ends(lo, hi, value);
            vec![Cell::Number(lo, hi)]
        }
        IndexValue::Quantity { lo, hi, value, system, code, unit } => {
            let (lo, hi) = ends(lo, hi, value);
            assert!(lo <= hi);
            // Synthea has neither comparators nor ranges in its quantities.
            assert_eq!(lo, hi);
            let by_code = Cell::Quantity(lo, word(code.clone()), word(system));
            let by_unit = unit
                .filter(|unit| code.as_ref() != Some(unit))
                .map(|u| Cell::Quantity(lo, word(Some(u)), ""));
            [by_code].into_iter().chain(by_unit).collect()
        }
        IndexValue::Uri(uri) => vec![Cell::Uri(word(Some(uri)))],
    }
}

/// What the database holds, extracted anew.
fn world(conn: &Connection) -> World {
    let sql = "SELECT t.name, r.id, r.updated, v.json FROM resource r JOIN type t ON t.id = r.type \
               JOIN version v ON v.position = r.position WHERE r.deleted = 0 ORDER BY r.rid";
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut items = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let (name, id): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let json: Vec<u8> = row.get(3).unwrap();
        let document = parse(&json, &Limits::default()).unwrap();
        let entries = Extractor::r4().extract(&document).into_iter().flat_map(|entry| {
            let code = definitions().search_parameter_at(entry.param).unwrap().code;
            cells(entry.value).into_iter().map(move |cell| (code, cell))
        });
        let patients =
            Extractor::r4().compartment_patients(&document).iter().map(ToString::to_string).collect();
        items.push(Item {
            type_: fixed(&name),
            id,
            patients,
            updated: row.get(2).unwrap(),
            cells: entries.collect(),
        });
    }
    World { items, relationships: Vec::new() }
}

fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| ['\\'].into_iter().filter(move |_| "\\,|$".contains(c)).chain([c])).collect()
}

fn moment(micros: i64) -> Option<String> {
    let seconds = jiff::Timestamp::from_microsecond(micros).ok()?.as_second();
    Some(jiff::Timestamp::from_second(seconds).ok()?.to_string())
}

/// Searches that a cell is an occasion for, without the name of the parameter.
fn occasions(cell: &Cell, kind: SearchKind) -> Vec<(&'static str, String)> {
    let prefixed = |value: String| {
        ["", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
            .map(|prefix| ("", format!("{prefix}{value}")))
            .to_vec()
    };
    match (kind, cell) {
        (_, Cell::Text(text)) if fhir::search::fold(text).is_empty() => Vec::new(),
        (_, Cell::Text(text)) => {
            let start: String = text.chars().take(3).collect();
            let end: String = text.chars().skip(2).collect();
            let mut found = vec![("", escaped(text)), (":exact", escaped(text))];
            for (modifier, part) in [("", start), (":contains", end)] {
                if !fhir::search::fold(&part).is_empty() {
                    found.push((modifier, escaped(&part)));
                }
            }
            found
        }
        (_, Cell::Token(system, code)) if !code.is_empty() => {
            let (system, code) = (escaped(system), escaped(code));
            let mut found = vec![("", code.clone()), ("", format!("{system}|{code}")), (":not", code)];
            if !system.is_empty() {
                found.push(("", format!("{system}|")));
            }
            found
        }
        (_, Cell::Identifier(system, code)) => {
            vec![(":identifier", format!("{}|{}", escaped(system), escaped(code)))]
        }
        (_, Cell::Reference(name, id)) => vec![("", format!("{name}/{id}")), ("", id.clone())],
        (_, Cell::Url(url)) if url.contains(':') => vec![("", escaped(url))],
        (_, Cell::Range(lo, _)) => {
            let Some(at) = moment(*lo) else { return Vec::new() };
            [prefixed(at.clone()), prefixed(at[..10].to_owned()), prefixed(at[..4].to_owned())].concat()
        }
        (_, Cell::Number(lo, _)) => prefixed(lo.to_string()),
        (_, Cell::Quantity(value, unit, system)) => {
            [prefixed(value.to_string()), prefixed(format!("{value}|{}|{}", escaped(system), escaped(unit)))]
                .concat()
        }
        (_, Cell::Uri(uri)) => ["", ":below", ":above"].map(|m| (m, escaped(uri))).to_vec(),
        _ => Vec::new(),
    }
}

/// Searches on a parameter of a type, made from a few of the values there are.
fn searches(world: &World, name: &'static str, param: &SearchParameter) -> Vec<Vec<(String, String)>> {
    let own = world.items.iter().filter(|item| item.type_ == name);
    let all: Vec<&Cell> =
        own.flat_map(|item| &item.cells).filter(|(c, _)| *c == param.code).map(|(_, cell)| cell).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let chosen = [0, all.len() / 3, all.len() * 2 / 3].map(|at| all[at]);
    let found: BTreeSet<(String, String)> = chosen
        .iter()
        .flat_map(|cell| occasions(cell, param.kind))
        .map(|(modifier, value)| (format!("{}{modifier}", param.code), value))
        .chain(["true", "false"].map(|truth| (format!("{}:missing", param.code), truth.to_owned())))
        .collect();
    let sorts = ["", "-"].map(|sign| vec![(String::from("_sort"), format!("{sign}{}", param.code))]);
    found.into_iter().map(|pair| vec![pair]).chain(sorts).collect()
}

#[test]
fn searches_on_real_records_find_what_the_rules_find() {
    let Some(folder) = shared::located("searches_on_real_records", "fhir/synthea") else { return };
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment { clock: Arc::new(Frozen), entropy: Arc::new(Counting(AtomicU64::new(1))) };
    let store =
        Store::open(directory.path(), Options { readers: 1, ..Options::default() }, environment).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort_by_key(|path| std::fs::metadata(path).unwrap().len());
    for path in files.iter().take(6) {
        let limits = Limits { depth: 64, bytes: 64 << 20 };
        let bundle = parse(&std::fs::read(path).unwrap(), &limits).unwrap();
        transaction_blocking(&store, Actor::system("t"), bundle).unwrap();
    }
    let conn = crate::open::reader(directory.path(), &Options::default()).unwrap();
    let world = world(&conn);
    let patient = world.items.iter().find(|item| item.type_ == "Patient").unwrap().id.clone();
    let own = Actor { role: Role::Patient { patient: patient.into() }, ..Actor::system("t") };
    let types: BTreeSet<&'static str> = world.items.iter().map(|item| item.type_).collect();
    let (mut asked, mut answered) = (0, 0);
    for name in types {
        for param in
            definitions().search_parameters(name).filter(|p| !matches!(p.code, "_id" | "_lastUpdated"))
        {
            for mut pairs in searches(&world, name, param) {
                pairs.push((String::from("_count"), String::from("1000")));
                let query = Query::parse(name, &pairs, Handling::Strict)
                    .unwrap_or_else(|i| panic!("{name} {pairs:?} {i:?}"))
                    .query;
                for (actor, limits) in [Actor::system("t"), own.clone()].iter().zip(plans()) {
                    let Ok(page) = search(&conn, actor, &query, &limits) else { continue };
                    let found: Vec<&str> =
                        page.entries.iter().map(|entry| entry.resource.id.as_str()).collect();
                    let expected = naive::matches(&world, actor, &query);
                    let expected: Vec<&str> =
                        expected.iter().take(1000).map(|item| item.id.as_str()).collect();
                    assert_eq!(found, expected, "{name}?{pairs:?} as {}", actor.role.code());
                    asked += 1;
                    answered += usize::from(!found.is_empty());
                }
            }
        }
    }
    println!("{} resources, {asked} searches, {answered} with matches", world.items.len());
    assert!(world.items.len() > 500 && asked > 2_000 && answered * 3 > asked);
}
