//! The numbers that stand for types, systems and parameters in index rows.

use crate::Error;
use fhir::definitions::SearchParameter;
use rusqlite::{Connection, OptionalExtension};

/// Stands for a type that the store has never seen, so that a question about it takes the same way, with the same
/// refusals, as one about a type of which everything is hidden. No row has it.
pub(super) const UNSEEN: i64 = -1;

/// The number of a resource type; `None` when the store has never seen one of it.
pub(super) fn type_id(conn: &Connection, name: &str) -> Result<Option<i64>, Error> {
    Ok(conn
        .prepare_cached("SELECT id FROM type WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// The number of a system; 0 is no system, `None` one that no row names.
pub(super) fn system_id(conn: &Connection, uri: &str) -> Result<Option<i64>, Error> {
    if uri.is_empty() {
        return Ok(Some(0));
    }
    Ok(conn
        .prepare_cached("SELECT id FROM system WHERE uri = ?1")?
        .query_row([uri], |row| row.get(0))
        .optional()?)
}

/// Column `p` of an index row: a parameter of a type.
pub(super) fn key(type_id: i64, param: &SearchParameter) -> i64 {
    type_id * 65_536 + i64::from(param.id)
}
