//! One search value as conditions on the rows of an index table (alias `i`), by kind of parameter.
//!
//! The rules are those of <https://hl7.org/fhir/R4/search.html#ptypes>; dates and numbers follow the prefix table of
//! <https://hl7.org/fhir/R4/search.html#prefix> on ranges. `ap` is plain overlap for dates and ten per cent for numbers.

use super::names::{system_id, type_id};
use super::sql::Fragment;
use crate::Error;
use fhir::definitions::SearchKind;
use fhir::issue::{Issue, IssueCode};
use fhir::search::{Implied, Modifier, Prefix, ReferenceValue, SearchValue, TokenValue};
use rusqlite::Connection;
use rusqlite::types::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A condition on index rows.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The condition, without that on `p`.
    pub condition: Fragment,
    /// Whether the clustered index goes straight to the matching rows.
    pub narrow: bool,
}

fn rows(sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    Rows { condition: Fragment::with(sql, params), narrow: true }
}

fn scan(sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    Rows { narrow: false, ..rows(sql, params) }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn none() -> Rows {
    rows("0 = ?", [Value::Integer(1)])
}

/// The index table of a kind, and of `:identifier`.
pub(super) fn table(kind: SearchKind, modifier: Option<Modifier>) -> &'static str {
    match (kind, modifier) {
        (_, Some(Modifier::Identifier)) | (SearchKind::Token, _) => "idx_token",
        (SearchKind::String, _) => "idx_string",
        (SearchKind::Reference, _) => "idx_reference",
        (SearchKind::Date, _) => "idx_date",
        (SearchKind::Number, _) => "idx_number",
        (SearchKind::Quantity, _) => "idx_quantity",
        (SearchKind::Uri | SearchKind::Composite | SearchKind::Special, _) => "idx_uri",
    }
}

/// The rows that a value matches: any of the conditions.
pub(super) fn matching(
    conn: &Connection,
    modifier: Option<Modifier>,
    value: &SearchValue,
) -> Result<Vec<Rows>, Error> {
    match value {
        SearchValue::String(written) => Ok(vec![string(modifier, written)]),
        SearchValue::Token(token) => token_rows(conn, token).map(|r| vec![r]),
        SearchValue::Reference(reference) => reference_rows(conn, modifier, reference).map(|r| vec![r]),
        SearchValue::Date { prefix, value } => {
            let (low, high) = value.range(fhir::time::default_zone());
            Ok(vec![date(*prefix, low, high)])
        }
        SearchValue::Number { prefix, value } => Ok(vec![number(*prefix, value)]),
        SearchValue::Quantity { prefix, value, system, unit } => {
            let mut found = number(*prefix, value);
            if let Some(unit) = unit {
                found.condition.text(" AND i.code = ?").bind(text(unit));
            }
            if let Some(system) = system {
                let Some(system) = system_id(conn, system)? else { return Ok(vec![none()]) };
                found.condition.text(" AND i.system = ?").bind(system);
            }
            Ok(vec![found])
        }
        SearchValue::Uri(written) => Ok(uri(modifier, written)),
        SearchValue::Missing(_) => Ok(Vec::new()),
    }
}

fn string(modifier: Option<Modifier>, written: &str) -> Rows {
    let folded = fhir::search::fold(written);
    match modifier {
        // The grammar refuses such text; as a prefix it would match everything.
        _ if folded.is_empty() => none(),
        Some(Modifier::Exact) => rows("i.folded = ? AND i.exact = ?", [Value::Text(folded), text(written)]),
        Some(Modifier::Contains) => scan("instr(i.folded, ?) > 0", [Value::Text(folded)]),
        _ => {
            let end = format!("{folded}\u{10FFFF}");
            rows("i.folded >= ? AND i.folded < ?", [Value::Text(folded), Value::Text(end)])
        }
    }
}

fn token_rows(conn: &Connection, token: &TokenValue) -> Result<Rows, Error> {
    let system = match &token.system {
        None => None,
        Some(uri) => match system_id(conn, uri)? {
            None => return Ok(none()),
            found => found,
        },
    };
    Ok(match (&token.code, system) {
        (Some(code), Some(system)) => {
            rows("i.code = ? AND i.system = ?", [text(code), Value::Integer(system)])
        }
        (Some(code), None) => rows("i.code = ?", [text(code)]),
        (None, Some(system)) => scan("i.system = ?", [Value::Integer(system)]),
        (None, None) => none(),
    })
}

