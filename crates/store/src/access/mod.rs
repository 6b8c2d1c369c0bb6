//! Who may see and do what: one decision, which becomes a predicate of every statement that touches resources.
//!
//! The rules are a table ([`TABLE`]); a grant becomes SQL in one place. Nothing is ever filtered after it was
//! fetched, so that pages, counts and orders cannot tell what is hidden. A type that is closed to a role answers 403;
//! a single resource out of reach answers as if it did not exist. A resource in the compartments of several patients
//! is open to whoever may see one of them (<https://hl7.org/fhir/R4/compartmentdefinition.html>). Whoever is let into one
//! person's compartment by that person's id is let into those of the Patients that gave way to it (docs/adr/0009).

mod class;
pub mod planted;
mod predicate;
mod rule;

pub use class::Class;
pub use rule::{Grant, ON_BEHALF, Rule, TABLE, grant};

pub(crate) use predicate::{NUMBERS, Predicate, predicate, predicate_on, reachable, versions};

use crate::{Actor, Error, Interaction, Role, Snapshot};
use fhir::json::Text;
use rusqlite::Connection;

#[cfg(test)]
mod oracle;

/// Refuses what the role may do to no resource of the type. `*` stands for interactions on all types at once, which
/// a role may have and the predicate then narrows.
pub(crate) fn may(actor: &Actor, interaction: Interaction, resource_type: &str) -> Result<(), Error> {
    let reads = matches!(interaction, Interaction::Read | Interaction::Search);
    let open = match &actor.role {
        // The audit log has one author: nobody else adds to it, whatever their scopes.
        Role::Backend { .. } if resource_type == "AuditEvent" && !reads => false,
        Role::Backend { scopes } => scopes.grant(interaction, resource_type),
        Role::System => true,
        _ if resource_type == "*" => reads,
        _ => grant(actor, interaction, resource_type) != Grant::Nothing,
    };
    if open { Ok(()) } else { Err(Error::Forbidden) }
}

/// [`admits`] on a snapshot.
pub(crate) fn admits_write(
    snapshot: &Snapshot,
    resource_type: &str,
    patients: &[Text],
) -> Result<bool, Error> {
    admits(&snapshot.conn, &snapshot.actor, resource_type, patients)
}

/// Whether the actor may leave a resource of that type in the compartments of those patients: every one of them must
/// be within the grant, by the relationships as they were before the write.
pub(crate) fn admits(
    conn: &Connection,
    actor: &Actor,
    resource_type: &str,
    patients: &[Text],
) -> Result<bool, Error> {
    let granted = grant(actor, Interaction::Update, resource_type);
    if planted::is_planted(planted::Bug::WriteAfter) && granted != Grant::Nothing {
        return Ok(true);
    }
    let still = match granted {
        Grant::Everything => return Ok(true),
        Grant::Nothing => return Ok(false),
        Grant::WithoutPatient => return Ok(patients.is_empty()),
        Grant::Own | Grant::Related | Grant::Asked => " AND l.ended IS NULL",
        Grant::Registered => "",
    };
    let sql = format!(
        "SELECT 1 FROM patient p JOIN relationship l ON l.organisation = ?1 AND l.patient = p.id \
         WHERE p.fhir_id = ?2{still}"
    );
    let related = |patient: &str| -> Result<bool, Error> {
        Ok(!actor.organisation.is_empty()
            && conn.prepare_cached(&sql)?.exists((actor.organisation.as_str(), patient))?)
    };
    let within = |patient: &Text| -> Result<bool, Error> {
        if granted == Grant::Asked {
            let Some(behalf) = &actor.behalf else { return Ok(false) };
            return Ok(is_number_of(conn, &behalf.patient, patient)? && related(&behalf.patient)?);
        }
        if let Some(own) = actor.role.patient() {
            return is_number_of(conn, own, patient);
        }
        if let Some(glass) = actor.role.break_glass()
            && is_number_of(conn, &glass.patient, patient)?
        {
            return Ok(true);
        }
        related(patient)
    };
    if patients.is_empty() {
        return Ok(false);
    }
    for patient in patients {
        if !within(patient)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a Patient is a person's, or gave way to it by a merge that is in force.
fn is_number_of(conn: &Connection, person: &Text, patient: &Text) -> Result<bool, Error> {
    if person == patient {
        return Ok(true);
    }
    let sql = format!("SELECT 1 FROM patient WHERE fhir_id = ? AND id IN {NUMBERS}");
    Ok(conn.prepare_cached(&sql)?.exists((patient.as_str(), person.as_str()))?)
}
