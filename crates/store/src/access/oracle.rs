//! A second, naive evaluator of the access rules, written from the words of the rules and not from the table, and
//! random worlds in which both must agree row by row.

use super::*;
use crate::{BreakGlass, Purpose, Scopes, schema};
use proptest::prelude::*;

/// What there is, as plain lists.
#[derive(Clone, Debug)]
struct World {
    /// Type and the patients whose compartment holds it; the rid is the place in the list plus one.
    resources: Vec<(&'static str, Vec<u8>)>,
    /// Patient, organisation, whether it still lasts.
    relationships: Vec<(u8, u8, bool)>,
}

const TYPES: [&str; 9] = [
    "Patient",
    "Observation",
    "Encounter",
    "Organization",
    "Slot",
    "AuditEvent",
    "Group",
    "Binary",
    "Appointment",
];

fn world() -> impl Strategy<Value = World> {
    let resource = (proptest::sample::select(&TYPES[..]), proptest::collection::vec(0..4u8, 0..3));
    let relationship = (0..4u8, 0..3u8, any::<bool>());
    (proptest::collection::vec(resource, 0..12), proptest::collection::vec(relationship, 0..6))
        .prop_map(|(resources, relationships)| World { resources, relationships })
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        (0..4u8).prop_map(|p| Role::Patient { patient: format!("p{p}").into() }),
        Just(Role::WardStaff { break_glass: None }),
        (0..4u8).prop_map(|p| Role::WardStaff {
            break_glass: Some(BreakGlass { patient: format!("p{p}").into(), reason: String::from("arrest") })
        }),
        Just(Role::Receptionist),
        Just(Role::Operator),
        Just(Role::Backend { scopes: Scopes::everything() }),
        Just(Role::Backend { scopes: Scopes::parse("system/Patient.rs system/Slot.r system/Group.c") }),
        Just(Role::System),
    ]
}

fn actor(role: Role, organisation: Option<u8>) -> Actor {
    let organisation = organisation.map(|o| format!("o{o}")).unwrap_or_default();
    Actor { role, purpose: Purpose::Treat, organisation: organisation.into(), ..Actor::system("t") }
}

/// The rules in plain words.
fn naive(world: &World, actor: &Actor, at: usize) -> bool {
    let (name, patients) = &world.resources[at];
    let about = |patient: &str| patients.iter().any(|p| format!("p{p}") == patient);
    let cared_for = |also_past: bool| {
        !actor.organisation.is_empty()
            && world.relationships.iter().any(|(p, o, open)| {
                patients.contains(p) && format!("o{o}") == actor.organisation && (*open || also_past)
            })
    };
    let reference = *name == "Organization";
    let desk = ["Patient", "Encounter", "Appointment"].contains(name);
    let record = desk || *name == "Observation";
    match &actor.role {
        Role::System => true,
        Role::Backend { scopes } => scopes.grant(Interaction::Read, name),
        Role::Patient { patient } => reference || ((record || *name == "AuditEvent") && about(patient)),
        Role::WardStaff { break_glass } => {
            let broken = break_glass.as_ref().is_some_and(|glass| about(&glass.patient));
            reference || *name == "Slot" || (record && (cared_for(false) || broken))
        }
        Role::Receptionist => reference || *name == "Slot" || (desk && cared_for(true)),
        Role::Operator => reference || (*name == "AuditEvent" && patients.is_empty()),
    }
}

fn fill(world: &World) -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    schema::migrate(&mut conn, 0).unwrap();
    for (at, name) in TYPES.iter().enumerate() {
        conn.execute("INSERT INTO type VALUES (?1, ?2)", (at as i64 + 1, name)).unwrap();
    }
    for p in 0..4 {
        conn.execute("INSERT INTO patient VALUES (?1, ?2)", (p + 1, format!("p{p}"))).unwrap();
    }
    for (at, (name, patients)) in world.resources.iter().enumerate() {
        let rid = at as i64 + 1;
        let type_ = TYPES.iter().position(|t| t == name).unwrap() as i64 + 1;
        let sql =
            "INSERT INTO resource(rid, type, id, version, position, updated) VALUES (?1, ?2, ?3, 1, ?1, 0)";
        conn.execute(sql, (rid, type_, format!("r{rid}"))).unwrap();
        for p in patients {
            let sql = "INSERT OR IGNORE INTO compartment VALUES (?1, ?2, ?3)";
            conn.execute(sql, (i64::from(*p) + 1, type_, rid)).unwrap();
        }
    }
    for (cause, (p, o, open)) in world.relationships.iter().enumerate() {
        let ended = (!open).then_some(1);
        let sql = "INSERT INTO relationship VALUES (?1, ?2, ?3, 0, ?4)";
        conn.execute(sql, (i64::from(*p) + 1, format!("o{o}"), cause as i64, ended)).unwrap();
    }
    conn
}

fn rids(conn: &Connection, sql: &str, params: &[rusqlite::types::Value]) -> Vec<i64> {
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map(rusqlite::params_from_iter(params), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_predicate_is_the_naive_rule(world in world(), role in role(), organisation in proptest::option::of(0..3u8)) {
        let conn = fill(&world);
        let actor = actor(role, organisation);
        let expected: Vec<i64> =
            (0..world.resources.len()).filter(|at| naive(&world, &actor, *at)).map(|at| at as i64 + 1).collect();
        let whole = predicate(&actor, "r");
        let sql = format!("SELECT r.rid FROM resource r WHERE {} ORDER BY r.rid", whole.sql);
        prop_assert_eq!(&rids(&conn, &sql, &whole.params), &expected);
        for (at, name) in TYPES.iter().enumerate() {
            let type_ = at as i64 + 1;
            let of_type: Vec<i64> =
                expected.iter().copied().filter(|rid| world.resources[*rid as usize - 1].0 == *name).collect();
            let typed = predicate_on(&actor, Interaction::Read, name, "r");
            let sql = format!("SELECT r.rid FROM resource r WHERE r.type = {type_} AND {} ORDER BY r.rid", typed.sql);
            prop_assert_eq!(&rids(&conn, &sql, &typed.params), &of_type, "{}", name);
            if let Some(list) = reachable(&actor, Interaction::Read, name) {
                let mut found = rids(&conn, &list.sql, &list.params);
                found.sort_unstable();
                found.dedup();
                prop_assert_eq!(&found, &of_type, "{}", name);
            }
            prop_assert_eq!(may(&actor, Interaction::Read, name).is_ok() || of_type.is_empty(), true);
        }
    }
}
