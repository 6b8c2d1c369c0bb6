//! A typed query against the index tables: one statement for a page of matches, bound values only.
//!
//! Every statement joins the actor's predicate of [`crate::access`]: matches, chain targets, `_has` sources, includes
//! and counts. Nothing is filtered after it was fetched and nothing is cut off in silence; the steps that a statement
//! may take are limited by the reader it runs on, and too many are [`Error::TooCostly`]. Dates without a zone are read
//! in Europe/London, on both sides.
//!
//! What index rows have to hold (the writer of rows keeps to this): a number or quantity that is one value has
//! `lo = hi`; an identifier inside a reference is a row of `idx_token` under the reference's own parameter; an
//! absolute URL is a reference with target 0.

mod condition;
mod cursor;
mod include;
mod names;
mod page;
mod plan;
pub(crate) mod project;
mod rows;
mod snapshot;
mod sort;
mod sql;

#[cfg(test)]
mod tests;

use crate::access::planted::{Bug, is_planted};
use crate::access::{may, predicate_on, reachable};
use crate::snapshot::Stored;
use crate::{Actor, Error, Interaction, Resource, audit};
use condition::Compiler;
use fhir::json::Text;
use fhir::search::{COUNT_MAX, Filter, FilterTarget, Query, Summary, TotalMode};
use page::{Pager, Row};
use plan::Plan;
use rusqlite::Connection;

/// How much a search gives at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Matches on a page when the query does not say.
    pub page: u32,
    /// Included resources of one page; more is an error.
    pub included: usize,
    /// A list of rows up to this long leads a statement that has one candidate.
    pub short: i64,
    /// A list up to this long leads when several filters could: a walk may find that they rarely hold together.
    pub shortest_of_several: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { page: 50, included: 2_000, short: 2_000, shortest_of_several: 20_000 }
    }
}

/// Why an entry is in the answer (`Bundle.entry.search.mode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It fulfils the query.
    Match,
    /// A match refers to it, or it to a match.
    Include,
}

/// One resource of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The resource, or the part of it that was asked for.
    pub resource: Resource,
    /// Why it is here.
    pub mode: Mode,
    /// Its row, for the audit log.
    pub(crate) rid: i64,
}

/// One page of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchPage {
    /// The matches in order, then what comes along with them.
    pub entries: Vec<Entry>,
    /// How many matches there are on all pages, when that was asked for or costs nothing.
    pub total: Option<u64>,
    /// The value of `_page` for the page after this one.
    pub next: Option<String>,
}

/// Searches a type.
///
/// # Errors
/// [`Error::Forbidden`] when the type is closed to the role, [`Error::Invalid`] for a cursor or value that cannot be
/// used, [`Error::TooCostly`] beyond a limit.
pub(crate) fn search(
    conn: &Connection,
    actor: &Actor,
    query: &Query,
    limits: &Limits,
) -> Result<SearchPage, Error> {
    let found = Search::new(conn, actor, query, limits)?;
    let count = query.count.unwrap_or(limits.page).min(COUNT_MAX) as usize;
    if count == 0 || query.summary == Summary::Count {
        return Ok(SearchPage { total: Some(found.pager.count(&found.plan)?), ..SearchPage::default() });
    }
    let page = found.pager.page(&found.plan, count)?;
    let whole = query.page.is_none() && page.next.is_none();
    let total = match query.total {
        TotalMode::None => None,
        _ if whole => Some(page.rows.len() as u64),
        TotalMode::WhenFree => None,
        TotalMode::Estimate | TotalMode::Accurate => Some(found.pager.count(&found.plan)?),
    };
    let matches: Vec<i64> = page.rows.iter().map(|row| row.rid).collect();
    let included = include::follow(conn, actor, query, (&matches, limits.included))?;
    let mut entries = Vec::with_capacity(page.rows.len() + included.len());
    for (row, mode) in page
        .rows
        .into_iter()
        .map(|r| (r, Mode::Match))
        .chain(included.into_iter().map(|r| (r, Mode::Include)))
    {
        entries.push(Entry { rid: row.rid, resource: resource(conn, query, row)?, mode });
    }
    Ok(SearchPage { entries, total, next: page.next })
}

