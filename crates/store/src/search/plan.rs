//! Which filter leads. The filter (or the actor's own reach) with the shortest list of rids drives the statement when
//! that list is short; otherwise the rows of the type are walked in order and every filter is probed by rid, which is
//! quick exactly when the filters are not selective. Lengths are counted up to a cap, so planning is cheap too.
//!
//! A list that is a few points of an index is in the order of rids already. When that is the order wanted it is walked
//! from where the page begins and no further than the page goes: a name costs the same however many bear it.
//!
//! The plan decides how rows are found, never which: every filter and the access predicate hold in every plan.

use super::Limits;
use super::condition::{Condition, Points};
use super::sql::Fragment;
use crate::Error;
use crate::access::Predicate;
use rusqlite::Connection;
use rusqlite::types::Value;

/// The `FROM … WHERE …` of a search, for the row `r`.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The filters, access included.
    pub filters: Fragment,
    /// The list that leads, if one does.
    pub driver: Option<Fragment>,
    /// The same list as points of an index.
    points: Option<Points>,
    type_id: i64,
}

impl Plan {
    /// Plans a search on a type; `sorted` unless the order is that of rids.
    pub(super) fn new(
        conn: &Connection,
        (type_id, sorted): (i64, bool),
        (conditions, access): (&[Condition], (Predicate, Option<Predicate>)),
        limits: &Limits,
    ) -> Result<Self, Error> {
        let (visible, reachable) = access;
        let reachable = reachable.map(Fragment::from);
        let lists = conditions.iter().enumerate().filter_map(|(at, c)| Some((Some(at), c.rids.as_ref()?)));
        let candidates: Vec<(Option<usize>, &Fragment)> =
            reachable.iter().map(|list| (None, list)).chain(lists).collect();
        let cap = if candidates.len() > 1 { limits.shortest_of_several } else { limits.short };
        let points = |led: Option<usize>| {
            let points = led.and_then(|at| conditions.get(at)?.points.as_ref());
            points.filter(|_| !sorted && limits.short > 0)
        };
        let best = match candidates.as_slice() {
            // Nothing is read before it is wanted, so nobody needs to know how long it is.
            [only] if points(only.0).is_some() => Some(*only),
            _ => shortest(conn, &candidates, cap)?,
        };
        let mut filters = Fragment::default();
        for (at, condition) in conditions.iter().enumerate() {
            // The list that leads is the filter itself: its rows need no second look.
            if best.is_none_or(|(led, _)| led != Some(at)) {
                filters.add(&condition.holds).text(" AND ");
            }
        }
        // Conditions are tried in the order written. What may be seen costs more to find out than any filter, so it is
        // asked last, of the rows that are left.
        filters.add(&Fragment::from(visible));
        let points = best.and_then(|(led, _)| points(led)).cloned();
        Ok(Self { filters, driver: best.map(|(_, list)| list.clone()), points, type_id })
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

    /// `SELECT … FROM … WHERE …` in the order of rids after `from`, when points of an index lead. A row at several
    /// points comes as often, one after the other.
    pub(super) fn walk(&self, from: Option<i64>) -> Option<Fragment> {
        let points = self.points.as_ref()?;
        let each: Vec<Fragment> = points
            .each
            .iter()
            .map(|point| {
                let mut sql = Fragment::of(format!(
                    "SELECT i.rid AS rid, r.id AS id, r.position AS position FROM {} i \
                 CROSS JOIN resource r NOT INDEXED ON r.rid = i.rid WHERE ",
                    points.table
                ));
                sql.add(point);
                if let Some(from) = from {
                    sql.text(" AND i.rid > ?").bind(from);
                }
                sql.text(" AND +r.type = ?")
                    .bind(self.type_id)
                    .text(" AND r.deleted = 0 AND ")
                    .add(&self.filters);
                sql
            })
            .collect();
        let mut sql = Fragment::joined(&each, " UNION ALL ", "");
        sql.text(" ORDER BY rid");
        Some(sql)
    }

    /// How often [`Self::walk`] gives one row at the most.
    pub(super) fn repeats(&self) -> usize {
        self.points.as_ref().map_or(1, |points| points.each.len())
    }
}

/// How far lists are counted, round by round: a long list beside a short one is never counted to its end.
const ROUNDS: [i64; 4] = [100, 1_000, 5_000, i64::MAX];

/// The shortest list of at most `cap` rows.
fn shortest<'a>(
    conn: &Connection,
    candidates: &[(Option<usize>, &'a Fragment)],
    cap: i64,
) -> Result<Option<(Option<usize>, &'a Fragment)>, Error> {
    for round in ROUNDS {
        let limit = cap.min(round);
        let mut best = None;
        let mut shortest = limit + 1;
        for (at, list) in candidates {
            let length = length(conn, list, shortest)?;
            if length < shortest {
                (shortest, best) = (length, Some((*at, *list)));
            }
        }
        if best.is_some() || limit == cap {
            return Ok(best);
        }
    }
    Ok(None)
}

/// The length of a list, counted up to a limit.
pub(super) fn length(conn: &Connection, list: &Fragment, limit: i64) -> Result<i64, Error> {
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({}) LIMIT ?)", list.sql);
    let mut statement = conn.prepare_cached(&sql)?;
    let last = Value::Integer(limit);
    let params = list.params.iter().chain([&last]);
    Ok(statement.query_row(rusqlite::params_from_iter(params), |row| row.get(0))?)
}
