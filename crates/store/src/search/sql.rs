//! Pieces of SQL with their bound values. Nothing that a client wrote ever becomes SQL text.

use crate::access::Predicate;
use rusqlite::types::Value;

/// A piece of SQL; `params` are the values of its `?`, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fragment {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Fragment {
    pub(super) fn of(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), params: Vec::new() }
    }

    pub(super) fn with(sql: impl Into<String>, params: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into(), params: params.into_iter().collect() }
    }

    /// Appends text.
    pub(super) fn text(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends another piece.
    pub(super) fn add(&mut self, other: &Self) -> &mut Self {
        self.sql.push_str(&other.sql);
        self.params.extend(other.params.iter().cloned());
        self
    }

    /// Binds the value of a `?` that text appended before holds.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.params.push(value.into());
        self
    }

    /// All of the pieces between a word such as ` OR `; `empty` when there is none.
    pub(super) fn joined(pieces: &[Self], word: &str, empty: &str) -> Self {
        let mut whole = Self::default();
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                whole.text(word);
            }
            whole.add(piece);
        }
        if pieces.is_empty() {
            whole.text(empty);
        }
        whole
    }
}

impl From<Predicate> for Fragment {
    fn from(predicate: Predicate) -> Self {
        Self { sql: predicate.sql, params: predicate.params }
    }
}

/// A list of rids as the one value that `json_each(?)` takes apart.
pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a i64>) -> Value {
    let items: Vec<String> = items.into_iter().map(i64::to_string).collect();
    Value::Text(format!("[{}]", items.join(",")))
}
