//! A small record as plain lists, and the same in a database.

use crate::search::Limits;
use crate::{Actor, BreakGlass, Purpose, Role, Withheld, schema};
use fhir::definitions::{SearchKind, definitions};
use fhir::json::Text;
use fhir::time::{DateTime, Kind, default_zone};
use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// One index entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Token(&'static str, &'static str),
    Reference(&'static str, String),
    Url(&'static str),
    Identifier(&'static str, &'static str),
    Range(i64, i64),
    Number(f64, f64),
    Quantity(f64, &'static str, &'static str),
    Uri(&'static str),
}

#[derive(Clone, Debug)]
pub struct Item {
    pub type_: &'static str,
    pub id: String,
    pub patients: Vec<String>,
    pub updated: i64,
    pub cells: Vec<(&'static str, Cell)>,
}

/// The items in the order they came, and who cares for whom: patient, organisation, still.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub items: Vec<Item>,
    pub relationships: Vec<(String, &'static str, bool)>,
}

/// The same with the types that the rules are about more often.
pub const WEIGHED: [&str; 12] = [
    "Patient",
    "Patient",
    "Patient",
    "Observation",
    "Observation",
    "Observation",
    "Observation",
    "Encounter",
    "Encounter",
    "Organization",
    "RiskAssessment",
    "ValueSet",
];
pub const NAMES: [&str; 7] = ["Ann", "Anna", "ann", "Zoë", "O'Neill", "Smith-Jones", "Annan"];
pub const SYSTEMS: [&str; 3] = ["", "http://a", "http://b"];
pub const CODES: [&str; 3] = ["x", "y", "z"];
pub const DATES: [&str; 7] = [
    "2020",
    "2020-02",
    "2020-02-01",
    "2020-02-01T10:00:00Z",
    "2020-07-01",
    "2021",
    "2019-12-31T23:30:00-05:00",
];
pub const NUMBERS: [&str; 6] = ["5", "5.0", "5.4", "5.44", "5.5", "100"];
pub const UNITS: [&str; 2] = ["mg", "kg"];
pub const URIS: [&str; 5] =
    ["http://e.org", "http://e.org/a", "http://e.org/a/b", "http://e.org/ab", "urn:x"];

pub fn range(text: &str) -> (i64, i64) {
    DateTime::parse(Kind::Partial, text).unwrap().range(default_zone())
}

fn cell(kind: SearchKind, target: &'static str) -> BoxedStrategy<Cell> {
    let point = |text: &str| text.parse::<f64>().unwrap();
    match kind {
        SearchKind::String => select(&NAMES[..]).prop_map(|n| Cell::Text(n.to_owned())).boxed(),
        SearchKind::Token => {
            (select(&SYSTEMS[..]), select(&CODES[..])).prop_map(|(s, c)| Cell::Token(s, c)).boxed()
        }
        SearchKind::Reference => prop_oneof![
            9 => (0..4usize).prop_map(move |n| Cell::Reference(target, format!("{target}-{n}"))),
            1 => Just(Cell::Url("http://elsewhere/Patient/Patient-1")),
            1 => (select(&SYSTEMS[..]), select(&CODES[..])).prop_map(|(s, c)| Cell::Identifier(s, c)),
        ]
        .boxed(),
        SearchKind::Date => prop_oneof![
            select(&DATES[..]).prop_map(|d| {
                let (l, h) = range(d);
                Cell::Range(l, h)
            }),
            select(&DATES[..]).prop_map(|d| Cell::Range(range(d).0, i64::MAX)),
            select(&DATES[..]).prop_map(|d| Cell::Range(i64::MIN, range(d).1)),
        ]
        .boxed(),
        SearchKind::Number => prop_oneof![
            select(&NUMBERS[..]).prop_map(move |n| Cell::Number(point(n), point(n))),
            Just(Cell::Number(5.0, 5.5)),
        ]
        .boxed(),
        SearchKind::Quantity => (select(&NUMBERS[..]), select(&UNITS[..]), select(&SYSTEMS[..]))
            .prop_map(move |(n, u, s)| Cell::Quantity(point(n), u, s))
            .boxed(),
        _ => select(&URIS[..]).prop_map(Cell::Uri).boxed(),
    }
}

/// Labels of `meta.security`; their codes are those of every token.
const LABEL: (&str, &str) = ("_security", "");

/// The parameters that items of a type may carry, with what their references name.
pub fn params(type_: &str) -> &'static [(&'static str, &'static str)] {
    match type_ {
        "Patient" => {
            &[("family", ""), ("identifier", ""), ("birthdate", ""), ("organization", "Organization"), LABEL]
        }
        "Observation" => &[
            ("code", ""),
            ("date", ""),
            ("value-quantity", ""),
            ("subject", "Patient"),
            ("encounter", "Encounter"),
            LABEL,
        ],
        "Encounter" => &[("status", ""), ("date", ""), ("subject", "Patient"), LABEL],
        "Organization" => &[("name", ""), ("partof", "Organization")],
        "RiskAssessment" => &[("probability", ""), ("subject", "Patient"), LABEL],
        _ => &[("url", ""), ("name", "")],
    }
}

fn item() -> impl Strategy<Value = Item> {
    select(&WEIGHED[..]).prop_flat_map(|type_| {
        let cells: Vec<_> = params(type_)
            .iter()
            .map(|(code, target)| {
                let kind = definitions().search_parameter(type_, code).unwrap().kind;
                proptest::collection::vec(cell(kind, target), 0..3)
                    .prop_map(move |cells| cells.into_iter().map(|c| (*code, c)).collect::<Vec<_>>())
            })
            .collect();
        (cells, 0..5i64).prop_map(move |(cells, updated)| Item {
            type_,
            id: String::new(),
            patients: Vec::new(),
            updated: 1_577_836_800_000_000 + updated * 1_000_000,
            cells: cells.concat(),
        })
    })
}

/// Up to so many items; ids count up within each type, so references find some of them.
pub fn world(most: usize) -> impl Strategy<Value = World> {
    let relationship =
        ((0..4usize).prop_map(|n| format!("Patient-{n}")), select(&["O1", "O2"][..]), any::<bool>());
    (proptest::collection::vec(item(), 0..most), proptest::collection::vec(relationship, 0..5)).prop_map(
        |(mut items, relationships)| {
            let mut counts = std::collections::HashMap::new();
            for item in &mut items {
                let count = counts.entry(item.type_).or_insert(0);
                item.id = format!("{}-{count}", item.type_);
                *count += 1;
                let about: Vec<String> = item
                    .cells
                    .iter()
                    .filter_map(|(code, cell)| match cell {
                        Cell::Reference("Patient", id) if *code == "subject" => Some(id.clone()),
                        _ => None,
                    })
                    .collect();
                item.patients = if item.type_ == "Patient" { vec![item.id.clone()] } else { about };
            }
            World { items, relationships }
        },
    )
}

pub fn actor() -> impl Strategy<Value = Actor> {
    let role = prop_oneof![
        3 => Just(Role::System),
        2 => (0..4usize).prop_map(|n| Role::Patient { patient: format!("Patient-{n}").into() }),
        2 => Just(Role::WardStaff { break_glass: None }),
        1 => (0..4usize).prop_map(|n| Role::WardStaff {
            break_glass: Some(BreakGlass { patient: format!("Patient-{n}").into(), reason: String::from("arrest") })
        }),
        1 => Just(Role::Receptionist),
        1 => Just(Role::Unproven),
        1 => Just(Role::Surgery { break_glass: None }),
        4 => (0..4usize, proptest::sample::subsequence(CODES.to_vec(), 0..3), proptest::option::of(select(&["Observation", "Encounter"][..])))
            .prop_map(|(n, labels, closed)| Role::Carer {
                patient: format!("Patient-{n}").into(),
                person: "Patient-9".into(),
                relationship: "r".into(),
                withheld: Withheld {
                    types: closed.into_iter().map(Text::from).collect(),
                    labels: labels.into_iter().map(Text::from).collect(),
                },
            }),
    ];
    role.prop_map(|role| Actor {
        role,
        purpose: Purpose::Treat,
        organisation: "O1".into(),
        ..Actor::system("t")
    })
}

impl World {
    /// The same in a database in memory.
    pub fn database(&self) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn, 0).unwrap();
        conn.execute("INSERT INTO setting VALUES ('cursor-secret', x'01')", []).unwrap();
        for item in &self.items {
            insert(&conn, item);
        }
        for (cause, (patient, organisation, open)) in self.relationships.iter().enumerate() {
            let patient = intern(&conn, "patient", "fhir_id", patient);
            let ended = (!open).then_some(1);
            let sql = "INSERT OR IGNORE INTO relationship VALUES (?1, ?2, ?3, 0, ?4)";
            conn.execute(sql, (patient, organisation, cause as i64, ended)).unwrap();
        }
        conn
    }
}

