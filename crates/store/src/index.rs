//! Search rows of the current version. A changed version is compared with the rows that are there, so that only what
//! differs is written, whatever program wrote the rows before.

use crate::base::Base;
use crate::extract::{Cell, Derived, Real, Row};
use crate::names::Kind;
use crate::{Error, Transaction};
use fhir::json::Text;
use rusqlite::Connection;
use std::collections::HashSet;
use std::rc::Rc;

/// Makes the rows of a resource those of `now`; [`Derived::default`] removes them all. A new resource has none yet.
pub(crate) fn replace(
    transaction: &mut Transaction,
    rid: i64,
    type_id: i64,
    new: bool,
    now: &Derived,
) -> Result<(), Error> {
    let conn = Rc::clone(&transaction.conn);
    if new {
        return now.rows.iter().try_for_each(|row| put(transaction, &conn, (type_id, rid), row));
    }
    let present = stored(&conn, type_id, rid)?;
    let wanted: HashSet<&Row> = now.rows.iter().collect();
    for row in present.iter().filter(|row| !wanted.contains(row)) {
        remove(transaction, &conn, (type_id, rid), row)?;
    }
    for row in now.rows.iter().filter(|row| !present.contains(row)) {
        put(transaction, &conn, (type_id, rid), row)?;
    }
    Ok(())
}

/// What a stored document contributes.
pub(crate) fn derived(json: &[u8], base: Option<&Base>) -> Result<Derived, Error> {
    let limits = fhir::json::Limits { depth: 256, bytes: usize::MAX };
    let document =
        fhir::json::parse(json, &limits).map_err(|_| Error::internal("a stored version is not JSON"))?;
    Ok(match base.filter(|base| base.may_occur_in(json)) {
        Some(base) => crate::extract::derive(&base.localised(&document)),
        None => crate::extract::derive(&document),
    })
}

