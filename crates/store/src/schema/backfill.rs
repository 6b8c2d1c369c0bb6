//! Relationships of a file from before registrations and referrals made any.

use crate::relation::stated;
use crate::transaction::relate;
use crate::{Error, OpenError};
use fhir::json::Limits;
use rusqlite::Connection;

/// Derives the relationships of every present Patient and ServiceRequest, from when its present version was recorded.
pub(super) fn relationships(conn: &Connection) -> Result<(), OpenError> {
    for name in ["Patient", "ServiceRequest"] {
        of_type(conn, name).map_err(|error| match error {
            Error::Internal(text) => OpenError::Damaged(text),
            other => OpenError::Damaged(other.to_string()),
        })?;
    }
    Ok(())
}

fn of_type(conn: &Connection, name: &str) -> Result<(), Error> {
    let mut statement = conn.prepare(
        "SELECT r.rid, r.updated, v.json FROM type t JOIN resource r ON r.type = t.id AND r.deleted = 0 \
         JOIN version v ON v.position = r.position WHERE t.name = ?1",
    )?;
    let mut rows = statement.query([name])?;
    while let Some(row) = rows.next()? {
        let (rid, updated): (i64, i64) = (row.get(0)?, row.get(1)?);
        let json = row.get_ref(2)?.as_blob_or_null().ok().flatten().unwrap_or_default();
        // A document that does not parse is the doctor's business, not that of the next start.
        let Ok(document) = fhir::json::parse(json, &Limits::default()) else { continue };
        let stated = stated(&document);
        if stated.relationships.is_empty() {
            continue;
        }
        let patients = patients(conn, rid)?;
        let named: Vec<(i64, &str)> = patients.iter().map(|(key, id)| (*key, id.as_str())).collect();
        relate(conn, (rid, &named), &stated, updated)?;
    }
    Ok(())
}

fn patients(conn: &Connection, rid: i64) -> Result<Vec<(i64, String)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT p.id, p.fhir_id FROM compartment c JOIN patient p ON p.id = c.patient WHERE c.rid = ?1",
    )?;
    let rows = statement.query_map([rid], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
