//! A second, naive evaluator of the access rules, written from the words of the rules and not from the table, and
//! random worlds in which both must agree row by row.

use super::*;
use crate::{Asked, Behalf, BreakGlass, Capability, Purpose, Scopes, Withheld, schema};
use fhir::definitions::definitions;
use proptest::prelude::*;

/// What there is, as plain lists.
#[derive(Clone, Debug)]
struct World {
    /// In the order of their rids, from 1.
    resources: Vec<Thing>,
    /// Patient, organisation, whether it still lasts.
    relationships: Vec<(u8, u8, bool)>,
    /// Earlier patient, later patient, whether the earlier and whether the later one says so.
    merges: Vec<(u8, u8, bool, bool)>,
}

#[derive(Clone, Debug)]
struct Thing {
    name: &'static str,
    /// The patients whose compartment holds it.
    patients: Vec<u8>,
    labels: Vec<&'static str>,
    deleted: bool,
}

const LABELS: [&str; 3] = ["R", "SEX", "HIV"];

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
    let labels = proptest::sample::subsequence(LABELS.to_vec(), 0..3);
    let patients = proptest::collection::vec(0..4u8, 0..3);
    let resource = (proptest::sample::select(&TYPES[..]), patients, labels, proptest::bool::weighted(0.1))
        .prop_map(|(name, patients, labels, deleted)| Thing { name, patients, labels, deleted });
    let relationship = (0..4u8, 0..3u8, any::<bool>());
    let merge = (0..4u8, 0..4u8, proptest::bool::weighted(0.8), proptest::bool::weighted(0.8));
    let merges = proptest::collection::vec(merge, 0..4);
    (proptest::collection::vec(resource, 0..12), proptest::collection::vec(relationship, 0..6), merges)
        .prop_map(|(resources, relationships, merges)| World { resources, relationships, merges })
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        (0..4u8).prop_map(|p| Role::Patient { patient: format!("p{p}").into() }),
        Just(Role::WardStaff { break_glass: None }),
        (0..4u8).prop_map(|p| Role::WardStaff {
            break_glass: Some(BreakGlass { patient: format!("p{p}").into(), reason: String::from("arrest") })
        }),
        (0..4u8, proptest::sample::subsequence(LABELS.to_vec(), 0..3), any::<bool>()).prop_map(
            |(p, labels, closed)| {
                let types = if closed { vec!["Observation".into()] } else { Vec::new() };
                let labels = labels.into_iter().map(Text::from).collect();
                Role::Carer {
                    patient: format!("p{p}").into(),
                    person: "p9".into(),
                    relationship: "r".into(),
                    withheld: Withheld { types, labels },
                }
            }
        ),
        Just(Role::Unproven),
        proptest::option::of(0..4u8).prop_map(|p| Role::Surgery {
            break_glass: p
                .map(|p| BreakGlass { patient: format!("p{p}").into(), reason: String::from("collapsed") })
        }),
        Just(Role::Receptionist),
        Just(Role::Operator),
        Just(Role::Privacy),
        Just(Role::Backend { scopes: Scopes::everything() }),
        Just(Role::Backend { scopes: Scopes::parse("system/Patient.rs system/Slot.r system/Group.c") }),
        Just(Role::System),
    ]
}

fn actor(role: Role, organisation: Option<u8>) -> Actor {
    let organisation = organisation.map(|o| format!("o{o}")).unwrap_or_default();
    Actor { role, purpose: Purpose::Treat, organisation: organisation.into(), ..Actor::system("t") }
}

/// Who asked staff to act in their place, if anybody, and for whom that somebody is a carer, what is kept back.
fn behalf() -> impl Strategy<Value = Option<Behalf>> {
    let labels = proptest::sample::subsequence(LABELS.to_vec(), 0..3);
    let some = (0..4u8, labels, any::<bool>(), any::<bool>()).prop_map(|(p, labels, closed, carer)| {
        let types = if closed { vec!["Observation".into()] } else { Vec::new() };
        let labels = labels.into_iter().map(Text::from).collect();
        let (asked, withheld) = match carer {
            true => (Asked::Carer("r".into()), Withheld { types, labels }),
            false => (Asked::Phone, Withheld::default()),
        };
        Behalf { patient: format!("p{p}").into(), asked, post: true, withheld }
    });
    proptest::option::weighted(0.3, some)
}

