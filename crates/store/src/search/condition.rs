//! A filter as a condition on a row of table `resource`, and where possible as the list of rows that fulfil it.

use super::Limits;
use super::names::{UNSEEN, key, type_id};
use super::plan::length;
use super::rows::{POINTS, Reach, Rows, matching, table};
use super::sql::Fragment;
use crate::access::planted::{Bug, unless};
use crate::access::predicate_on;
use crate::{Actor, Error, Interaction};
use fhir::definitions::{SearchKind, SearchParameter};
use fhir::search::{Filter, FilterTarget, Modifier, SearchValue};
use rusqlite::Connection;
use rusqlite::types::Value;

/// A filter in SQL.
///
/// Each `EXISTS` on one table carries a `LIMIT`, which keeps SQLite from turning it into a join with an order of its own.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// True or false for a row of `resource` under the alias asked for.
    pub holds: Fragment,
    /// A `SELECT` of the rids that fulfil it (with repeats), when an index leads straight to them.
    pub rids: Option<Fragment>,
    /// The same rows as points of an index, when they are few: each gives its rids in order, without reading them all.
    pub points: Option<Points>,
}

/// Places in an index table (alias `i`) whose rows stand in the order of their rids, without repeats.
#[derive(Clone, Debug)]
pub(super) struct Points {
    pub table: &'static str,
    /// One condition for each.
    pub each: Vec<Fragment>,
}

/// Who asks, of which database.
pub(super) struct Compiler<'a> {
    pub conn: &'a Connection,
    pub actor: &'a Actor,
    pub limits: &'a Limits,
}

