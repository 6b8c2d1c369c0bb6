//! Relationships and merges of a file from before documents made any.

use crate::base::{self, Base};
use crate::relation::{Link, stated};
use crate::transaction::{merge, relate};
use crate::{Error, OpenError};
use fhir::json::{Limits, Value};
use rusqlite::{Connection, OptionalExtension};

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

/// A stored document with the references to our own address relative, as every row beside it was derived. One that does not
/// parse is the doctor's business, not that of the next start.
fn document(json: &[u8], base: Option<&Base>) -> Option<Value> {
    let document = fhir::json::parse(json, &Limits::default()).ok()?;
    Some(match base.filter(|base| base.may_occur_in(json)) {
        Some(base) => base.localised(&document),
        None => document,
    })
}

/// Derives the merges that every present Patient states.
pub(super) fn merges(conn: &Connection) -> Result<(), OpenError> {
    let damaged = |error: rusqlite::Error| OpenError::Damaged(error.to_string());
    let base = base::recorded(conn).map_err(damaged)?;
    let mut statement = conn
        .prepare(
            "SELECT p.id, v.json FROM type t JOIN resource r ON r.type = t.id AND r.deleted = 0 \
             JOIN patient p ON p.fhir_id = r.id JOIN version v ON v.position = r.position \
             WHERE t.name = 'Patient' AND instr(v.json, CAST('\"replace' AS BLOB)) > 0",
        )
        .map_err(damaged)?;
    let mut rows = statement.query([]).map_err(damaged)?;
    while let Some(row) = rows.next().map_err(damaged)? {
        let own: i64 = row.get(0).map_err(damaged)?;
        let json = row.get_ref(1).map_err(damaged)?.as_blob_or_null().ok().flatten().unwrap_or_default();
        let Some(document) = document(json, base.as_ref()) else { continue };
        let mut links = Vec::new();
        for Link { other, replaces } in stated(&document).links {
            let known: Option<i64> = conn
                .prepare_cached("SELECT id FROM patient WHERE fhir_id = ?1")
                .and_then(|mut known| known.query_row([other.as_str()], |row| row.get(0)).optional())
                .map_err(damaged)?;
            links.extend(known.map(|known| (known, replaces)));
        }
        merge(conn, own, &links).map_err(|error| OpenError::Damaged(error.to_string()))?;
    }
    Ok(())
}

fn of_type(conn: &Connection, name: &str) -> Result<(), Error> {
    let base = base::recorded(conn)?;
    let mut statement = conn.prepare(
        "SELECT r.rid, r.updated, v.json FROM type t JOIN resource r ON r.type = t.id AND r.deleted = 0 \
         JOIN version v ON v.position = r.position WHERE t.name = ?1",
    )?;
    let mut rows = statement.query([name])?;
    while let Some(row) = rows.next()? {
        let (rid, updated): (i64, i64) = (row.get(0)?, row.get(1)?);
        let json = row.get_ref(2)?.as_blob_or_null().ok().flatten().unwrap_or_default();
        let Some(document) = document(json, base.as_ref()) else { continue };
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