/// Whether a patient is that person: by the same id, or because it gave way to them, step by step, and both always say so.
fn is(world: &World, person: &str, patient: u8) -> bool {
    let mut known = vec![person.to_owned()];
    let says = |pair: (u8, u8), of: fn(&(u8, u8, bool, bool)) -> bool| {
        world.merges.iter().any(|one| (one.0, one.1) == pair && of(one))
    };
    // No chain is longer than there are patients.
    for _ in 0..4 {
        for (earlier, later, ..) in &world.merges {
            let pair = (*earlier, *later);
            if says(pair, |one| one.2) && says(pair, |one| one.3) && known.contains(&format!("p{later}")) {
                known.push(format!("p{earlier}"));
            }
        }
    }
    known.contains(&format!("p{patient}"))
}

/// Staff in somebody's place, in plain words.
fn naive_asked(world: &World, actor: &Actor, behalf: &Behalf, at: usize) -> bool {
    let Thing { name, patients, labels, deleted } = &world.resources[at];
    let closed = behalf.withheld.types.iter().any(|t| t == name);
    let labelled = behalf.withheld.labels.iter().any(|label| labels.contains(&label.as_str()));
    let carer = matches!(behalf.asked, Asked::Carer(_));
    let record = ["Patient", "Encounter", "Appointment", "Observation"].contains(name);
    let about = patients.iter().any(|p| is(world, &behalf.patient, *p));
    match *name {
        "Organization" => true,
        "Slot" => patients.is_empty(),
        _ => {
            record
                && about
                && cares(world, actor, &behalf.patient)
                && !closed
                && !labelled
                && !(carer && *deleted)
        }
    }
}

/// Whether the actor's organisation cares for somebody now.
fn cares(world: &World, actor: &Actor, patient: &str) -> bool {
    let mut all = world.relationships.iter();
    !actor.organisation.is_empty()
        && all
            .any(|(p, o, open)| *open && format!("p{p}") == patient && format!("o{o}") == actor.organisation)
}

