//! How SQLite finds the rows of common searches: by the clustered index of the leading filter, never by a scan.

use super::world::{World, insert};
use crate::search::page::Pager;
use crate::search::sort::keys;
use crate::search::{Limits, Search};
use crate::{Actor, Purpose, Role};
use fhir::search::{Handling, Query};
use rusqlite::Connection;

fn database() -> Connection {
    let conn = World::default().database();
    for uri in ["http://a", "http://loinc.org"] {
        super::world::intern(&conn, "system", "uri", uri);
    }
    for type_ in ["Patient", "Observation", "Encounter", "Organization", "Practitioner"] {
        for n in 0..3 {
            let item = super::world::Item {
                type_,
                id: format!("{type_}-{n}"),
                patients: vec![String::from("Patient-1")],
                updated: n,
                cells: Vec::new(),
            };
            insert(&conn, &item);
        }
    }
    conn
}

fn explain(conn: &Connection, actor: &Actor, type_: &str, text: &str, limits: &Limits) -> Vec<String> {
    let pairs: Vec<_> = text
        .split('&')
        .filter_map(|p| p.split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    let query = Query::parse(type_, &pairs, Handling::Strict).unwrap().query;
    let found = Search::new(conn, actor, &query, limits).unwrap();
    let pager: &Pager<'_> = &found.pager;
    let sql = pager.statement(&found.plan, &keys(&query.sort, pager.type_id), None);
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.sql)).unwrap();
    let lines =
        statement.query_map(rusqlite::params_from_iter(&sql.params), |row| row.get::<_, String>(3)).unwrap();
    lines.map(Result::unwrap).collect()
}

fn staff() -> Actor {
    Actor {
        role: Role::WardStaff { break_glass: None },
        purpose: Purpose::Treat,
        organisation: "O1".into(),
        ..Actor::system("t")
    }
}

const SEARCHES: [(&str, &str); 15] = [
    ("Patient", "family=smith"),
    ("Patient", "family:exact=Smith"),
    ("Patient", "identifier=http://a|1"),
    ("Patient", "identifier=1"),
    ("Patient", "birthdate=1970-01-01"),
    ("Patient", "family=smith&birthdate=1970-01-01"),
    ("Patient", "_id=a,b"),
    ("Patient", "_lastUpdated=gt2024"),
    ("Observation", "patient=Patient-1&date=ge2020&_sort=-date"),
    ("Observation", "subject=Patient/Patient-1&code=http://loinc.org|8867-4"),
    ("Observation", "subject:Patient.family=smith"),
    ("Observation", "subject:Patient.identifier=http://a|1"),
    ("Patient", "_has:Observation:subject:code=8867-4"),
    ("Encounter", "status:not=finished&subject=Patient/1"),
    ("Patient", "organization:missing=true&family=a"),
];

#[test]
fn common_searches_never_scan() {
    let conn = database();
    for actor in [Actor::system("t"), staff()] {
        for limits in super::world::plans() {
            for (type_, text) in SEARCHES {
                let plan = explain(&conn, &actor, type_, text, &limits);
                for line in &plan {
                    let scans = line.starts_with("SCAN")
                        && !line.starts_with("SCAN m")
                        && !line.contains("CONSTANT ROW");
                    assert!(!scans, "{type_}?{text}: {line}\n{plan:#?}");
                }
            }
        }
    }
}

#[test]
fn the_leading_filter_uses_its_clustered_index() {
    let conn = database();
    let table = [
        ("Patient", "family=smith", "SEARCH i USING PRIMARY KEY (p=? AND folded>? AND folded<?)"),
        ("Patient", "identifier=http://a|1", "(p=? AND code=? AND system=?)"),
        ("Patient", "birthdate=1970-01-01", "SEARCH i USING PRIMARY KEY (p=? AND lo>? AND lo<?)"),
        (
            "Observation",
            "subject=Patient/Patient-1",
            "SEARCH i USING PRIMARY KEY (p=? AND id=? AND target=?)",
        ),
        ("Patient", "_lastUpdated=gt2024", "resource_updated (type=? AND updated>?)"),
    ];
    for (type_, text, expected) in table {
        let plan = explain(&conn, &Actor::system("t"), type_, text, &Limits::default());
        assert!(plan.iter().any(|line| line.contains(expected)), "{type_}?{text}: {plan:#?}");
    }
}