impl Compiler<'_> {
    /// Compiles a filter on `base`, for the row that `level` names: see [`alias`].
    pub(super) fn compile(&self, filter: &Filter, base: &str, level: usize) -> Result<Condition, Error> {
        let base_id = type_id(self.conn, base)?.unwrap_or(UNSEEN);
        match &filter.target {
            FilterTarget::Id => Ok(by_id(filter, base_id, &alias(level))),
            FilterTarget::LastUpdated => Ok(by_update(filter, base_id, &alias(level))),
            FilterTarget::Param(param) => self.by_param(filter, param, key(base_id, param), &alias(level)),
            FilterTarget::Chain { param, target_type, inner } => {
                let link = Link { p: key(base_id, param), from: level, other: target_type };
                self.chain(&link, inner)
            }
            FilterTarget::Has { source_type, param, inner } => {
                let source_id = type_id(self.conn, source_type)?.unwrap_or(UNSEEN);
                let link = Link { p: key(source_id, param), from: level, other: source_type };
                self.has(&link, base_id, inner)
            }
        }
    }

    fn by_param(
        &self,
        filter: &Filter,
        param: &SearchParameter,
        p: i64,
        row: &str,
    ) -> Result<Condition, Error> {
        if let Some(Modifier::Missing) = filter.modifier {
            return Ok(missing(filter, param, p, row));
        }
        let table = table(param.kind, filter.modifier);
        let mut matches: Vec<Rows> = Vec::new();
        for value in &filter.values {
            let points = POINTS / filter.values.len().max(1);
            matches.extend(matching(self.conn, p, (filter.modifier, value, points))?);
        }
        let any =
            Fragment::joined(&matches.iter().map(|m| m.condition.clone()).collect::<Vec<_>>(), " OR ", "0");
        let not = if filter.modifier == Some(Modifier::Not) { "NOT " } else { "" };
        let mut holds = Fragment::of(format!(
            "{not}EXISTS (SELECT 1 FROM {table} i INDEXED BY {table}_of WHERE i.rid = {row}.rid AND i.p = ? AND ("
        ));
        holds.bind(p).add(&any).text(") LIMIT 1)");
        let leads = not.is_empty() && matches.iter().all(|m| m.reach != Reach::Scan);
        let rids = leads.then(|| {
            let lists: Vec<_> = matches
                .iter()
                .map(|m| {
                    let mut list = Fragment::of(format!("SELECT i.rid FROM {table} i WHERE i.p = ? AND "));
                    list.bind(p).add(&m.condition);
                    list
                })
                .collect();
            Fragment::joined(&lists, " UNION ALL ", "SELECT 0 WHERE 0")
        });
        let few = (1..=POINTS).contains(&matches.len());
        let points = (leads && few && matches.iter().all(|m| m.reach == Reach::Point)).then(|| {
            let each = matches.iter().map(|m| {
                let mut point = Fragment::with("i.p = ? AND ", [Value::Integer(p)]);
                point.add(&m.condition);
                point
            });
            Points { table, each: each.collect() }
        });
        Ok(Condition { holds, rids, points })
    }

    /// A list that is short enough to lead along a reference: all of it is followed before the first match is known.
    fn leading(&self, list: Option<Fragment>) -> Result<Option<Fragment>, Error> {
        let Some(list) = list else { return Ok(None) };
        Ok((length(self.conn, &list, self.limits.short + 1)? <= self.limits.short).then_some(list))
    }

    /// The inner filter holds on what the reference names, as far as the actor may see that.
    fn chain(&self, link: &Link<'_>, inner: &Filter) -> Result<Condition, Error> {
        let target_id = type_id(self.conn, link.other)?.unwrap_or(UNSEEN);
        let (row, other) = (alias(link.from), alias(link.from + 1));
        let inner = self.compile(inner, link.other, link.from + 1)?;
        let visible = predicate_on(self.actor, Interaction::Search, link.other, &other);
        let visible = Fragment::from(unless(Bug::Chains, visible));
        let mut holds = Fragment::of(format!(
            "EXISTS (SELECT 1 FROM idx_reference x INDEXED BY idx_reference_of CROSS JOIN resource {other} \
             ON {other}.type = ? AND {other}.id = x.id WHERE x.rid = {row}.rid AND x.p = ? AND x.target = ? \
             AND {other}.deleted = 0 AND "
        ));
        holds
            .bind(target_id)
            .bind(link.p)
            .bind(target_id)
            .add(&visible)
            .text(" AND ")
            .add(&inner.holds)
            .text(")");
        let rids = self.leading(inner.rids)?.map(|list| {
            let mut rids = Fragment::of(format!(
                "SELECT x.rid FROM resource {other} NOT INDEXED CROSS JOIN idx_reference x \
                 ON x.p = ? AND x.id = {other}.id AND x.target = ? WHERE {other}.rid IN ("
            ));
            rids.bind(link.p).bind(target_id).add(&list);
            rids.text(&format!(") AND {other}.type = ? AND {other}.deleted = 0 AND "))
                .bind(target_id)
                .add(&visible);
            rids
        });
        Ok(Condition { holds, rids, points: None })
    }

    /// The inner filter holds on something that refers here, as far as the actor may see that.
    fn has(&self, link: &Link<'_>, base_id: i64, inner: &Filter) -> Result<Condition, Error> {
        let (row, other) = (alias(link.from), alias(link.from + 1));
        let inner = self.compile(inner, link.other, link.from + 1)?;
        let visible = predicate_on(self.actor, Interaction::Search, link.other, &other);
        let visible = Fragment::from(unless(Bug::Chains, visible));
        let mut holds = Fragment::of(format!(
            "EXISTS (SELECT 1 FROM idx_reference x CROSS JOIN resource {other} ON {other}.rid = x.rid \
             WHERE x.p = ? AND x.id = {row}.id AND x.target = ? AND {other}.deleted = 0 AND "
        ));
        holds.bind(link.p).bind(base_id).add(&visible).text(" AND ").add(&inner.holds).text(")");
        let rids = self.leading(inner.rids)?.map(|list| {
            let mut rids = Fragment::of(format!(
                "SELECT b.rid FROM resource {other} NOT INDEXED CROSS JOIN idx_reference x INDEXED BY idx_reference_of \
                 ON x.rid = {other}.rid AND x.p = ? AND x.target = ? CROSS JOIN resource b ON b.type = ? AND b.id = x.id \
                 WHERE {other}.rid IN ("
            ));
            rids.bind(link.p).bind(base_id).bind(base_id).add(&list);
            rids.text(&format!(") AND {other}.deleted = 0 AND ")).add(&visible);
            rids
        });
        Ok(Condition { holds, rids, points: None })
    }
}

