//! Search rows of the current version. A changed version is compared with the rows that are there, so that only what
//! differs is written, whatever program wrote the rows before.
//!
//! What a row holds is what `crate::search` compares: one value is a point (`lo = hi`), the identifier inside a
//! reference is a token row under the reference's own parameter, an absolute URL is a reference with target 0. A
//! concept that has only text is a token row without code, so that it does not count as missing.

use crate::extract::Derived;
use crate::names::Kind;
use crate::{Error, Transaction};
use fhir::index::{Entry, IndexValue};
use rusqlite::types::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::rc::Rc;

/// An index table.
struct Table {
    present: &'static str,
    insert: &'static str,
    delete: &'static str,
}

/// The statements of an index table with those columns before `rid`.
macro_rules! table {
    ($name:literal, $columns:literal, $marks:literal, $equal:literal) => {
        Table {
            present: concat!(
                "SELECT ",
                $columns,
                " FROM ",
                $name,
                " INDEXED BY ",
                $name,
                "_of WHERE rid = ?1"
            ),
            insert: concat!("INSERT OR IGNORE INTO ", $name, "(", $columns, ", rid) VALUES (", $marks, ",?)"),
            delete: concat!("DELETE FROM ", $name, " WHERE ", $equal, " AND rid = ?"),
        }
    };
}

const TABLES: [Table; 7] = [
    table!("idx_string", "p, folded, exact", "?,?,?", "p = ? AND folded = ? AND exact = ?"),
    table!("idx_token", "p, code, system", "?,?,?", "p = ? AND code = ? AND system = ?"),
    table!("idx_reference", "p, id, target", "?,?,?", "p = ? AND id = ? AND target = ?"),
    table!("idx_date", "p, lo, hi", "?,?,?", "p = ? AND lo = ? AND hi = ?"),
    table!("idx_number", "p, lo, hi", "?,?,?", "p = ? AND lo = ? AND hi = ?"),
    table!(
        "idx_quantity",
        "p, lo, hi, code, system",
        "?,?,?,?,?",
        "p = ? AND lo = ? AND hi = ? AND code = ? AND system = ?"
    ),
    table!("idx_uri", "p, uri", "?,?", "p = ? AND uri = ?"),
];

/// A row: the place of its table in [`TABLES`], and its columns.
type Row = (usize, Vec<Value>);

/// Makes the rows those of `now`; [`Derived::default`] removes them all. `before` is the version that has rows.
pub(crate) fn replace(
    transaction: &mut Transaction,
    rid: i64,
    type_id: i64,
    before: Option<&[u8]>,
    now: &Derived,
) -> Result<(), Error> {
    let mut fresh: Vec<Row> = Vec::with_capacity(now.entries.len());
    for entry in &now.entries {
        rows(transaction, type_id * 65_536 + i64::from(entry.param), entry, &mut fresh)?;
    }
    let conn = Rc::clone(&transaction.conn);
    if before.is_some() {
        for row in present(&conn, rid)? {
            match fresh.iter().position(|wanted| *wanted == row) {
                Some(at) => drop(fresh.swap_remove(at)),
                None => run(&conn, |table| table.delete, &row, rid)?,
            }
        }
    }
    fresh.iter().try_for_each(|row| run(&conn, |table| table.insert, row, rid))
}

fn present(conn: &rusqlite::Connection, rid: i64) -> Result<Vec<Row>, Error> {
    let mut found = Vec::new();
    for (at, table) in TABLES.iter().enumerate() {
        let mut statement = conn.prepare_cached(table.present)?;
        let width = statement.column_count();
        let mut rows = statement.query([rid])?;
        while let Some(row) = rows.next()? {
            found.push((at, (0..width).map(|column| row.get(column)).collect::<Result<_, _>>()?));
        }
    }
    Ok(found)
}

fn run(
    conn: &rusqlite::Connection,
    statement: fn(&Table) -> &'static str,
    (at, values): &Row,
    rid: i64,
) -> Result<(), Error> {
    let Some(table) = TABLES.get(*at) else { return Err(Error::internal("a row without a table")) };
    let rid = Value::Integer(rid);
    conn.prepare_cached(statement(table))?
        .execute(rusqlite::params_from_iter(values.iter().chain([&rid])))?;
    Ok(())
}

/// The rows of one entry.
fn rows(transaction: &mut Transaction, p: i64, entry: &Entry, out: &mut Vec<Row>) -> Result<(), Error> {
    let p = Value::Integer(p);
    match &entry.value {
        IndexValue::String { folded, exact } => out.push((0, vec![p, text(folded), text(exact)])),
        IndexValue::Token { system, code, .. } => {
            let code = text(code.as_deref().unwrap_or_default());
            out.push((1, vec![p, code, self::system(transaction, system.as_deref())?]));
        }
        IndexValue::Reference { type_, id, url, identifier, .. } => {
            if let Some((system, value)) = identifier {
                let system = self::system(transaction, system.as_deref())?;
                out.push((1, vec![p.clone(), text(value), system]));
            }
            let local = type_.as_deref().filter(|_| url.is_none() && !id.starts_with('#'));
            match (local, url) {
                _ if id.is_empty() => {}
                (Some(name), _) => {
                    let target = Value::Integer(transaction.intern(Kind::Type, name)?);
                    out.push((2, vec![p, text(id), target]));
                }
                (None, Some(url)) => out.push((2, vec![p, text(url), Value::Integer(0)])),
                (None, None) => out.push((2, vec![p, text(id), Value::Integer(0)])),
            }
        }
        IndexValue::Date { lo, hi } => out.push((3, vec![p, Value::Integer(*lo), Value::Integer(*hi)])),
        IndexValue::Number { lo, hi, value } => {
            let (low, high) = ends(*lo, *hi, *value);
            out.push((4, vec![p, low, high]));
        }
        IndexValue::Quantity { lo, hi, value, system, code, unit } => {
            let (low, high) = ends(*lo, *hi, *value);
            let system = self::system(transaction, system.as_deref())?;
            let written = unit.as_deref().filter(|unit| code.as_deref() != Some(unit));
            if code.is_some() || written.is_none() {
                let code = text(code.as_deref().unwrap_or_default());
                out.push((5, vec![p.clone(), low.clone(), high.clone(), code, system]));
            }
            if let Some(unit) = written {
                out.push((5, vec![p, low, high, text(unit), Value::Integer(0)]));
            }
        }
        IndexValue::Uri(uri) => out.push((6, vec![p, text(uri)])),
    }
    Ok(())
}

/// A value whose digits imply an interval around it is a point; a range or a comparator has two ends.
fn ends(lo: Decimal, hi: Decimal, value: Decimal) -> (Value, Value) {
    let real = |number: Decimal| Value::Real(number.to_f64().unwrap_or_default());
    let around = value.checked_sub(lo).is_some_and(|below| hi.checked_sub(value) == Some(below));
    if around { (real(value), real(value)) } else { (real(lo), real(hi)) }
}

fn system(transaction: &mut Transaction, uri: Option<&str>) -> Result<Value, Error> {
    match uri {
        None | Some("") => Ok(Value::Integer(0)),
        Some(uri) => transaction.intern(Kind::System, uri).map(Value::Integer),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
