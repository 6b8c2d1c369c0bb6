//! Whose record is shown when numbers were merged (`Patient.link`, <https://hl7.org/fhir/R4/patient.html#links>): that of
//! the record that replaced the one asked for, with the entries of all that gave way to it.
//!
//! It must never decide access: every record is read as the actor, and one that the actor may not see ends the way to it.

use crate::lookup::id;
use fhir::json::Value;
use fhir::views::Patient;
use store::{Error, Found, Snapshot};

/// Merges are followed this far; a chain of more is a fault of the source.
const HOPS_MAX: usize = 16;

/// The person whose record is shown.
pub(crate) struct Whom {
    /// The Patient that counts.
    pub person: Value,
    /// Its id and those of the records that gave way to it, as a search value.
    pub ids: String,
    /// The id of the record that replaced the one asked for, whether its data are shown or may not be.
    pub replaced_by: Option<String>,
}

impl Whom {
    /// Follows the links of the record asked for.
    pub(crate) fn read(snapshot: &mut Snapshot, patient: &str) -> Result<Self, Error> {
        let found = snapshot.read("Patient", patient)?.present()?;
        let mut person = snapshot.document(&found)?;
        let mut seen = vec![patient.to_owned()];
        let mut replaced_by = None;
        while let Some(next) = linked(&person, "replaced-by").into_iter().next() {
            if seen.contains(&next) || seen.len() > HOPS_MAX {
                break;
            }
            replaced_by = Some(next.clone());
            let Found::Present(survivor) = snapshot.read("Patient", &next)? else { break };
            person = snapshot.document(&survivor)?;
            seen.push(next);
        }
        let ids = prior_ids(snapshot, &person)?.join(",");
        Ok(Self { person, ids, replaced_by })
    }
}

/// A person's own id and those of the records that gave way to theirs, as a search value: for whoever has no use for the
/// Patient itself.
pub(crate) fn numbers(snapshot: &Snapshot, patient: &str) -> Result<String, Error> {
    let mut ids = vec![patient.to_owned()];
    ids.extend(snapshot.earlier_numbers(patient)?.iter().map(ToString::to_string));
    Ok(ids.join(","))
}

/// The person of an id as they are known now, for whoever reads everything: a link counts when both Patients state it, because
/// what one says of itself must not lead what was meant for it to somebody else.
pub(crate) fn known_now(snapshot: &mut Snapshot, patient: &str) -> Result<Option<Value>, Error> {
    let Found::Present(found) = snapshot.read("Patient", patient)? else { return Ok(None) };
    let mut person = snapshot.document(&found)?;
    for _ in 0..HOPS_MAX {
        let mut survivor = None;
        for next in linked(&person, "replaced-by") {
            if let Found::Present(found) = snapshot.read("Patient", &next)? {
                let next = snapshot.document(&found)?;
                survivor = survivor
                    .or(Some(next)
                        .filter(|next| linked(next, "replaces").iter().any(|one| one == id(&person))));
            }
        }
        match survivor {
            Some(next) => person = next,
            None => break,
        }
    }
    Ok(Some(person))
}

/// The person's own id first, then those of the records that gave way to it, and to those. Entries under them are
/// searched as the actor, so that an id gives nothing away.
fn prior_ids(snapshot: &mut Snapshot, person: &Value) -> Result<Vec<String>, Error> {
    let mut ids = vec![id(person).to_owned()];
    let mut waiting = linked(person, "replaces");
    while let Some(prior) = waiting.pop() {
        if ids.contains(&prior) || ids.len() > HOPS_MAX {
            continue;
        }
        ids.push(prior.clone());
        if let Found::Present(known) = snapshot.read("Patient", &prior)? {
            waiting.extend(linked(&snapshot.document(&known)?, "replaces"));
        }
    }
    Ok(ids)
}

fn linked(person: &Value, kind: &str) -> Vec<String> {
    Patient(person).linked(kind).map(str::to_owned).collect()
}