/// The rules in plain words.
fn naive(world: &World, actor: &Actor, at: usize) -> bool {
    let Thing { name, patients, labels, deleted } = &world.resources[at];
    let about = |patient: &str| patients.iter().any(|p| is(world, patient, *p));
    let cared_for = |also_past: bool| {
        !actor.organisation.is_empty()
            && world.relationships.iter().any(|(p, o, open)| {
                patients.contains(p) && format!("o{o}") == actor.organisation && (*open || also_past)
            })
    };
    let reference = *name == "Organization";
    let desk = ["Patient", "Encounter", "Appointment"].contains(name);
    let record = desk || *name == "Observation";
    match (&actor.role, &actor.behalf) {
        (Role::System | Role::Backend { .. }, _) | (_, None) => {}
        (Role::WardStaff { .. } | Role::Surgery { .. } | Role::Receptionist, Some(behalf)) => {
            return naive_asked(world, actor, behalf, at);
        }
        (_, Some(_)) => return false,
    }
    match &actor.role {
        Role::System => true,
        Role::Backend { scopes } => scopes.grant(Interaction::Read, name),
        Role::Patient { patient } => {
            let free_time = *name == "Slot" && patients.is_empty();
            reference || free_time || ((record || *name == "AuditEvent") && about(patient))
        }
        Role::Carer { patient, withheld, .. } => {
            let free_time = *name == "Slot" && patients.is_empty();
            let kept_back = withheld.types.iter().any(|t| t == name)
                || withheld.labels.iter().any(|label| labels.contains(&label.as_str()));
            reference || free_time || (record && about(patient) && !kept_back && !deleted)
        }
        Role::Unproven | Role::Privacy => reference,
        Role::WardStaff { break_glass } | Role::Surgery { break_glass } => {
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
    let security = i64::from(definitions().search_parameter("Observation", "_security").unwrap().id);
    for (at, Thing { name, patients, labels, deleted }) in world.resources.iter().enumerate() {
        let rid = at as i64 + 1;
        let type_ = TYPES.iter().position(|t| t == name).unwrap() as i64 + 1;
        let sql = "INSERT INTO resource(rid, type, id, version, position, updated, deleted) VALUES (?1, ?2, ?3, 1, ?1, 0, ?4)";
        conn.execute(sql, (rid, type_, format!("r{rid}"), deleted)).unwrap();
        for label in labels {
            let sql = "INSERT INTO idx_token VALUES (?1, ?2, 0, ?3)";
            conn.execute(sql, (type_ * 65_536 + security, label, rid)).unwrap();
        }
        for p in patients {
            let sql = "INSERT OR IGNORE INTO compartment VALUES (?1, ?2, ?3)";
            conn.execute(sql, (i64::from(*p) + 1, type_, rid)).unwrap();
        }
    }
    for (earlier, later, one, other) in &world.merges {
        for (side, said) in [(0, one), (1, other)] {
            let sql = "INSERT OR IGNORE INTO merged SELECT ?1, ?2, ?3 WHERE ?4";
            conn.execute(sql, (i64::from(*later) + 1, i64::from(*earlier) + 1, side, said)).unwrap();
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
    fn the_predicate_is_the_naive_rule(
        world in world(), role in role(), organisation in proptest::option::of(0..3u8), behalf in behalf()
    ) {
        let conn = fill(&world);
        let actor = actor(role, organisation);
        let actor = behalf.map_or(actor.clone(), |behalf| actor.asked_by(behalf));
        let for_carer = actor.behalf.as_ref().is_some_and(|behalf| behalf.asked.relationship().is_some());
        let expected: Vec<i64> =
            (0..world.resources.len()).filter(|at| naive(&world, &actor, *at)).map(|at| at as i64 + 1).collect();
        let whole = predicate(&actor, "r");
        let sql = format!("SELECT r.rid FROM resource r WHERE {} ORDER BY r.rid", whole.sql);
        prop_assert_eq!(&rids(&conn, &sql, &whole.params), &expected);
        for (at, name) in TYPES.iter().enumerate() {
            let type_ = at as i64 + 1;
            let of_type: Vec<i64> =
                expected.iter().copied().filter(|rid| world.resources[*rid as usize - 1].name == *name).collect();
            let typed = predicate_on(&actor, Interaction::Read, name, "r");
            let sql = format!("SELECT r.rid FROM resource r WHERE r.type = {type_} AND {} ORDER BY r.rid", typed.sql);
            prop_assert_eq!(&rids(&conn, &sql, &typed.params), &of_type, "{}", name);
            if let Some(list) = reachable(&actor, Interaction::Read, name) {
                let mut found = rids(&conn, &list.sql, &list.params);
                found.sort_unstable();
                found.dedup();
                if for_carer || matches!(actor.role, Role::Carer { .. }) {
                    found.retain(|rid| !world.resources[*rid as usize - 1].deleted);
                }
                prop_assert_eq!(&found, &of_type, "{}", name);
            }
            prop_assert_eq!(may(&actor, Interaction::Read, name).is_ok() || of_type.is_empty(), true);
        }
    }
}

/// Two capabilities, and the words of what each opens.
const CAPABILITIES: [Capability; 2] = [
    Capability { name: "booking", writes: &["Appointment"], shared: &["Slot"] },
    Capability { name: "notes", writes: &["Observation", "Binary"], shared: &[] },
];

/// Whether a resource that is in the compartments of those patients before and after may be changed, in plain words.
fn naive_write(world: &World, actor: &Actor, at: usize, after: &[u8]) -> bool {
    let Thing { name, patients, labels, deleted } = &world.resources[at];
    let opens = |list: fn(&Capability) -> &'static [&'static str]| {
        actor.via.is_some_and(|via| list(via).contains(name))
    };
    let (writes, shared) = (opens(|via| via.writes), opens(|via| via.shared));
    let all = |reach: &dyn Fn(u8) -> bool| {
        [patients.as_slice(), after].iter().all(|some| !some.is_empty() && some.iter().all(|p| reach(*p)))
    };
    let nobody = patients.is_empty() && after.is_empty();
    let own = |patient: &str| all(&|p| is(world, patient, p));
    match (&actor.role, &actor.behalf) {
        (Role::System | Role::Backend { .. }, _) | (_, None) => {}
        (Role::WardStaff { .. } | Role::Surgery { .. } | Role::Receptionist, Some(behalf)) => {
            let closed = behalf.withheld.types.iter().any(|t| t == name);
            let labelled = behalf.withheld.labels.iter().any(|label| labels.contains(&label.as_str()));
            let gone = *deleted && matches!(behalf.asked, Asked::Carer(_));
            let reach = own(&behalf.patient) && cares(world, actor, &behalf.patient);
            return !closed && ((writes && reach && !labelled && !gone) || (shared && nobody));
        }
        (_, Some(_)) => return false,
    }
    match &actor.role {
        Role::System => true,
        Role::Backend { scopes } => *name != "AuditEvent" && scopes.grant(Interaction::Update, name),
        Role::Patient { patient } => (writes && own(patient)) || (shared && nobody),
        Role::Carer { patient, withheld, .. } => {
            let kept_back = withheld.types.iter().any(|t| t == name)
                || withheld.labels.iter().any(|label| labels.contains(&label.as_str()));
            (writes && own(patient) && !kept_back && !deleted)
                || (shared && nobody && !withheld.types.iter().any(|t| t == name))
        }
        Role::WardStaff { break_glass } | Role::Surgery { break_glass } => {
            let record = ["Patient", "Encounter", "Appointment", "Observation"].contains(name);
            let reach = |p: u8| {
                let related = world
                    .relationships
                    .iter()
                    .any(|(of, o, open)| *of == p && format!("o{o}") == actor.organisation && *open);
                (related && !actor.organisation.is_empty())
                    || break_glass.as_ref().is_some_and(|glass| is(world, &glass.patient, p))
            };
            ((writes || record) && all(&reach)) || (shared && nobody)
        }
        Role::Unproven | Role::Receptionist | Role::Operator | Role::Privacy => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_write_reaches_what_the_naive_rule_says(
        world in world(), role in role(), organisation in proptest::option::of(0..3u8),
        via in proptest::option::of(proptest::sample::select(&[0_usize, 1][..])),
        after in proptest::collection::vec(0..4u8, 0..3), behalf in behalf()
    ) {
        let conn = fill(&world);
        let actor = actor(role, organisation);
        let actor = behalf.map_or(actor.clone(), |behalf| actor.asked_by(behalf));
        let actor = via.map_or(actor.clone(), |at| actor.within(&CAPABILITIES[at]));
        let named = |some: &[u8]| some.iter().map(|p| Text::from(format!("p{p}"))).collect::<Vec<_>>();
        for (at, thing) in world.resources.iter().enumerate() {
            let within = predicate_on(&actor, Interaction::Update, thing.name, "r");
            let sql = format!("SELECT r.rid FROM resource r WHERE r.rid = {} AND {}", at + 1, within.sql);
            let reached = may(&actor, Interaction::Update, thing.name).is_ok() && !rids(&conn, &sql, &within.params).is_empty();
            let admitted = [&thing.patients, &after].iter().all(|some| admits(&conn, &actor, thing.name, &named(some)).unwrap());
            prop_assert_eq!(reached && admitted, naive_write(&world, &actor, at, &after), "{:?}", thing);
            prop_assert_eq!(grant(&actor, Interaction::Delete, thing.name) != Grant::Nothing
                && !matches!(actor.role, Role::System | Role::Backend { .. }), false);
        }
    }
}
