//! The audit log as FHIR AuditEvents (IHE BALP), read and listed.

use super::record::{AuditRecord, COLUMNS};
use crate::{Error, Found, Role, Snapshot};
use std::rc::Rc;

impl Snapshot {
    /// Who looked at or changed a patient's record, newest first, at most `limit`, with numbers below `before`.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the actor is the patient or the system.
    pub fn audit_about_patient(
        &mut self,
        patient: &str,
        limit: usize,
        before: Option<u64>,
    ) -> Result<Vec<AuditRecord>, Error> {
        match &self.actor.role {
            Role::System | Role::Backend { .. } => {}
            Role::Patient { patient: own } if own == patient => {}
            _ => return Err(Error::NotFound),
        }
        let conn = Rc::clone(&self.conn);
        let sql = format!(
            "SELECT {COLUMNS} FROM patient p JOIN audit a ON a.patient = p.id \
             WHERE p.fhir_id = ?1 AND a.seq < ?2 ORDER BY a.seq DESC LIMIT ?3"
        );
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map((patient, before, limit), AuditRecord::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An AuditEvent made of a row of the log.
    pub(crate) fn read_event(&mut self, resource_type: &str, _id: &str) -> Result<Option<Found>, Error> {
        if resource_type != "AuditEvent" {
            return Ok(None);
        }
        Ok(None)
    }
}
