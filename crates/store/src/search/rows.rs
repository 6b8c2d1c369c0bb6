//! One search value as conditions on the rows of an index table (alias `i`), by kind of parameter.
//!
//! The rules are those of <https://hl7.org/fhir/R4/search.html#ptypes>; dates and numbers follow the prefix table of
//! <https://hl7.org/fhir/R4/search.html#prefix> on ranges. `ap` is plain overlap for dates and ten per cent for numbers.

use super::names::{system_id, type_id};
use super::sql::Fragment;
use crate::Error;
use fhir::definitions::SearchKind;
use fhir::issue::{Issue, IssueCode};
use fhir::json::Value as Json;
use fhir::search::{Implied, Modifier, Prefix, ReferenceValue, SearchValue, TokenValue};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// As many points are merged into one list at the most.
pub(super) const POINTS: usize = 8;

/// A condition on index rows.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The condition, without that on `p`.
    pub condition: Fragment,
    /// How the clustered index leads to the matching rows.
    pub reach: Reach,
}

/// How the clustered index leads to the rows of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every column before the rid is given: straight to them, in the order of their rids.
    Point,
    /// Straight to them, in another order.
    Range,
    /// By looking at all rows of the parameter.
    Scan,
}

fn rows(reach: Reach, sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    Rows { condition: Fragment::with(sql, params), reach }
}

fn point(sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    rows(Reach::Point, sql, params)
}

fn range(sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    rows(Reach::Range, sql, params)
}

