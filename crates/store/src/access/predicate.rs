//! A grant as SQL over one row of table `resource`. This is the only place where it is said in SQL; base matches,
//! includes, chains, `_has`, counts, sort keys and history all join it.

use super::planted::{Bug, is_planted};
use super::rule::{Grant, grant};
use crate::{Actor, Interaction, Role, Withheld};
use fhir::definitions::definitions;
use rusqlite::types::Value;
use std::sync::LazyLock;

/// A boolean SQL expression over one row of table `resource`, with anonymous parameters in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Predicate {
    /// The expression.
    pub sql: String,
    /// Values of its `?`, in order.
    pub params: Vec<Value>,
}

impl Predicate {
    fn plain(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), params: Vec::new() }
    }

    /// No row. A bound value, because a constant would be folded together with the index a statement names.
    fn nothing() -> Self {
        Self { sql: String::from("0 = ?"), params: vec![Value::Integer(1)] }
    }

    /// Whether it holds for every row.
    pub(crate) fn everything(&self) -> bool {
        self.sql == "1"
    }
}

/// The rows of one type (under that alias) that the actor may reach by the interaction. Whoever uses it has
/// already fixed the type of the row.
pub(crate) fn predicate_on(
    actor: &Actor,
    interaction: Interaction,
    resource_type: &str,
    alias: &str,
) -> Predicate {
    of_grant(actor, grant(actor, interaction, resource_type), alias)
}

/// The rows of any type (under that alias) that the actor may read.
pub(crate) fn predicate(actor: &Actor, alias: &str) -> Predicate {
    let mut groups: Vec<(Grant, Vec<&str>)> = Vec::new();
    for name in definitions().resource_types() {
        let granted = grant(actor, Interaction::Read, name);
        match groups.iter_mut().find(|(g, _)| *g == granted) {
            Some((_, names)) => names.push(name),
            None => groups.push((granted, vec![name])),
        }
    }
    if let [(Grant::Everything, _)] = groups.as_slice() {
        return Predicate::plain("1");
    }
    let mut whole = Predicate::plain("(0");
    for (granted, names) in groups.into_iter().filter(|(g, _)| *g != Grant::Nothing) {
        let part = of_grant(actor, granted, alias);
        let names = names.join("','");
        whole.sql.push_str(&format!(
            " OR ({alias}.type IN (SELECT id FROM type WHERE name IN ('{names}')) AND {})",
            part.sql
        ));
        whole.params.extend(part.params);
    }
    whole.sql.push(')');
    whole
}

fn of_grant(actor: &Actor, granted: Grant, alias: &str) -> Predicate {
    match granted {
        Grant::Nothing => Predicate::nothing(),
        Grant::Everything => Predicate::plain("1"),
        Grant::WithoutPatient => Predicate::plain(format!(
            "NOT EXISTS (SELECT 1 FROM compartment c WHERE c.rid = {alias}.rid LIMIT 1)"
        )),
        Grant::Own => own(&actor.role, alias),
        Grant::Asked => asked(actor, alias),
        Grant::Registered => by_relationship(actor, alias, ""),
        Grant::Related => {
            let related = by_relationship(actor, alias, " AND l.ended IS NULL");
            match actor.role.break_glass() {
                Some(glass) => {
                    let broken = in_compartment(&glass.patient, alias);
                    Predicate {
                        sql: format!("({} OR {})", related.sql, broken.sql),
                        params: related.params.into_iter().chain(broken.params).collect(),
                    }
                }
                None => related,
            }
        }
    }
}

/// A carer is not told of what was deleted either: a deletion has lost the labels that would have hidden it.
fn own(role: &Role, alias: &str) -> Predicate {
    match role {
        Role::Patient { patient } => in_compartment(patient, alias),
        Role::Carer { patient, withheld, .. } => {
            let mut within = in_compartment(patient, alias);
            within.sql.push_str(&format!(" AND {alias}.deleted = 0"));
            unlabelled(&mut within, withheld, alias);
            within.sql = format!("({})", within.sql);
            within
        }
        _ => Predicate::nothing(),
    }
}

/// The numbers of a person, found by the statement that begins the list: their own, and those of the Patients that gave way to
/// it, and to those, while both Patients of each merge say so. A merge is a link: what is taken back on either side is closed
/// with the next statement.
macro_rules! numbers {
    ($first:literal) => {
        concat!(
            "(WITH RECURSIVE own(id) AS (",
            $first,
            " UNION SELECT m.prior FROM own JOIN merged m ON m.survivor = own.id AND m.side = 0 \
             JOIN merged k ON k.survivor = m.survivor AND k.prior = m.prior AND k.side = 1) SELECT id FROM own)"
        )
    };
}

/// The numbers of a person by the logical id of their Patient.
pub(crate) const NUMBERS: &str = numbers!("SELECT id FROM patient WHERE fhir_id = ?");

/// The numbers of the patient who asked, while the actor's organisation cares for them; otherwise no row.
const ASKED: &str = numbers!(
    "SELECT p.id FROM patient p JOIN relationship l ON l.patient = p.id AND l.organisation = ? AND l.ended IS NULL \
     WHERE p.fhir_id = ?"
);

/// Staff in a patient's place. Where a carer asked for the patient, what is deleted is kept back as from the carer.
fn asked(actor: &Actor, alias: &str) -> Predicate {
    let Some(behalf) = actor.behalf.as_ref().filter(|_| !actor.organisation.is_empty()) else {
        return Predicate::nothing();
    };
    let mut within = Predicate {
        sql: format!(
            "(EXISTS (SELECT 1 FROM compartment c WHERE c.patient IN {ASKED} AND c.type = {alias}.type \
             AND c.rid = {alias}.rid LIMIT 1)"
        ),
        params: vec![Value::Text(actor.organisation.to_string()), Value::Text(behalf.patient.to_string())],
    };
    if behalf.asked.relationship().is_some() {
        within.sql.push_str(&format!(" AND {alias}.deleted = 0"));
    }
    unlabelled(&mut within, &behalf.withheld, alias);
    within.sql.push(')');
    within
}

