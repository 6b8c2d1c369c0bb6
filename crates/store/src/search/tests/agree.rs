//! Search and the naive matcher agree on matches, order, pages and counts, whatever the plan and whoever asks.

use super::naive;
use super::world::{CODES, DATES, NAMES, NUMBERS, SYSTEMS, UNITS, URIS, WEIGHED, World, actor, plans, world};
use crate::search::{Mode, search};
use crate::{Actor, Interaction, access};
use fhir::search::{Handling, Query};
use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::Connection;

fn token() -> impl Strategy<Value = String> {
    (select(&SYSTEMS[..]), select(&CODES[..]), 0..4u8).prop_map(|(system, code, form)| match form {
        0 => code.to_owned(),
        1 if !system.is_empty() => format!("{system}|"),
        2 => format!("|{code}"),
        _ => format!("{system}|{code}"),
    })
}

fn date() -> impl Strategy<Value = String> {
    (select(&["", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"][..]), select(&DATES[..]))
        .prop_map(|(prefix, date)| format!("{prefix}{date}"))
}

fn number() -> impl Strategy<Value = String> {
    (select(&["", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"][..]), select(&NUMBERS[..]))
        .prop_map(|(prefix, number)| format!("{prefix}{number}"))
}

fn quantity() -> impl Strategy<Value = String> {
    (number(), select(&SYSTEMS[..]), select(&UNITS[..]), 0..3u8).prop_map(|(number, system, unit, form)| {
        match form {
            0 => number,
            1 => format!("{number}||{unit}"),
            _ => format!("{number}|{system}|{unit}"),
        }
    })
}

fn patient() -> impl Strategy<Value = String> {
    (0..4usize, 0..3u8).prop_map(|(n, form)| match form {
        0 => format!("Patient-{n}"),
        1 => String::from("http://elsewhere/Patient/Patient-1"),
        _ => format!("Patient/Patient-{n}"),
    })
}

fn several(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::collection::vec(value, 1..3).prop_map(|values| values.join(","))
}

fn named(
    names: &'static [&'static str],
    value: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<(String, String)> {
    (select(names).prop_map(str::to_owned), several(value)).boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        select(&NAMES[..]).prop_map(str::to_owned),
        select(&["a", "an", "nn", "jones"][..]).prop_map(str::to_owned)
    ]
    .boxed()
}

fn truth() -> BoxedStrategy<String> {
    select(&["true", "false"][..]).prop_map(str::to_owned).boxed()
}

/// None to three filters, mostly one: most answers of several are empty.
fn filters(type_: &'static str) -> BoxedStrategy<Vec<(String, String)>> {
    let many = |n: usize| proptest::collection::vec(filter(type_), n);
    prop_oneof![1 => many(0), 8 => many(1), 3 => many(2), 1 => many(3)].boxed()
}

/// A filter of a type.
fn filter(type_: &'static str) -> BoxedStrategy<(String, String)> {
    let common = prop_oneof![
        named(&["_security", "_security:not"], token()),
        named(&["_id"], (0..6usize).prop_map(move |n| format!("{type_}-{n}"))),
        named(
            &["_lastUpdated"],
            (select(&["", "ne", "gt", "lt", "ge", "le"][..]), 0..5u8)
                .prop_map(|(p, s)| format!("{p}2020-01-01T00:00:0{s}Z"))
        ),
    ];
    let own: BoxedStrategy<(String, String)> = match type_ {
        "Patient" => prop_oneof![
            named(&["family", "family:exact", "family:contains"], text()),
            named(&["identifier", "identifier:not"], token()),
            named(&["birthdate"], date()),
            named(
                &["family:missing", "identifier:missing", "birthdate:missing", "organization:missing"],
                truth()
            ),
            named(&["organization:Organization.name", "organization.partof:Organization.name:exact"], text()),
            named(&["_has:Observation:subject:code", "_has:Encounter:subject:status:not"], token()),
            named(&["_has:Observation:subject:date"], date()),
            named(
                &[
                    "organization.name:missing",
                    "_has:Observation:patient:code:missing",
                    "_has:Observation:subject:value-quantity:missing"
                ],
                truth()
            ),
        ]
        .boxed(),
        "Observation" => prop_oneof![
            named(&["code", "code:not"], token()),
            named(&["date"], date()),
            named(&["value-quantity"], quantity()),
            named(&["subject"], patient()),
            named(&["subject:Patient"], (0..4usize).prop_map(|n| format!("Patient-{n}"))),
            named(
                &["subject:identifier", "encounter:Encounter.status", "encounter:Encounter.status:not"],
                token()
            ),
            named(&["subject:Patient.family", "encounter:Encounter.subject:Patient.family"], text()),
            named(&["subject:missing", "value-quantity:missing"], truth()),
        ]
        .boxed(),
        "Encounter" => {
            prop_oneof![named(&["status"], token()), named(&["subject"], patient()), named(&["date"], date())]
                .boxed()
        }
        "Organization" => {
            prop_oneof![named(&["name"], text()), named(&["_has:Patient:organization:birthdate"], date())]
                .boxed()
        }
        "RiskAssessment" => {
            prop_oneof![named(&["probability"], number()), named(&["subject:Patient.family"], text())].boxed()
        }
        _ => named(&["url", "url:above", "url:below"], select(&URIS[..]).prop_map(str::to_owned)),
    };
    prop_oneof![1 => common, 6 => own].boxed()
}

fn sort(type_: &'static str) -> BoxedStrategy<String> {
    let codes: Vec<String> = super::world::params(type_)
        .iter()
        .map(|(code, _)| (*code).to_owned())
        .chain(["_id".into(), "_lastUpdated".into()])
        .collect();
    let key = (select(codes), any::<bool>())
        .prop_map(|(code, down)| format!("{}{code}", if down { "-" } else { "" }));
    proptest::collection::vec(key, 0..3).prop_map(|keys| keys.join(",")).boxed()
}

pub fn query() -> impl Strategy<Value = Query> {
    select(&WEIGHED[..]).prop_flat_map(|type_| {
        (filters(type_), sort(type_), 1..5u32).prop_map(move |(mut pairs, sort, count)| {
            if !sort.is_empty() {
                pairs.push((String::from("_sort"), sort));
            }
            pairs.push((String::from("_count"), count.to_string()));
            Query::parse(type_, &pairs, Handling::Strict).unwrap_or_else(|i| panic!("{pairs:?}: {i:?}")).query
        })
    })
}

/// Every page after another: the ids in order, and how many pages it took.
fn pages(conn: &Connection, actor: &Actor, query: &Query, limits: &crate::search::Limits) -> Vec<String> {
    let (mut query, mut ids) = (query.clone(), Vec::new());
    loop {
        let page = search(conn, actor, &query, limits).unwrap();
        assert!(page.entries.len() <= query.count.unwrap() as usize);
        assert!(page.entries.iter().all(|entry| entry.mode == Mode::Match));
        ids.extend(page.entries.into_iter().map(|entry| entry.resource.id.to_string()));
        match page.next {
            Some(next) => query.page = Some(next),
            None => return ids,
        }
    }
}

fn agree(conn: &Connection, world: &World, actor: &Actor, query: &Query) -> Result<(), TestCaseError> {
    if access::may(actor, Interaction::Search, query.resource_type).is_err() {
        prop_assert!(search(conn, actor, query, &plans()[0]).is_err());
        return Ok(());
    }
    let expected: Vec<String> =
        naive::matches(world, actor, query).into_iter().map(|i| i.id.clone()).collect();
    for limits in plans() {
        prop_assert_eq!(&pages(conn, actor, query, &limits), &expected, "{:?}", query.to_pairs());
        prop_assert_eq!(super::super::count(conn, actor, query).unwrap(), expected.len() as u64);
    }
    let accurate = Query { total: fhir::search::TotalMode::Accurate, ..query.clone() };
    prop_assert_eq!(search(conn, actor, &accurate, &plans()[0]).unwrap().total, Some(expected.len() as u64));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn search_is_the_naive_matcher(world in world(40), actor in actor(), queries in proptest::collection::vec(query(), 8)) {
        let conn = world.database();
        for query in &queries {
            agree(&conn, &world, &actor, query)?;
        }
    }
}