pub fn intern(conn: &Connection, table: &str, column: &str, name: &str) -> i64 {
    conn.execute(&format!("INSERT OR IGNORE INTO {table}({column}) VALUES (?1)"), [name]).unwrap();
    conn.query_row(&format!("SELECT id FROM {table} WHERE {column} = ?1"), [name], |row| row.get(0)).unwrap()
}

pub fn insert(conn: &Connection, item: &Item) {
    let type_ = intern(conn, "type", "name", item.type_);
    let json = format!(r#"{{"resourceType":"{}","id":"{}"}}"#, item.type_, item.id);
    let position: i64 =
        conn.query_row("SELECT coalesce(max(position), 0) + 1 FROM version", [], |row| row.get(0)).unwrap();
    let sql = "INSERT INTO resource(type, id, version, position, updated) VALUES (?1, ?2, 1, ?3, ?4)";
    conn.execute(sql, (type_, &item.id, position, item.updated)).unwrap();
    let rid = conn.last_insert_rowid();
    let hash: [u8; 32] = Sha256::digest(&json).into();
    let sql = "INSERT INTO version(position, rid, version, updated, method, json, sha256) VALUES (?1, ?2, 1, ?3, 1, ?4, ?5)";
    conn.execute(sql, (position, rid, item.updated, json.as_bytes(), hash)).unwrap();
    for patient in &item.patients {
        let patient = intern(conn, "patient", "fhir_id", patient);
        conn.execute("INSERT OR IGNORE INTO compartment VALUES (?1, ?2, ?3)", (patient, type_, rid)).unwrap();
    }
    for (code, cell) in &item.cells {
        row(
            conn,
            (type_ * 65_536 + i64::from(definitions().search_parameter(item.type_, code).unwrap().id), rid),
            cell,
        );
    }
}

fn system(conn: &Connection, uri: &str) -> i64 {
    if uri.is_empty() { 0 } else { intern(conn, "system", "uri", uri) }
}

fn row(conn: &Connection, (p, rid): (i64, i64), cell: &Cell) {
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| conn.execute(sql, params).unwrap();
    match cell {
        Cell::Text(text) => run(
            "INSERT OR IGNORE INTO idx_string VALUES (?1, ?2, ?3, ?4)",
            &[&p, &fhir::search::fold(text), text, &rid],
        ),
        Cell::Token(uri, code) | Cell::Identifier(uri, code) => run(
            "INSERT OR IGNORE INTO idx_token VALUES (?1, ?2, ?3, ?4)",
            &[&p, code, &system(conn, uri), &rid],
        ),
        Cell::Reference(name, id) => {
            let target = intern(conn, "type", "name", name);
            run("INSERT OR IGNORE INTO idx_reference VALUES (?1, ?2, ?3, ?4)", &[&p, id, &target, &rid])
        }
        Cell::Url(url) => run("INSERT OR IGNORE INTO idx_reference VALUES (?1, ?2, 0, ?3)", &[&p, url, &rid]),
        Cell::Range(lo, hi) => {
            run("INSERT OR IGNORE INTO idx_date VALUES (?1, ?2, ?3, ?4)", &[&p, lo, hi, &rid])
        }
        Cell::Number(lo, hi) => {
            run("INSERT OR IGNORE INTO idx_number VALUES (?1, ?2, ?3, ?4)", &[&p, lo, hi, &rid])
        }
        Cell::Quantity(value, unit, uri) => run(
            "INSERT OR IGNORE INTO idx_quantity VALUES (?1, ?2, ?2, ?3, ?4, ?5)",
            &[&p, value, unit, &system(conn, uri), &rid],
        ),
        Cell::Uri(uri) => run("INSERT OR IGNORE INTO idx_uri VALUES (?1, ?2, ?3)", &[&p, uri, &rid]),
    };
}

/// Limits under which every statement is led, and under which every statement walks.
pub fn plans() -> [Limits; 2] {
    [Limits::default(), Limits { short: -1, shortest_of_several: -1, ..Limits::default() }]
}