fn reference_rows(
    conn: &Connection,
    modifier: Option<Modifier>,
    reference: &ReferenceValue,
) -> Result<Rows, Error> {
    let (resource_type, id) = match reference {
        ReferenceValue::Absolute(url) => {
            // A canonical is indexed without its version.
            let plain = url.split('|').next().unwrap_or(url);
            return Ok(rows("i.id = ? AND i.target = 0", [text(plain)]));
        }
        ReferenceValue::Local { version: Some(_), .. } => {
            let why = "references are searched without a version; leave /_history/ away";
            return Err(Error::invalid(Issue::error(IssueCode::NotSupported, why)));
        }
        ReferenceValue::Local { resource_type, id, .. } => (resource_type, id),
    };
    let named = match modifier {
        Some(Modifier::Type(name)) => Some(name),
        _ => *resource_type,
    };
    Ok(match named {
        None => rows("i.id = ? AND i.target <> 0", [text(id)]),
        Some(name) => match type_id(conn, name)? {
            Some(target) => rows("i.id = ? AND i.target = ?", [text(id), Value::Integer(target)]),
            None => none(),
        },
    })
}

/// `low` and `high` are the half-open range of the search value.
fn date(prefix: Prefix, low: i64, high: i64) -> Rows {
    let (low, high) = (Value::Integer(low), Value::Integer(high));
    match prefix {
        Prefix::Eq => rows("i.lo >= ? AND i.lo < ? AND i.hi <= ?", [low, high.clone(), high]),
        Prefix::Ne => scan("(i.lo < ? OR i.hi > ?)", [low, high]),
        Prefix::Gt => scan("i.hi > ?", [high]),
        Prefix::Lt => rows("i.lo < ?", [low]),
        Prefix::Ge => scan("(i.hi > ? OR i.lo >= ?)", [high, low]),
        Prefix::Le => rows("i.lo < ? AND (i.lo < ? OR i.hi <= ?)", [high.clone(), low, high]),
        Prefix::Sa => rows("i.lo >= ?", [high]),
        Prefix::Eb => rows("i.lo < ? AND i.hi <= ?", [low.clone(), low]),
        Prefix::Ap => scan("i.lo < ? AND i.hi > ?", [high, low]),
    }
}

/// A row's number is a point (`lo = hi`) or a range; the search value has the range its digits imply for `eq` and
/// `ne` and is exact otherwise.
fn number(prefix: Prefix, value: &Implied) -> Rows {
    let real = |number: Decimal| Value::Real(number.to_f64().unwrap_or_default());
    let (exact, low, high) = (real(value.value), real(value.low), real(value.high));
    match prefix {
        Prefix::Eq => rows(
            "i.lo >= ? AND i.lo < ? AND (i.hi < ? OR (i.hi = ? AND i.lo < i.hi))",
            [low, high.clone(), high.clone(), high],
        ),
        Prefix::Ne => {
            scan("NOT (i.lo >= ? AND (i.hi < ? OR (i.hi = ? AND i.lo < i.hi)))", [low, high.clone(), high])
        }
        Prefix::Gt => scan("i.hi > ?", [exact]),
        Prefix::Lt => rows("i.lo < ?", [exact]),
        Prefix::Ge => scan("i.hi >= ?", [exact]),
        Prefix::Le => rows("i.lo <= ?", [exact]),
        Prefix::Sa => rows("i.lo > ?", [exact]),
        Prefix::Eb => rows("i.lo < ? AND i.hi < ?", [exact.clone(), exact]),
        Prefix::Ap => {
            let tenth = value.value.abs() / Decimal::TEN;
            let (from, to) = (real(value.value - tenth), real(value.value + tenth));
            scan("i.lo <= ? AND i.hi >= ?", [to, from])
        }
    }
}

/// URIs match whole; `:below` and `:above` match at a `/`.
fn uri(modifier: Option<Modifier>, written: &str) -> Vec<Rows> {
    let whole = rows("i.uri = ?", [text(written)]);
    let trimmed = written.trim_end_matches('/');
    match modifier {
        Some(Modifier::Below) => {
            // '0' follows '/' in the order of bytes.
            let under = [Value::Text(format!("{trimmed}/")), Value::Text(format!("{trimmed}0"))];
            vec![whole, rows("i.uri >= ? AND i.uri < ?", under)]
        }
        Some(Modifier::Above) => {
            let ancestors = trimmed.match_indices('/').filter_map(|(at, _)| trimmed.get(..at));
            let ancestors =
                ancestors.filter(|a| !a.is_empty()).flat_map(|a| [text(a), Value::Text(format!("{a}/"))]);
            std::iter::once(whole).chain(ancestors.map(|a| rows("i.uri = ?", [a]))).collect()
        }
        _ => vec![whole],
    }
}