/// The rows of the current resources that fulfil a query, at most `limit`, for conditional interactions.
///
/// # Errors
/// As [`search`].
pub(crate) fn matching_rids(
    conn: &Connection,
    actor: &Actor,
    query: &Query,
    limit: usize,
) -> Result<Vec<(i64, Text)>, Error> {
    let found = Search::new(conn, actor, query, &Limits::default())?;
    let page = found.pager.page(&found.plan, limit)?;
    Ok(page.rows.into_iter().map(|row| (row.rid, Text::from(row.id))).collect())
}

/// How many current resources fulfil a query.
///
/// # Errors
/// As [`search`].
pub(crate) fn count(conn: &Connection, actor: &Actor, query: &Query) -> Result<u64, Error> {
    let found = Search::new(conn, actor, query, &Limits::default())?;
    found.pager.count(&found.plan)
}

struct Search<'a> {
    pager: Pager<'a>,
    plan: Plan,
}

impl<'a> Search<'a> {
    /// A type that the store has never seen answers as one whose resources are all hidden.
    fn new(conn: &'a Connection, actor: &'a Actor, query: &'a Query, limits: &Limits) -> Result<Self, Error> {
        let name = query.resource_type;
        may(actor, Interaction::Search, name)?;
        refuse_log(query)?;
        let compiler = Compiler { conn, actor, limits };
        let conditions: Vec<_> =
            query.filters.iter().map(|f| compiler.compile(f, name, 0)).collect::<Result<_, _>>()?;
        let type_id = names::type_id(conn, name)?.unwrap_or(names::UNSEEN);
        let counts = query.summary == Summary::Count || query.total == TotalMode::Accurate;
        let access = if counts && is_planted(Bug::Counts) {
            (predicate_on(&Actor::system(""), Interaction::Search, name, "r"), None)
        } else {
            (predicate_on(actor, Interaction::Search, name, "r"), reachable(actor, Interaction::Search, name))
        };
        let plan = Plan::new(conn, (type_id, !query.sort.is_empty()), (&conditions, access), limits)?;
        Ok(Self { pager: Pager { conn, actor, query, type_id }, plan })
    }
}

/// The audit log is no table of resources, so a join with it would find nothing, whatever stands there.
fn refuse_log(query: &Query) -> Result<(), Error> {
    let includes = [("_include", &query.includes), ("_revinclude", &query.revincludes)];
    let joined = includes.into_iter().filter(|(_, all)| all.iter().any(|one| audit::is_log(one.source_type)));
    let named = query.filters.iter().filter(|filter| asks_log(filter)).map(|_| "_has");
    match joined.map(|(name, _)| name).chain(named).next() {
        Some(name) => Err(audit::no_join(name)),
        None => Ok(()),
    }
}

fn asks_log(filter: &Filter) -> bool {
    match &filter.target {
        FilterTarget::Chain { target_type: type_, inner, .. }
        | FilterTarget::Has { source_type: type_, inner, .. } => audit::is_log(type_) || asks_log(inner),
        FilterTarget::Param(_) | FilterTarget::Id | FilterTarget::LastUpdated => false,
    }
}

fn resource(conn: &Connection, query: &Query, row: Row) -> Result<Resource, Error> {
    let mut statement =
        conn.prepare_cached("SELECT version, updated, json, sha256 FROM version WHERE position = ?1")?;
    let mut found = statement.query([row.position])?;
    let stored = found.next()?.ok_or_else(|| Error::internal("a current version is missing"))?;
    Stored::of(stored, 0)?.resource(&row.type_, &row.id)?.part(query)
}