fn put(
    transaction: &mut Transaction,
    conn: &Connection,
    (type_id, rid): (i64, i64),
    row: &Row,
) -> Result<(), Error> {
    let p = type_id * 65_536 + i64::from(row.param);
    match &row.cell {
        Cell::String { folded, exact } => conn
            .prepare_cached("INSERT OR IGNORE INTO idx_string VALUES (?1, ?2, ?3, ?4)")?
            .execute((p, folded, exact, rid))?,
        Cell::Token { code, system } => {
            let system = system_id(transaction, system)?;
            conn.prepare_cached("INSERT OR IGNORE INTO idx_token VALUES (?1, ?2, ?3, ?4)")?.execute((
                p,
                code.as_str(),
                system,
                rid,
            ))?
        }
        Cell::Reference { id, target } => {
            let target = target_id(transaction, target)?;
            conn.prepare_cached("INSERT OR IGNORE INTO idx_reference VALUES (?1, ?2, ?3, ?4)")?.execute((
                p,
                id.as_str(),
                target,
                rid,
            ))?
        }
        Cell::Date { lo, hi } => conn
            .prepare_cached("INSERT OR IGNORE INTO idx_date VALUES (?1, ?2, ?3, ?4)")?
            .execute((p, lo, hi, rid))?,
        Cell::Number { lo, hi } => conn
            .prepare_cached("INSERT OR IGNORE INTO idx_number VALUES (?1, ?2, ?3, ?4)")?
            .execute((p, lo.get(), hi.get(), rid))?,
        Cell::Quantity { lo, hi, code, system } => {
            let system = system_id(transaction, system)?;
            conn.prepare_cached("INSERT OR IGNORE INTO idx_quantity VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute((p, lo.get(), hi.get(), code.as_str(), system, rid))?
        }
        Cell::Uri(uri) => conn
            .prepare_cached("INSERT OR IGNORE INTO idx_uri VALUES (?1, ?2, ?3)")?
            .execute((p, uri.as_str(), rid))?,
    };
    Ok(())
}

fn remove(
    transaction: &mut Transaction,
    conn: &Connection,
    (type_id, rid): (i64, i64),
    row: &Row,
) -> Result<(), Error> {
    let p = type_id * 65_536 + i64::from(row.param);
    match &row.cell {
        Cell::String { folded, exact } => conn
            .prepare_cached(
                "DELETE FROM idx_string WHERE p = ?1 AND folded = ?2 AND exact = ?3 AND rid = ?4",
            )?
            .execute((p, folded, exact, rid))?,
        Cell::Token { code, system } => {
            let system = system_id(transaction, system)?;
            conn.prepare_cached(
                "DELETE FROM idx_token WHERE p = ?1 AND code = ?2 AND system = ?3 AND rid = ?4",
            )?
            .execute((p, code.as_str(), system, rid))?
        }
        Cell::Reference { id, target } => {
            let target = target_id(transaction, target)?;
            conn.prepare_cached(
                "DELETE FROM idx_reference WHERE p = ?1 AND id = ?2 AND target = ?3 AND rid = ?4",
            )?
            .execute((p, id.as_str(), target, rid))?
        }
        Cell::Date { lo, hi } => conn
            .prepare_cached("DELETE FROM idx_date WHERE p = ?1 AND lo = ?2 AND hi = ?3 AND rid = ?4")?
            .execute((p, lo, hi, rid))?,
        Cell::Number { lo, hi } => conn
            .prepare_cached("DELETE FROM idx_number WHERE p = ?1 AND lo = ?2 AND hi = ?3 AND rid = ?4")?
            .execute((p, lo.get(), hi.get(), rid))?,
        Cell::Quantity { lo, hi, code, system } => {
            let system = system_id(transaction, system)?;
            conn.prepare_cached(
                "DELETE FROM idx_quantity WHERE p = ?1 AND lo = ?2 AND hi = ?3 AND code = ?4 AND system = ?5 AND rid = ?6",
            )?
            .execute((p, lo.get(), hi.get(), code.as_str(), system, rid))?
        }
        Cell::Uri(uri) => conn
            .prepare_cached("DELETE FROM idx_uri WHERE p = ?1 AND uri = ?2 AND rid = ?3")?
            .execute((p, uri.as_str(), rid))?,
    };
    Ok(())
}

fn system_id(transaction: &mut Transaction, uri: &str) -> Result<i64, Error> {
    if uri.is_empty() { Ok(0) } else { transaction.intern(Kind::System, uri) }
}

fn target_id(transaction: &mut Transaction, name: &str) -> Result<i64, Error> {
    if name.is_empty() { Ok(0) } else { transaction.intern(Kind::Type, name) }
}

/// The rows a resource has in the tables. A row under another type is one of parameter 65535, which nothing derives.
pub(crate) fn stored(conn: &Connection, type_id: i64, rid: i64) -> Result<HashSet<Row>, Error> {
    let mut found = HashSet::new();
    let text = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<Text> {
        Ok(Text::from(row.get_ref(at)?.as_str_or_null()?.unwrap_or_default()))
    };
    let real = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<Real> { Ok(Real::of(row.get(at)?)) };
    let mut read =
        |sql: &str, cell: &dyn Fn(&rusqlite::Row<'_>) -> rusqlite::Result<Cell>| -> Result<(), Error> {
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query([rid])?;
            while let Some(row) = rows.next()? {
                let p: i64 = row.get(0)?;
                let param = u16::try_from(p - type_id * 65_536).unwrap_or(u16::MAX);
                found.insert(Row { param, cell: cell(row)? });
            }
            Ok(())
        };
    read("SELECT p, folded, exact FROM idx_string INDEXED BY idx_string_of WHERE rid = ?1", &|row| {
        Ok(Cell::String { folded: row.get(1)?, exact: row.get(2)? })
    })?;
    read(
        "SELECT p, code, s.uri FROM idx_token i INDEXED BY idx_token_of LEFT JOIN system s ON s.id = i.system WHERE rid = ?1",
        &|row| Ok(Cell::Token { code: text(row, 1)?, system: text(row, 2)? }),
    )?;
    read(
        "SELECT p, i.id, t.name FROM idx_reference i INDEXED BY idx_reference_of LEFT JOIN type t ON t.id = i.target WHERE rid = ?1",
        &|row| Ok(Cell::Reference { id: text(row, 1)?, target: text(row, 2)? }),
    )?;
    read("SELECT p, lo, hi FROM idx_date INDEXED BY idx_date_of WHERE rid = ?1", &|row| {
        Ok(Cell::Date { lo: row.get(1)?, hi: row.get(2)? })
    })?;
    read("SELECT p, lo, hi FROM idx_number INDEXED BY idx_number_of WHERE rid = ?1", &|row| {
        Ok(Cell::Number { lo: real(row, 1)?, hi: real(row, 2)? })
    })?;
    read(
        "SELECT p, lo, hi, code, s.uri FROM idx_quantity i INDEXED BY idx_quantity_of LEFT JOIN system s ON s.id = i.system WHERE rid = ?1",
        &|row| {
            Ok(Cell::Quantity {
                lo: real(row, 1)?,
                hi: real(row, 2)?,
                code: text(row, 3)?,
                system: text(row, 4)?,
            })
        },
    )?;
    read("SELECT p, uri FROM idx_uri INDEXED BY idx_uri_of WHERE rid = ?1", &|row| {
        Ok(Cell::Uri(text(row, 1)?))
    })?;
    Ok(found)
}