/// Number of the search parameter whose rows hold the labels of `meta.security`, the same for every type.
static SECURITY: LazyLock<Option<u16>> =
    LazyLock::new(|| definitions().search_parameter("Patient", "_security").map(|parameter| parameter.id));

/// Leaves out the rows (of a table with columns `type` and `rid`, under that alias) that carry a withheld label.
fn unlabelled(predicate: &mut Predicate, withheld: &Withheld, alias: &str) {
    if withheld.labels.is_empty() {
        return;
    }
    // Without the parameter no row could be told from another, so all of them would be withheld.
    let Some(security) = *SECURITY else {
        predicate.sql.push_str(" AND 0");
        return;
    };
    let marks = vec!["?"; withheld.labels.len()].join(",");
    predicate.sql.push_str(&format!(
        " AND NOT EXISTS (SELECT 1 FROM idx_token s INDEXED BY idx_token_of WHERE s.rid = {alias}.rid \
         AND s.p = {alias}.type * 65536 + {security} AND s.code IN ({marks}) LIMIT 1)"
    ));
    predicate.params.extend(withheld.labels.iter().map(|label| Value::Text(label.to_string())));
}

/// Which versions (alias `v`) of the rows (alias `r`) that a predicate lets through may be handed out. Versions from
/// before a resource came to its present patients never are, and a carer is shown the present one only: an earlier one
/// may have carried a label that it has lost.
pub(crate) fn versions(actor: &Actor, visible: &Predicate) -> &'static str {
    let for_carer = actor.behalf.as_ref().is_some_and(|behalf| behalf.asked.relationship().is_some());
    if for_carer || matches!(actor.role, Role::Carer { .. }) {
        " AND v.version = r.version"
    } else if visible.everything() || is_planted(Bug::Settled) {
        ""
    } else {
        " AND v.version >= r.settled"
    }
}

fn in_compartment(patient: &str, alias: &str) -> Predicate {
    Predicate {
        sql: format!(
            "EXISTS (SELECT 1 FROM compartment c WHERE c.patient IN {NUMBERS} \
             AND c.type = {alias}.type AND c.rid = {alias}.rid LIMIT 1)"
        ),
        params: vec![Value::Text(patient.to_owned())],
    }
}

/// An actor without an organisation has no relationships. A row has one patient or two and an organisation has hundreds, so
/// the patients of the row lead: the other way round, a search over everybody runs out of steps.
fn by_relationship(actor: &Actor, alias: &str, still: &str) -> Predicate {
    if actor.organisation.is_empty() {
        return Predicate::nothing();
    }
    Predicate {
        sql: format!(
            "EXISTS (SELECT 1 FROM compartment c CROSS JOIN relationship l ON l.organisation = ? AND l.patient = c.patient \
             WHERE c.rid = {alias}.rid{still})"
        ),
        params: vec![Value::Text(actor.organisation.to_string())],
    }
}

/// The rows of a type that the actor may reach, as a `SELECT` of their rids, where that is a short list by itself:
/// the way to drive a search by who asks. `None` when the grant names no patients.
pub(crate) fn reachable(actor: &Actor, interaction: Interaction, resource_type: &str) -> Option<Predicate> {
    const OF_TYPE: &str = "(SELECT id FROM type WHERE name = ?)";
    let of_patient = |patient: &str| Predicate {
        sql: format!(
            "SELECT c.rid FROM compartment c WHERE c.patient IN {NUMBERS} \
             AND c.type = {OF_TYPE}"
        ),
        params: vec![Value::Text(patient.to_owned()), Value::Text(resource_type.to_owned())],
    };
    let of_organisation = |still: &str| Predicate {
        sql: format!(
            "SELECT c.rid FROM relationship l CROSS JOIN compartment c ON c.patient = l.patient AND c.type = {OF_TYPE} \
             WHERE l.organisation = ?{still}"
        ),
        params: vec![Value::Text(resource_type.to_owned()), Value::Text(actor.organisation.to_string())],
    };
    let related = || of_organisation(" AND l.ended IS NULL");
    match grant(actor, interaction, resource_type) {
        Grant::Own => actor.role.patient().map(|patient| {
            let mut list = of_patient(patient);
            if let Role::Carer { withheld, .. } = &actor.role {
                unlabelled(&mut list, withheld, "c");
            }
            list
        }),
        Grant::Asked => actor.behalf.as_ref().map(|behalf| {
            let mut list = Predicate {
                sql: format!(
                    "SELECT c.rid FROM compartment c WHERE c.patient IN {ASKED} AND c.type = {OF_TYPE}"
                ),
                params: [&actor.organisation, &behalf.patient]
                    .map(|one| Value::Text(one.to_string()))
                    .into_iter()
                    .chain([Value::Text(resource_type.to_owned())])
                    .collect(),
            };
            unlabelled(&mut list, &behalf.withheld, "c");
            list
        }),
        Grant::Registered => Some(of_organisation("")),
        Grant::Related => match actor.role.break_glass() {
            Some(glass) => {
                let (related, broken) = (related(), of_patient(&glass.patient));
                Some(Predicate {
                    sql: format!("{} UNION ALL {}", related.sql, broken.sql),
                    params: related.params.into_iter().chain(broken.params).collect(),
                })
            }
            None => Some(related()),
        },
        Grant::Nothing | Grant::Everything | Grant::WithoutPatient => None,
    }
}
