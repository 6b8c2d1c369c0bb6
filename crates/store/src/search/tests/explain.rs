//! How SQLite finds the rows of common searches: by the clustered index of the leading filter, never by a scan.

use super::world::{Cell, Item, World, insert};
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
            insert(&conn, &item(type_, n, Vec::new()));
        }
    }
    insert(&conn, &item("Patient", 3, vec![family("Smith"), family("Smithson")]));
    conn
}

fn item(type_: &'static str, number: i64, cells: Vec<(&'static str, Cell)>) -> Item {
    let id = format!("{type_}-{number}");
    Item { type_, id, patients: vec![String::from("Patient-1")], updated: number, cells }
}

fn family(name: &str) -> (&'static str, Cell) {
    ("family", Cell::Text(name.to_owned()))
}

fn parsed(type_: &str, text: &str) -> Query {
    let pairs: Vec<_> = text
        .split('&')
        .filter_map(|p| p.split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    Query::parse(type_, &pairs, Handling::Strict).unwrap().query
}

fn explain(conn: &Connection, actor: &Actor, type_: &str, text: &str, limits: &Limits) -> Vec<String> {
    let query = parsed(type_, text);
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
        ("Patient", "family=smith", "SEARCH i USING PRIMARY KEY (p=? AND folded=? AND exact=?)"),
        (
            "Patient",
            "family=smith&_sort=birthdate",
            "SEARCH i USING PRIMARY KEY (p=? AND folded=? AND exact=?)",
        ),
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

/// What SQLite has to do for a page, in steps of its machine.
fn steps(conn: &Connection, text: &str, count: usize) -> (usize, i32) {
    let query = parsed("Patient", text);
    let actor = Actor::system("t");
    let found = Search::new(conn, &actor, &query, &Limits::default()).unwrap();
    let mut sql = found.pager.statement(&found.plan, &keys(&query.sort, found.pager.type_id), None);
    sql.text(&format!(" LIMIT {count}"));
    let mut statement = conn.prepare(&sql.sql).unwrap();
    let mut rows = statement.query(rusqlite::params_from_iter(&sql.params)).unwrap();
    let mut found = 0;
    while rows.next().unwrap().is_some() {
        found += 1;
    }
    drop(rows);
    (found, statement.get_status(rusqlite::StatementStatus::VmStep))
}

#[test]
fn a_page_of_a_name_costs_the_same_however_many_bear_it() {
    let conn = database();
    let bearers = |from: i64, to: i64| {
        for n in from..to {
            let name = if n % 3 == 0 { "Smithson" } else { "Smith" };
            insert(&conn, &item("Patient", n, vec![family(name)]));
        }
    };
    bearers(10, 60);
    let few =
        ["family=smith", "family:exact=Smith", "family=smith&_sort=birthdate"].map(|s| steps(&conn, s, 11));
    bearers(60, 1_560);
    let many =
        ["family=smith", "family:exact=Smith", "family=smith&_sort=birthdate"].map(|s| steps(&conn, s, 11));
    assert_eq!(many.map(|(rows, _)| rows), [11; 3]);
    assert_eq!(few[0], many[0], "a prefix");
    assert_eq!(few[1], many[1], "a whole name");
    assert!(many[2].1 > 10 * few[2].1, "the control: an order that no index has looks at them all");
}

#[test]
fn a_filter_may_have_as_many_values_as_the_grammar_allows() {
    let conn = database();
    for n in 10..40 {
        insert(&conn, &item("Patient", n, vec![family(&format!("Jones{n}"))]));
    }
    let many = |value: &str| vec![value; 199].join(",");
    for (type_, text, expected) in [
        ("Patient", format!("family=smithson,{}", many("jones")), 31),
        ("Patient", format!("family=smithson,{}", many("jones1")), 11),
        ("Patient", format!("identifier={}", many("http://a|1")), 0),
        ("ValueSet", format!("url:above={}", many("http://a/b/c/d/e/f/g/h/i/j/k")), 0),
        ("ValueSet", format!("url:below={}", many("http://a")), 0),
    ] {
        let query = parsed(type_, &text);
        let page = crate::search::search(&conn, &Actor::system("t"), &query, &Limits::default());
        let found = page.map(|page| page.entries.len()).map_err(|error| error.to_string());
        assert_eq!(found, Ok(expected), "{type_}?{text:.60}");
    }
}

/// A row's patients lead to the relationships, never all patients of an organisation to each row.
#[test]
fn what_staff_may_see_is_asked_by_the_patients_of_the_row() {
    let conn = database();
    for limits in super::world::plans() {
        for (type_, text) in SEARCHES {
            let plan = explain(&conn, &staff(), type_, text, &limits);
            let asked =
                |line: &String| line.contains("SEARCH l USING PRIMARY KEY (organisation=? AND patient=?)");
            assert!(plan.iter().any(asked), "{type_}?{text}: {plan:#?}");
        }
    }
}
