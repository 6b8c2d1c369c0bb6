//! The order of matches, and the condition that continues it after a cursor.
//!
//! The last key is always the row's number, so the order is total. Rows without a value come last in both directions
//! (<https://hl7.org/fhir/R4/search.html#sort>). A row with several values is placed by its least, or by its greatest
//! when the order is descending.

use super::names::key;
use super::rows::table;
use super::sql::Fragment;
use fhir::definitions::SearchKind;
use fhir::search::{SortKey, SortTarget};
use rusqlite::types::Value;

/// One key in SQL.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The expression over row `r`.
    pub expression: Fragment,
    pub descending: bool,
    /// Whether rows may lack it.
    pub optional: bool,
}

/// The keys of a query on a type.
pub(super) fn keys(sort: &[SortKey], type_id: i64) -> Vec<Key> {
    sort.iter().map(|wanted| of(wanted, type_id)).collect()
}

fn of(wanted: &SortKey, type_id: i64) -> Key {
    let descending = wanted.descending;
    let param = match &wanted.target {
        SortTarget::Id => return Key { expression: Fragment::of("r.id"), descending, optional: false },
        SortTarget::LastUpdated => {
            return Key { expression: Fragment::of("r.updated"), descending, optional: false };
        }
        SortTarget::Param(param) => param,
    };
    let (least, greatest) = match param.kind {
        SearchKind::String => ("folded", "folded"),
        SearchKind::Token => ("code", "code"),
        SearchKind::Reference => ("id", "id"),
        SearchKind::Date | SearchKind::Number | SearchKind::Quantity => ("lo", "hi"),
        SearchKind::Uri | SearchKind::Composite | SearchKind::Special => ("uri", "uri"),
    };
    let (table, column) = (table(param.kind, None), if descending { greatest } else { least });
    let choose = if descending { "max" } else { "min" };
    let expression = Fragment::with(
        format!(
            "(SELECT {choose}(i.{column}) FROM {table} i INDEXED BY {table}_of WHERE i.rid = r.rid AND i.p = ?)"
        ),
        [Value::Integer(key(type_id, param))],
    );
    Key { expression, descending, optional: true }
}

/// `ORDER BY` over columns `k0…` and `rid` of the relation named.
pub(super) fn order(keys: &[Key], relation: &str) -> String {
    let mut sql = String::from(" ORDER BY ");
    for (at, key) in keys.iter().enumerate() {
        if key.optional {
            sql.push_str(&format!("{relation}.k{at} IS NULL, "));
        }
        sql.push_str(&format!("{relation}.k{at}{}, ", direction(key.descending)));
    }
    sql.push_str(&format!("{relation}.rid{}", direction(last_descending(keys))));
    sql
}

/// True for the rows that come after the values of a cursor: one value for each key, and the rid.
pub(super) fn after(keys: &[Key], relation: &str, (values, rid): (&[Value], i64)) -> Fragment {
    let beyond = |descending: bool| if descending { "<" } else { ">" };
    let mut rest =
        Fragment::with(format!("{relation}.rid {} ?", beyond(last_descending(keys))), [Value::Integer(rid)]);
    for (at, (key, value)) in keys.iter().zip(values).enumerate().rev() {
        let column = format!("{relation}.k{at}");
        let mut whole = Fragment::default();
        if *value == Value::Null {
            whole.text(&format!("({column} IS NULL AND ")).add(&rest).text(")");
        } else {
            let sign = beyond(key.descending);
            whole.text(&format!("({column} {sign} ?")).bind(value.clone());
            if key.optional {
                whole.text(&format!(" OR {column} IS NULL"));
            }
            whole.text(&format!(" OR ({column} = ? AND ")).bind(value.clone()).add(&rest).text("))");
        }
        rest = whole;
    }
    rest
}

/// The row's number runs in the direction of the last key, so that one index can give both.
pub(super) fn last_descending(keys: &[Key]) -> bool {
    keys.last().is_some_and(|key| key.descending)
}

fn direction(descending: bool) -> &'static str {
    if descending { " DESC" } else { "" }
}
