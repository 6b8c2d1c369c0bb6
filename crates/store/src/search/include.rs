//! Resources that come along with the matches: what they refer to (`_include`) and what refers to them
//! (`_revinclude`), each seen with the actor's own eyes.

use super::names::{key, type_id};
use super::page::Row;
use super::sql::{Fragment, list};
use crate::access::planted::{Bug, unless};
use crate::access::predicate_on;
use crate::{Actor, Error, Interaction};
use fhir::definitions::{SearchKind, definitions};
use fhir::search::{Include, Query};
use rusqlite::Connection;
use std::collections::HashSet;

/// Follows the includes of a query from the matches of one page, at most `limit` resources in all.
///
/// # Errors
/// [`Error::TooCostly`] beyond the limit: a page never leaves some of them out.
pub(super) fn follow(
    conn: &Connection,
    actor: &Actor,
    query: &Query,
    (matches, limit): (&[i64], usize),
) -> Result<Vec<Row>, Error> {
    let walker = Walker { conn, actor, limit };
    let mut seen: HashSet<i64> = matches.iter().copied().collect();
    let mut frontier: Vec<i64> = matches.to_vec();
    let mut included: Vec<Row> = Vec::new();
    let mut first = true;
    while !frontier.is_empty() {
        let mut found = Vec::new();
        for include in query.includes.iter().filter(|include| first || include.iterate) {
            found.extend(walker.forward(include, &frontier)?);
        }
        for include in query.revincludes.iter().filter(|include| first || include.iterate) {
            found.extend(walker.backward(include, (first, query.resource_type), &frontier)?);
        }
        found.retain(|row| seen.insert(row.rid));
        frontier = found.iter().map(|row| row.rid).collect();
        included.extend(found);
        if included.len() > limit {
            return Err(Error::TooCostly("the includes of this page are too many; ask for a smaller _count"));
        }
        first = false;
    }
    Ok(included)
}

struct Walker<'a> {
    conn: &'a Connection,
    actor: &'a Actor,
    limit: usize,
}

impl Walker<'_> {
    /// What the frontier refers to.
    fn forward(&self, include: &Include, frontier: &[i64]) -> Result<Vec<Row>, Error> {
        let Some(source_id) = type_id(self.conn, include.source_type)? else { return Ok(Vec::new()) };
        let (from, to) = match include.param {
            Some(param) => (key(source_id, param), key(source_id, param)),
            None => (source_id * 65_536, source_id * 65_536 + 65_535),
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT t.name FROM idx_reference x INDEXED BY idx_reference_of JOIN type t ON t.id = x.target \
             WHERE x.rid IN (SELECT value FROM json_each(?)) AND x.p BETWEEN ? AND ? ORDER BY t.name",
        )?;
        let names = statement.query_map((list(frontier), from, to), |row| row.get::<_, String>(0))?;
        let names: Vec<String> = names.collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for name in names.iter().filter(|name| include.target_type.is_none_or(|wanted| wanted == *name)) {
            let Some(target_id) = type_id(self.conn, name)? else { continue };
            let mut sql = Fragment::of(
                "SELECT DISTINCT t.rid, t.id, t.position FROM idx_reference x INDEXED BY idx_reference_of \
                 CROSS JOIN resource t ON t.type = ? AND t.id = x.id \
                 WHERE x.rid IN (SELECT value FROM json_each(?)) AND x.p BETWEEN ? AND ? AND x.target = ? \
                 AND t.deleted = 0 AND ",
            );
            sql.bind(target_id).bind(list(frontier)).bind(from).bind(to).bind(target_id);
            found.extend(self.rows(sql, name)?);
        }
        Ok(found)
    }

    /// What refers to the frontier.
    fn backward(
        &self,
        include: &Include,
        (first, base): (bool, &str),
        frontier: &[i64],
    ) -> Result<Vec<Row>, Error> {
        let Some(source_id) = type_id(self.conn, include.source_type)? else { return Ok(Vec::new()) };
        let params = definitions()
            .search_parameters(include.source_type)
            .filter(|param| param.kind == SearchKind::Reference && !param.expression.is_empty())
            .filter(|param| include.param.is_none_or(|wanted| wanted.id == param.id));
        let wanted = include.target_type.or((first && !include.iterate).then_some(base));
        let mut found = Vec::new();
        for param in params {
            let mut sql = Fragment::of(
                "SELECT DISTINCT t.rid, t.id, t.position FROM json_each(?) j CROSS JOIN resource f ON f.rid = j.value \
                 CROSS JOIN idx_reference x ON x.p = ? AND x.id = f.id AND x.target = f.type \
                 CROSS JOIN resource t ON t.rid = x.rid WHERE ",
            );
            sql.bind(list(frontier)).bind(key(source_id, param));
            if let Some(wanted) = wanted {
                let Some(wanted_id) = type_id(self.conn, wanted)? else { continue };
                sql.text("f.type = ? AND ").bind(wanted_id);
            }
            sql.text("t.deleted = 0 AND ");
            found.extend(self.rows(sql, include.source_type)?);
        }
        Ok(found)
    }

    fn rows(&self, mut sql: Fragment, name: &str) -> Result<Vec<Row>, Error> {
        let visible = unless(Bug::Includes, predicate_on(self.actor, Interaction::Read, name, "t"));
        sql.add(&visible.into()).text(&format!(" ORDER BY t.rid LIMIT {}", self.limit + 1));
        let mut statement = self.conn.prepare_cached(&sql.sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(&sql.params))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Row { rid: row.get(0)?, id: row.get(1)?, position: row.get(2)?, type_: name.into() });
        }
        Ok(found)
    }
}
