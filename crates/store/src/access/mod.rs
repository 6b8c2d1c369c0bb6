//! Who may see and do what: one decision, which becomes a predicate of every statement that touches resources.

use crate::{Actor, Error, Interaction, Role, Snapshot};
use fhir::json::Text;
use rusqlite::types::Value;

/// A boolean SQL expression over one row of table `resource`, with anonymous parameters in order.
#[derive(Clone, Debug)]
pub(crate) struct Predicate {
    /// The expression.
    pub sql: String,
    /// Values of its `?`, in order.
    pub params: Vec<Value>,
}

impl Predicate {
    /// Whether nothing is hidden from the actor.
    pub(crate) fn everything(&self) -> bool {
        self.sql == "1"
    }
}

/// Types every signed-in actor may read.
pub(crate) const REFERENCE_TYPES: &[&str] =
    &["Organization", "Location", "Practitioner", "PractitionerRole", "HealthcareService", "Medication"];

/// The rows of `resource` (under that alias) that the actor may see.
pub(crate) fn predicate(actor: &Actor, alias: &str) -> Predicate {
    let reference = REFERENCE_TYPES.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(",");
    let reference = format!("{alias}.type IN (SELECT id FROM type WHERE name IN ({reference}))");
    let own = format!(
        "EXISTS (SELECT 1 FROM compartment c JOIN patient p ON p.id = c.patient WHERE c.rid = {alias}.rid AND p.fhir_id = ?)"
    );
    let related = format!(
        "EXISTS (SELECT 1 FROM compartment c JOIN relationship l ON l.patient = c.patient WHERE c.rid = {alias}.rid \
         AND l.organisation = ? AND l.ended IS NULL)"
    );
    let text = |text: &str| Value::Text(String::from(text));
    match &actor.role {
        Role::System | Role::Backend { .. } => Predicate { sql: String::from("1"), params: Vec::new() },
        Role::Patient { patient } => {
            Predicate { sql: format!("({reference} OR {own})"), params: vec![text(patient)] }
        }
        Role::WardStaff { break_glass: Some(glass) } => Predicate {
            sql: format!("({reference} OR {related} OR {own})"),
            params: vec![text(&actor.organisation), text(&glass.patient)],
        },
        Role::WardStaff { break_glass: None } | Role::Receptionist => {
            Predicate { sql: format!("({reference} OR {related})"), params: vec![text(&actor.organisation)] }
        }
        Role::Operator => Predicate { sql: reference, params: Vec::new() },
    }
}

/// Refuses what the role may do to no resource of the type.
pub(crate) fn may(actor: &Actor, interaction: Interaction, resource_type: &str) -> Result<(), Error> {
    let permitted = match &actor.role {
        Role::System => true,
        Role::Backend { scopes } => scopes.grant(interaction, resource_type),
        Role::Patient { .. } | Role::Operator | Role::Receptionist => {
            matches!(interaction, Interaction::Read | Interaction::Search)
        }
        Role::WardStaff { .. } => interaction != Interaction::Delete,
    };
    if permitted { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether the actor may leave a resource of that type in the compartments of those patients.
pub(crate) fn admits_write(
    snapshot: &Snapshot,
    resource_type: &str,
    patients: &[Text],
) -> Result<bool, Error> {
    match &snapshot.actor.role {
        Role::System | Role::Backend { .. } => Ok(true),
        _ if patients.is_empty() || REFERENCE_TYPES.contains(&resource_type) => Ok(false),
        Role::WardStaff { .. } => {
            let predicate = predicate(&snapshot.actor, "r");
            let sql = format!(
                "SELECT 1 FROM resource r JOIN type t ON t.id = r.type WHERE {} AND t.name = 'Patient' AND r.id = ?",
                predicate.sql
            );
            for patient in patients {
                let mut params = predicate.params.clone();
                params.push(Value::Text(patient.to_string()));
                let mut statement = snapshot.conn.prepare_cached(&sql)?;
                if !statement.exists(rusqlite::params_from_iter(params))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}
