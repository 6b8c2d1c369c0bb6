//! One page of matches: the statement, its keys and where the next page begins.

use super::cursor::{Cursor, context};
use super::plan::Plan;
use super::sort::{Key, after, keys, order};
use super::sql::Fragment;
use crate::{Actor, Error};
use fhir::json::Text;
use fhir::search::{Query, SortTarget};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

/// A row of table `resource`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub rid: i64,
    pub id: String,
    /// Position of its current version.
    pub position: i64,
    pub type_: Text,
}

/// The rows of a page and the cursor after them.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    pub next: Option<String>,
}

/// What every page of a search shares.
pub(super) struct Pager<'a> {
    pub conn: &'a Connection,
    pub actor: &'a Actor,
    pub query: &'a Query,
    pub type_id: i64,
}

impl Pager<'_> {
    /// The page of at most `count` rows after the query's cursor.
    pub(super) fn page(&self, plan: &Plan, count: usize) -> Result<Rows, Error> {
        let keys = keys(&self.query.sort, self.type_id);
        let from = self.start(keys.len())?;
        let mut sql =
            self.statement(plan, &keys, from.as_ref().map(|(values, rid)| (values.as_slice(), *rid)));
        // A row may come once for each of the points that lead.
        sql.text(&format!(" LIMIT {}", (count + 1) * plan.repeats()));
        let mut statement = self.conn.prepare_cached(&sql.sql)?;
        let mut found = statement.query(rusqlite::params_from_iter(&sql.params))?;
        let (mut rows, mut last) = (Vec::new(), None);
        while let Some(row) = found.next()? {
            let rid = row.get(0)?;
            if rows.last().is_some_and(|last: &Row| last.rid == rid) {
                continue;
            }
            if rows.len() == count {
                let next = match last {
                    Some(cursor) => Some(self.seal(&cursor)?),
                    None => None,
                };
                return Ok(Rows { rows, next });
            }
            let id: String = row.get(1)?;
            let values = (0..keys.len()).map(|at| row.get(3 + at)).collect::<Result<_, _>>()?;
            last = Some(Cursor { values, id: id.clone() });
            let position = row.get(2)?;
            rows.push(Row { rid, id, position, type_: Text::from(self.query.resource_type) });
        }
        Ok(Rows { rows, next: None })
    }

    /// The number of matches.
    pub(super) fn count(&self, plan: &Plan) -> Result<u64, Error> {
        let mut sql = Fragment::of("SELECT count(*)");
        sql.add(&plan.rows("resource_of_type"));
        let mut statement = self.conn.prepare_cached(&sql.sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(&sql.params), |row| row.get(0))?)
    }

    /// The statement of a page, without its limit.
    pub(super) fn statement(&self, plan: &Plan, keys: &[Key], from: Option<(&[Value], i64)>) -> Fragment {
        let by_update =
            matches!(self.query.sort.as_slice(), [only] if only.target == SortTarget::LastUpdated);
        let walk = if by_update { "resource_updated" } else { "resource_of_type" };
        if let Some(walk) = plan.walk(from.map(|(_, rid)| rid)) {
            return walk;
        }
        let mut inner = Fragment::of("SELECT r.rid AS rid, r.id AS id, r.position AS position");
        for (at, key) in keys.iter().enumerate() {
            inner.text(", ").add(&key.expression).text(&format!(" AS k{at}"));
        }
        inner.add(&plan.rows(walk));
        // Plain columns order and continue inside one statement, so that an index can stop early; computed keys
        // are computed once for each row and then ordered.
        let mut sql = if keys.iter().all(|key| !key.optional) {
            let mut sql = Fragment::of("SELECT * FROM (");
            sql.add(&inner).text(") m");
            sql
        } else {
            let mut sql = Fragment::of("WITH m AS MATERIALIZED (");
            sql.add(&inner).text(") SELECT * FROM m");
            sql
        };
        if let Some(from) = from {
            sql.text(" WHERE ").add(&after(keys, "m", from));
        }
        sql.text(&order(keys, "m"));
        sql
    }

    fn start(&self, keys: usize) -> Result<Option<(Vec<Value>, i64)>, Error> {
        let Some(text) = &self.query.page else { return Ok(None) };
        let cursor = Cursor::open(text, &self.secret()?, &context(self.actor, self.query))?;
        let rid: Option<i64> = self
            .conn
            .prepare_cached("SELECT rid FROM resource WHERE type = ?1 AND id = ?2")?
            .query_row((self.type_id, &cursor.id), |row| row.get(0))
            .optional()?;
        match rid {
            Some(rid) if cursor.values.len() == keys => Ok(Some((cursor.values, rid))),
            _ => Err(Error::internal("a sealed cursor names no row")),
        }
    }

    fn seal(&self, cursor: &Cursor) -> Result<String, Error> {
        Ok(cursor.seal(&self.secret()?, &context(self.actor, self.query)))
    }

    /// The store's own secret, made when it was first opened.
    fn secret(&self) -> Result<Vec<u8>, Error> {
        let mut statement =
            self.conn.prepare_cached("SELECT value FROM setting WHERE name = 'cursor-secret'")?;
        let found: Option<Vec<u8>> = statement.query_row([], |row| row.get(0)).optional()?;
        found.ok_or_else(|| Error::internal("the store has no secret for cursors"))
    }
}
