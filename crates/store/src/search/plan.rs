//! Which filter leads. The filter (or the actor's own reach) with the shortest list of rids drives the statement when
//! that list is short; otherwise the rows of the type are walked in order and every filter is probed by rid, which is
//! quick exactly when the filters are not selective. Lengths are counted up to a cap, so planning is cheap too.
//!
//! The plan decides how rows are found, never which: every filter and the access predicate hold in every plan.

use super::Limits;
use super::condition::Condition;
use super::sql::Fragment;
use crate::Error;
use crate::access::Predicate;
use rusqlite::Connection;

/// The `FROM … WHERE …` of a search, for the row `r`.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The filters, access included.
    pub filters: Fragment,
    /// The list that leads, if one does.
    pub driver: Option<Fragment>,
    type_id: i64,
}

impl Plan {
    /// Plans a search on a type.
    pub(super) fn new(
        conn: &Connection,
        type_id: i64,
        (conditions, access): (&[Condition], (Predicate, Option<Predicate>)),
        limits: &Limits,
    ) -> Result<Self, Error> {
        let (visible, reachable) = access;
        let reachable = reachable.map(Fragment::from);
        let candidates: Vec<&Fragment> =
            conditions.iter().filter_map(|c| c.rids.as_ref()).chain(reachable.as_ref()).collect();
        let cap = if candidates.len() > 1 { limits.shortest_of_several } else { limits.short };
        let mut best: Option<(i64, &Fragment)> = None;
        for candidate in candidates {
            let limit = best.map_or(cap, |(length, _)| length);
            let length = length(conn, candidate, limit + 1)?;
            if length <= limit && best.is_none_or(|(shortest, _)| length < shortest) {
                best = Some((length, candidate));
            }
        }
        let mut filters = Fragment::from(visible);
        for condition in conditions {
            filters.text(" AND ").add(&condition.holds);
        }
        Ok(Self { filters, driver: best.map(|(_, list)| list.clone()), type_id })
    }

    /// `FROM resource r … WHERE …`; `walk` names the index that gives the wanted order when nothing leads.
    pub(super) fn rows(&self, walk: &str) -> Fragment {
        let mut sql = Fragment::default();
        match &self.driver {
            Some(list) => {
                sql.text(" FROM resource r NOT INDEXED WHERE r.rid IN (").add(list).text(") AND +r.type = ?");
            }
            None => {
                sql.text(" FROM resource r INDEXED BY ").text(walk).text(" WHERE r.type = ?");
            }
        }
        sql.bind(self.type_id).text(" AND r.deleted = 0 AND ").add(&self.filters);
        sql
    }
}

fn length(conn: &Connection, list: &Fragment, limit: i64) -> Result<i64, Error> {
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({}) LIMIT {limit})", list.sql);
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(rusqlite::params_from_iter(&list.params), |row| row.get(0))?)
}