fn scan(sql: &str, params: impl IntoIterator<Item = Value>) -> Rows {
    rows(Reach::Scan, sql, params)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn none() -> Rows {
    range("0 = ?", [Value::Integer(1)])
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

/// The rows of the parameter `p` that a value matches: any of the conditions. A string becomes so many points at most.
pub(super) fn matching(
    conn: &Connection,
    p: i64,
    (modifier, value, points): (Option<Modifier>, &SearchValue, usize),
) -> Result<Vec<Rows>, Error> {
    match value {
        SearchValue::String(written) => string(conn, p, (modifier, written, points)),
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

fn string(
    conn: &Connection,
    p: i64,
    (modifier, written, points): (Option<Modifier>, &str, usize),
) -> Result<Vec<Rows>, Error> {
    let folded = fhir::search::fold(written);
    Ok(match modifier {
        // The grammar refuses such text; as a prefix it would match everything.
        _ if folded.is_empty() => vec![none()],
        Some(Modifier::Exact) => vec![spelled(folded, text(written))],
        Some(Modifier::Contains) => vec![scan("instr(i.folded, ?) > 0", [Value::Text(folded)])],
        _ => match spellings(conn, p, (&folded, points))? {
            Some(found) if found.is_empty() => vec![none()],
            Some(found) => {
                found.into_iter().map(|(folded, exact)| spelled(folded, Value::Text(exact))).collect()
            }
            None => {
                let end = end_of(&folded);
                vec![range("i.folded >= ? AND i.folded < ?", [Value::Text(folded), Value::Text(end)])]
            }
        },
    })
}

fn spelled(folded: String, exact: Value) -> Rows {
    point("i.folded = ? AND i.exact = ?", [Value::Text(folded), exact])
}

/// The first text after all that begin with this one.
fn end_of(folded: &str) -> String {
    format!("{folded}\u{10FFFF}")
}

/// The texts that begin with a folded one, as they are indexed, when there are at most so many: each then is a point of the index.
/// The index is asked for the next one after the last, so a name that thousands bear costs one look.
fn spellings(
    conn: &Connection,
    p: i64,
    (folded, most): (&str, usize),
) -> Result<Option<Vec<(String, String)>>, Error> {
    let mut next = conn.prepare_cached(
        "SELECT folded, exact FROM idx_string WHERE p = ?1 AND (folded, exact) > (?2, ?3) AND folded < ?4 \
         ORDER BY folded, exact LIMIT 1",
    )?;
    let end = end_of(folded);
    let mut found: Vec<(String, String)> = Vec::new();
    // No indexed text is empty, so this comes before every spelling of the text itself.
    let mut last = (folded.to_owned(), String::new());
    while let Some(spelling) =
        next.query_row((p, &last.0, &last.1, &end), |row| Ok((row.get(0)?, row.get(1)?))).optional()?
    {
        if found.len() == most {
            return Ok(None);
        }
        last = spelling;
        found.push(last.clone());
    }
    Ok(Some(found))
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
            point("i.code = ? AND i.system = ?", [text(code), Value::Integer(system)])
        }
        (Some(code), None) => range("i.code = ?", [text(code)]),
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
            return Ok(point("i.id = ? AND i.target = 0", [text(plain)]));
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
        None => range("i.id = ? AND i.target <> 0", [text(id)]),
        Some(name) => match type_id(conn, name)? {
            Some(target) => point("i.id = ? AND i.target = ?", [text(id), Value::Integer(target)]),
            None => none(),
        },
    })
}

/// `low` and `high` are the half-open range of the search value.
fn date(prefix: Prefix, low: i64, high: i64) -> Rows {
    let (low, high) = (Value::Integer(low), Value::Integer(high));
    match prefix {
        Prefix::Eq => range("i.lo >= ? AND i.lo < ? AND i.hi <= ?", [low, high.clone(), high]),
        Prefix::Ne => scan("(i.lo < ? OR i.hi > ?)", [low, high]),
        Prefix::Gt => scan("i.hi > ?", [high]),
        Prefix::Lt => range("i.lo < ?", [low]),
        Prefix::Ge => scan("(i.hi > ? OR i.lo >= ?)", [high, low]),
        Prefix::Le => range("i.lo < ? AND (i.lo < ? OR i.hi <= ?)", [high.clone(), low, high]),
        Prefix::Sa => range("i.lo >= ?", [high]),
        Prefix::Eb => range("i.lo < ? AND i.hi <= ?", [low.clone(), low]),
        Prefix::Ap => scan("i.lo < ? AND i.hi > ?", [high, low]),
    }
}

/// A row's number is a point (`lo = hi`) or a range; the search value has the range its digits imply for `eq` and
/// `ne` and is exact otherwise.
fn number(prefix: Prefix, value: &Implied) -> Rows {
    let real = |number: Decimal| Value::Real(number.to_f64().unwrap_or_default());
    let (exact, low, high) = (real(value.value), real(value.low), real(value.high));
    match prefix {
        Prefix::Eq => range(
            "i.lo >= ? AND i.lo < ? AND (i.hi < ? OR (i.hi = ? AND i.lo < i.hi))",
            [low, high.clone(), high.clone(), high],
        ),
        Prefix::Ne => {
            scan("NOT (i.lo >= ? AND (i.hi < ? OR (i.hi = ? AND i.lo < i.hi)))", [low, high.clone(), high])
        }
        Prefix::Gt => scan("i.hi > ?", [exact]),
        Prefix::Lt => range("i.lo < ?", [exact]),
        Prefix::Ge => scan("i.hi >= ?", [exact]),
        Prefix::Le => range("i.lo <= ?", [exact]),
        Prefix::Sa => range("i.lo > ?", [exact]),
        Prefix::Eb => range("i.lo < ? AND i.hi < ?", [exact.clone(), exact]),
        Prefix::Ap => {
            let tenth = value.value.abs() / Decimal::TEN;
            let (from, to) = (real(value.value - tenth), real(value.value + tenth));
            scan("i.lo <= ? AND i.hi >= ?", [to, from])
        }
    }
}

/// URIs match whole; `:below` and `:above` match at a `/`.
fn uri(modifier: Option<Modifier>, written: &str) -> Vec<Rows> {
    let whole = point("i.uri = ?", [text(written)]);
    let trimmed = written.trim_end_matches('/');
    match modifier {
        Some(Modifier::Below) => {
            // '0' follows '/' in the order of bytes.
            let under = [Value::Text(format!("{trimmed}/")), Value::Text(format!("{trimmed}0"))];
            vec![whole, range("i.uri >= ? AND i.uri < ?", under)]
        }
        Some(Modifier::Above) => {
            // One condition for all of them: a URI may have any number of slashes.
            let ancestors = trimmed.match_indices('/').filter_map(|(at, _)| trimmed.get(..at));
            let each = ancestors.filter(|a| !a.is_empty()).flat_map(|a| [a.to_owned(), format!("{a}/")]);
            let all = Json::Array(each.map(Json::from).collect());
            let all = Value::Text(fhir::json::to_string(&all));
            vec![whole, range("i.uri IN (SELECT value FROM json_each(?))", [all])]
        }
        _ => vec![whole],
    }
}
