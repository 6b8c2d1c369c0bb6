//! History at three levels (<https://hl7.org/fhir/R4/http.html#history>), newest first, paged by position so that a
//! page stays the same while others write.

use crate::access::planted::{Bug, unless};
use crate::audit::{Action, Draft, number};
use crate::snapshot::{Stored, instant, text};
use crate::{Error, Interaction, Method, Position, Resource, Snapshot, Store, access, audit};
use fhir::json::Text;
use rusqlite::types::Value as Sql;
use sha2::{Digest as _, Sha256};
use std::rc::Rc;

/// Whose history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One resource.
    Instance {
        /// Resource type.
        type_: Text,
        /// Logical id.
        id: Text,
    },
    /// All resources of a type.
    Type(Text),
    /// Everything.
    System,
}

/// Which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// Versions recorded at or after this instant.
    pub since: Option<jiff::Timestamp>,
    /// Versions that were current at some time from the first instant up to, not including, the second.
    pub at: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// Entries on the page, at most.
    pub count: u32,
    /// Entries before this position only: [`Page::next`] of the page before.
    pub before: Option<Position>,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins, when there is one.
    pub next: Option<Position>,
    /// Entries of all pages together, counted for an instance only.
    pub total: Option<u64>,
}

/// One version. A deletion has no resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Resource type.
    pub type_: Text,
    /// Logical id.
    pub id: Text,
    /// Version number.
    pub version: u64,
    /// How it came to be.
    pub method: Method,
    /// When it was recorded.
    pub recorded_at: jiff::Timestamp,
    /// The version's content.
    pub resource: Option<Resource>,
}

/// Entries, the numbers of their resources, and where the next page begins.
type Slice = (Vec<Entry>, Vec<i64>, Option<Position>);

impl Store {
    /// A position as the cursor of a page: as a number it would tell how much is written about others.
    #[must_use]
    pub fn cursor_of(&self, position: Position) -> String {
        number::id(position.0, &self.history_key())
    }

    /// The position of a cursor; `None` for a text that is none of ours.
    #[must_use]
    pub fn position_of(&self, cursor: &str) -> Option<Position> {
        number::seq(cursor, &self.history_key()).map(Position)
    }

    fn history_key(&self) -> [u8; 32] {
        Sha256::new_with_prefix(b"history cursor").chain_update(self.audit_key()).finalize().into()
    }
}

impl Snapshot {
    /// The history of a resource, a type or everything, as far as the actor may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an instance that is absent or hidden; [`Error::Forbidden`] for a closed type.
    pub fn history(&mut self, scope: &Scope, params: &Params) -> Result<Page, Error> {
        let mut wanted = Wanted::default();
        let (type_name, id) = match scope {
            Scope::Instance { type_, id } => (Some(type_), Some(id)),
            Scope::Type(type_) => (Some(type_), None),
            Scope::System => (None, None),
        };
        self.may(Interaction::Read, type_name.map_or("*", Text::as_str))?;
        if matches!(scope, Scope::Type(name) if audit::is_log(name)) {
            return Err(audit::no_history());
        }
        if let Some(name) = type_name {
            wanted.and("r.type = ?", Sql::Integer(self.type_id(name)?.unwrap_or(-1)));
        }
        if let Some(id) = id {
            wanted.and("r.id = ?", Sql::Text(id.to_string()));
        }
        let visible = unless(Bug::History, access::predicate(&self.actor, "r"));
        wanted.sql.push_str(access::versions(&self.actor, &visible));
        wanted.sql.push_str(" AND ");
        wanted.sql.push_str(&visible.sql);
        wanted.values.extend(visible.params);
        let whole = id.map(|_| self.count(&wanted)).transpose()?;
        if whole == Some(0) {
            return Err(Error::NotFound);
        }
        let narrowed = wanted.narrow(params);
        let total = if narrowed { id.map(|_| self.count(&wanted)).transpose()? } else { whole };
        wanted.before(params.before);
        let (entries, rids, next) = self.page(wanted, params.count)?;
        self.record_history(scope, &rids)?;
        Ok(Page { entries, next, total })
    }

    fn count(&self, wanted: &Wanted) -> Result<u64, Error> {
        let sql =
            format!("SELECT count(*) FROM resource r JOIN version v ON v.rid = r.rid WHERE 1{}", wanted.sql);
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(&wanted.values), |row| row.get(0))?)
    }

    fn page(&self, wanted: Wanted, count: u32) -> Result<Slice, Error> {
        let sql = format!(
            "SELECT v.position, r.rid, r.type, r.id, v.method, v.version, v.updated, v.json, v.sha256 \
             FROM version v JOIN resource r ON r.rid = v.rid WHERE 1{} ORDER BY v.position DESC LIMIT {}",
            wanted.sql,
            u64::from(count) + 1
        );
        let conn = Rc::clone(&self.conn);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(wanted.values))?;
        let (mut entries, mut rids, mut last) = (Vec::new(), Vec::new(), None);
        while let Some(row) = rows.next()? {
            if entries.len() >= count as usize {
                return Ok((entries, rids, last));
            }
            last = Some(Position(row.get(0)?));
            rids.push(row.get(1)?);
            let (type_, id) = (self.shared.names.type_name(&conn, row.get(2)?)?, text(row, 3)?);
            let stored = Stored::of(row, 5)?;
            entries.push(Entry {
                version: stored.version,
                method: Method::of_number(row.get(4)?),
                recorded_at: instant(stored.updated)?,
                resource: if stored.json.is_some() { Some(stored.resource(&type_, &id)?) } else { None },
                type_,
                id,
            });
        }
        Ok((entries, rids, None))
    }

    /// One audit row for each patient whose versions were handed out.
    fn record_history(&mut self, scope: &Scope, rids: &[i64]) -> Result<(), Error> {
        let draft = match scope {
            Scope::Instance { type_, id } => Draft::entity(Action::Read, "history-instance", type_, id),
            Scope::Type(type_) => Draft::query("history-type", Some(type_), String::from("_history")),
            Scope::System => Draft::query("history-system", None, String::from("_history")),
        };
        self.record_many(draft, rids)
    }
}

/// The conditions of a history statement, each with its values in order.
#[derive(Default)]
struct Wanted {
    sql: String,
    values: Vec<Sql>,
}

impl Wanted {
    fn and(&mut self, condition: &str, value: Sql) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value);
    }

    /// To the times asked for; tells whether any were.
    fn narrow(&mut self, params: &Params) -> bool {
        if let Some(since) = params.since {
            self.and("v.updated >= ?", Sql::Integer(since.as_microsecond()));
        }
        if let Some((from, until)) = params.at {
            self.and("v.updated < ?", Sql::Integer(until.as_microsecond()));
            self.and(
                "NOT EXISTS (SELECT 1 FROM version n WHERE n.rid = v.rid AND n.version = v.version + 1 AND n.updated <= ?)",
                Sql::Integer(from.as_microsecond()),
            );
        }
        params.since.is_some() || params.at.is_some()
    }

    /// To the pages that come after.
    fn before(&mut self, before: Option<Position>) {
        if let Some(before) = before {
            self.and("v.position < ?", Sql::Integer(i64::try_from(before.0).unwrap_or(i64::MAX)));
        }
    }
}