/// A reference between the row searched and another one.
struct Link<'a> {
    /// Column `p` of its rows.
    p: i64,
    /// The level of the row searched.
    from: usize,
    /// The type of the other row.
    other: &'a str,
}

/// The alias of the row of `resource` that a filter speaks of: `r` for the match, `r1` one step along a chain.
pub(super) fn alias(level: usize) -> String {
    if level == 0 { String::from("r") } else { format!("r{level}") }
}

fn missing(filter: &Filter, param: &SearchParameter, p: i64, row: &str) -> Condition {
    let wanted = filter.values.contains(&SearchValue::Missing(true));
    let unwanted = filter.values.contains(&SearchValue::Missing(false));
    if wanted && unwanted {
        return Condition { holds: Fragment::of("1"), rids: None, points: None };
    }
    let tables: &[&str] = match param.kind {
        // A reference that is only an identifier has its row among the tokens.
        SearchKind::Reference => &["idx_reference", "idx_token"],
        kind => &[table(kind, None)],
    };
    let present: Vec<_> = tables
        .iter()
        .map(|table| {
            let sql = format!(
                "EXISTS (SELECT 1 FROM {table} i INDEXED BY {table}_of WHERE i.rid = {row}.rid AND i.p = ? LIMIT 1)"
            );
            Fragment::with(sql, [Value::Integer(p)])
        })
        .collect();
    let mut holds = Fragment::of(if wanted { "NOT (" } else { "(" });
    holds.add(&Fragment::joined(&present, " OR ", "0")).text(")");
    Condition { holds, rids: None, points: None }
}

fn by_id(filter: &Filter, base_id: i64, row: &str) -> Condition {
    let ids: Vec<Value> = filter
        .values
        .iter()
        .filter_map(|value| match value {
            SearchValue::Token(token) => token.code.as_ref().map(|code| Value::Text(code.to_string())),
            _ => None,
        })
        .collect();
    let marks = vec!["?"; ids.len()].join(",");
    let holds = Fragment::with(format!("{row}.id IN ({marks})"), ids.clone());
    let mut rids =
        Fragment::of(format!("SELECT d.rid FROM resource d WHERE d.type = ? AND d.id IN ({marks})"));
    rids.bind(base_id);
    rids.params.extend(ids);
    Condition { holds, rids: Some(rids), points: None }
}

/// `_lastUpdated` is an instant: a range of no length.
fn by_update(filter: &Filter, base_id: i64, row: &str) -> Condition {
    use fhir::search::Prefix;
    let ranges: Vec<(&str, Vec<Value>)> = filter
        .values
        .iter()
        .filter_map(|value| {
            let SearchValue::Date { prefix, value } = value else { return None };
            let (low, high) = value.range(fhir::time::default_zone());
            let (low, high) = (Value::Integer(low), Value::Integer(high));
            Some(match prefix {
                Prefix::Eq | Prefix::Ap => ("ROW.updated >= ? AND ROW.updated < ?", vec![low, high]),
                Prefix::Ne => ("(ROW.updated < ? OR ROW.updated >= ?)", vec![low, high]),
                Prefix::Gt | Prefix::Sa => ("ROW.updated >= ?", vec![high]),
                Prefix::Lt | Prefix::Eb => ("ROW.updated < ?", vec![low]),
                Prefix::Ge => ("ROW.updated >= ?", vec![low]),
                Prefix::Le => ("ROW.updated < ?", vec![high]),
            })
        })
        .collect();
    let on = |alias: &str| -> Vec<Fragment> {
        ranges.iter().map(|(sql, params)| Fragment::with(sql.replace("ROW", alias), params.clone())).collect()
    };
    let mut holds = Fragment::of("(");
    holds.add(&Fragment::joined(&on(row), " OR ", "0")).text(")");
    let lists: Vec<_> = on("u")
        .iter()
        .map(|range| {
            let mut list = Fragment::of(
                "SELECT u.rid FROM resource u INDEXED BY resource_updated WHERE u.type = ? AND ",
            );
            list.bind(base_id).add(range);
            list
        })
        .collect();
    Condition { holds, rids: Some(Fragment::joined(&lists, " UNION ALL ", "SELECT 0 WHERE 0")), points: None }
}
