//! One consistent view of the record for one actor. Everything it hands out leaves an audit draft behind, and what it
//! hands out is chosen by [`crate::access`] inside the statements, never after them.

use crate::access::planted::{Bug, unless};
use crate::audit::{Action, Draft, Refused, Subject};
use crate::names::Kind;
use crate::store::Shared;
use crate::{Actor, Change, Error, Found, Interaction, Method, Position, Resource, Role, access};
use fhir::json::{Text, Value};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use sha2::Digest as _;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A snapshot of the record, for one actor. It lives inside the closure it was given to.
pub struct Snapshot {
    pub(crate) conn: Rc<Connection>,
    pub(crate) actor: Arc<Actor>,
    pub(crate) shared: Arc<Shared>,
    drafts: Vec<Draft>,
    /// The last thing that the actor's role does not open.
    refused: RefCell<Option<Refused>>,
}

impl Snapshot {
    pub(crate) fn new(conn: Rc<Connection>, actor: Arc<Actor>, shared: Arc<Shared>) -> Self {
        Self { conn, actor, shared, drafts: Vec::new(), refused: RefCell::default() }
    }

    /// The actor the snapshot was opened for.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The document of a resource as those read it who go by its references: one to our own address is relative. Whoever
    /// serves or keeps a resource takes its bytes, which are as they were sent.
    ///
    /// # Errors
    /// As [`Resource::value`].
    pub fn document(&self, resource: &Resource) -> Result<Value, Error> {
        let document = resource.value()?;
        Ok(match &self.shared.base {
            Some(base) if base.may_occur_in(&resource.json) => base.at_home(&document),
            _ => document,
        })
    }

    /// [`access::may`]; a refusal is noted.
    pub(crate) fn may(&self, interaction: Interaction, resource_type: &str) -> Result<(), Error> {
        access::may(&self.actor, interaction, resource_type)
            .map_err(|_| self.refused(interaction, resource_type))
    }

    /// Whether the actor's organisation cares for a patient now: registered there, in the hospital, or referred. Says nothing
    /// of anybody whom the organisation does not know.
    pub fn cares_for(&self, patient: &str) -> Result<bool, Error> {
        if self.actor.organisation.is_empty() {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM patient p JOIN relationship l ON l.organisation = ?1 AND l.patient = p.id \
                   AND l.ended IS NULL WHERE p.fhir_id = ?2";
        Ok(self.conn.prepare_cached(sql)?.exists((self.actor.organisation.as_str(), patient))?)
    }

    /// The ids of the Patients that gave way to a person's own by a merge that both sides state. It says nothing of what is
    /// under them, which is reached as the actor.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn earlier_numbers(&self, patient: &str) -> Result<Vec<Text>, Error> {
        let all = self.numbers(patient)?;
        Ok(all.into_iter().map(|(_, id)| id).filter(|id| id != patient).collect())
    }

    /// All numbers of a person, with their ids.
    pub(crate) fn numbers(&self, patient: &str) -> Result<Vec<(i64, Text)>, Error> {
        let sql = format!("SELECT id, fhir_id FROM patient WHERE id IN {}", access::NUMBERS);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([patient], |row| {
            Ok((row.get(0)?, Text::from(row.get_ref(1)?.as_str().unwrap_or_default())))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads as the house itself, for a decision whose grounds the actor is not told. It leaves no audit rows, because it goes
    /// to nobody: what comes of it must say nothing that the actor may not see.
    pub fn for_the_house<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let house = Arc::new(Actor::system(self.actor.trace.clone()));
        let actor = std::mem::replace(&mut self.actor, house);
        let answer = read(self);
        self.actor = actor;
        answer
    }

    /// Notes what the role does not open, for the audit row if this is the answer.
    pub(crate) fn refused(&self, interaction: Interaction, resource_type: &str) -> Error {
        *self.refused.borrow_mut() = Some(Refused::interaction(interaction, resource_type));
        Error::Forbidden
    }

    /// Notes what a door refuses.
    pub(crate) fn refused_at_a_door(&self, what: Text) -> Error {
        *self.refused.borrow_mut() = Some(Refused::operation(what));
        Error::Forbidden
    }

    /// The audit row that a refusal by role owes, when it owes one now.
    pub(crate) fn refusal(&self, now_us: i64) -> Option<Draft> {
        let refused = self.refused.borrow_mut().take().unwrap_or_default();
        self.shared.refusals.due(&self.actor, refused, now_us)
    }

    /// Notes what was handed out. What the system's own workers read goes to nobody and is not noted.
    pub(crate) fn record(&mut self, draft: Draft) {
        if self.actor.role != Role::System || draft.action != Action::Read && draft.action != Action::Query {
            self.drafts.push(draft);
        }
    }

    pub(crate) fn prepend_drafts(&mut self, mut earlier: Vec<Draft>) {
        earlier.append(&mut self.drafts);
        self.drafts = earlier;
    }

    pub(crate) fn take_drafts(&mut self) -> Vec<Draft> {
        std::mem::take(&mut self.drafts)
    }

    /// The number of a resource type, when the store holds any.
    pub(crate) fn type_id(&self, name: &str) -> Result<Option<i64>, Error> {
        self.shared.names.find(&self.conn, Kind::Type, name)
    }

    /// The patients whose compartment holds a resource.
    pub(crate) fn patients_of(&self, rid: i64) -> Result<Vec<Subject>, Error> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.id, p.fhir_id FROM compartment c JOIN patient p ON p.id = c.patient WHERE c.rid = ?1",
        )?;
        let mut rows = statement.query([rid])?;
        let mut subjects = Vec::new();
        while let Some(row) = rows.next()? {
            subjects.push(Subject {
                key: row.get(0)?,
                id: Text::from(row.get_ref(1)?.as_str().unwrap_or_default()),
            });
        }
        Ok(subjects)
    }

    /// Notes one row for each patient a resource belongs to, or one without a patient.
    pub(crate) fn record_about(&mut self, draft: Draft, subjects: Vec<Subject>) {
        if subjects.is_empty() {
            self.record(draft);
            return;
        }
        for subject in subjects {
            self.record(Draft { patient: Some(subject), ..draft.clone() });
        }
    }

    /// Notes one row for each patient that any of the resources belongs to; one without a patient when none does.
    pub(crate) fn record_many(&mut self, draft: Draft, rids: &[i64]) -> Result<(), Error> {
        let mut subjects: Vec<Subject> = Vec::new();
        if self.actor.role != Role::System {
            for rid in rids {
                subjects.append(&mut self.patients_of(*rid)?);
            }
            subjects.sort_unstable_by_key(|subject| subject.key);
            subjects.dedup_by_key(|subject| subject.key);
        }
        self.record_about(draft, subjects);
        Ok(())
    }

    /// Reads the current version.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the whole type is closed to the role; a forbidden resource is [`Found::Absent`].
    pub fn read(&mut self, resource_type: &str, id: &str) -> Result<Found, Error> {
        self.may(Interaction::Read, resource_type)?;
        let draft = Draft::entity(Action::Read, "read", resource_type, id);
        let Some(row) = self.current(resource_type, id)? else {
            if let Some(found) = self.read_event(resource_type, id)? {
                return Ok(found);
            }
            self.record(draft.failed());
            return Ok(Found::Absent);
        };
        let subjects = self.patients_of(row.rid)?;
        let version = row.stored.version;
        let found = row.found(resource_type, id)?;
        self.record_about(Draft { version: Some(version), ..draft }, subjects);
        Ok(found)
    }

    /// Reads one version, current or not.
    ///
    /// # Errors
    /// As [`Snapshot::read`].
    pub fn vread(&mut self, resource_type: &str, id: &str, version: u64) -> Result<Found, Error> {
        self.may(Interaction::Read, resource_type)?;
        let draft = Draft::entity(Action::Read, "vread", resource_type, id);
        let Some(row) = self.version(resource_type, id, version)? else {
            self.record(draft.failed());
            return Ok(Found::Absent);
        };
        let subjects = self.patients_of(row.rid)?;
        let found = row.found(resource_type, id)?;
        self.record_about(Draft { version: Some(version), ..draft }, subjects);
        Ok(found)
    }

    /// The current row of a resource the actor may see.
    pub(crate) fn current(&self, resource_type: &str, id: &str) -> Result<Option<Row>, Error> {
        let visible = access::predicate_on(&self.actor, Interaction::Read, resource_type, "r");
        self.current_where(visible, resource_type, id)
    }

    /// The current row of a resource, if the predicate on `r` holds.
    pub(crate) fn current_where(
        &self,
        visible: access::Predicate,
        resource_type: &str,
        id: &str,
    ) -> Result<Option<Row>, Error> {
        let Some(type_id) = self.type_id(resource_type)? else { return Ok(None) };
        let sql = format!(
            "SELECT r.rid, v.version, v.updated, v.json, v.sha256 FROM resource r \
             JOIN version v ON v.position = r.position WHERE r.type = ? AND r.id = ? AND {}",
            visible.sql
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        bind(&mut statement, type_id, id, &visible.params)?;
        let mut rows = statement.raw_query();
        rows.next()?.map(Row::of).transpose()
    }

    fn version(&self, resource_type: &str, id: &str, version: u64) -> Result<Option<Row>, Error> {
        let Some(type_id) = self.type_id(resource_type)? else { return Ok(None) };
        let visible = access::predicate_on(&self.actor, Interaction::Read, resource_type, "r");
        let visible = unless(Bug::Vread, visible);
        let handed = access::versions(&self.actor, &visible);
        let sql = format!(
            "SELECT r.rid, v.version, v.updated, v.json, v.sha256 FROM resource r \
             JOIN version v ON v.rid = r.rid WHERE r.type = ? AND r.id = ? AND {}{handed} AND v.version = ?",
            visible.sql
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        bind(&mut statement, type_id, id, &visible.params)?;
        statement.raw_bind_parameter(visible.params.len() + 3, i64::try_from(version).unwrap_or(i64::MAX))?;
        let mut rows = statement.raw_query();
        rows.next()?.map(Row::of).transpose()
    }

    /// Changes after a position that concern resources the actor may see, in order, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails.
    pub fn changes_since(&mut self, after: Position, limit: usize) -> Result<Vec<Change>, Error> {
        let visible = access::predicate(&self.actor, "r");
        let handed = access::versions(&self.actor, &visible);
        let sql = format!(
            "SELECT v.position, r.type, r.id, v.version, v.method, v.updated FROM version v \
             JOIN resource r ON r.rid = v.rid WHERE v.position > ? AND {}{handed} ORDER BY v.position LIMIT ?",
            visible.sql
        );
        let conn = Rc::clone(&self.conn);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut values = vec![Sql::Integer(i64::try_from(after.0).unwrap_or(i64::MAX))];
        values.extend(visible.params);
        values.push(Sql::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(Change {
                position: Position(row.get(0)?),
                type_: self.shared.names.type_name(&conn, row.get(1)?)?,
                id: text(row, 2)?,
                version: row.get(3)?,
                method: Method::of_number(row.get(4)?),
                recorded_at: instant(row.get(5)?)?,
            });
        }
        self.record(Draft::query("changes", None, String::new()));
        Ok(changes)
    }

    /// The newest position of the change feed in this snapshot.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails.
    pub fn position(&self) -> Result<Position, Error> {
        let newest = self
            .conn
            .prepare_cached("SELECT coalesce(max(position), 0) FROM version")?
            .query_row([], |row| row.get(0))?;
        Ok(Position(newest))
    }
}

/// A stored version with its resource's number.
pub(crate) struct Row {
    pub rid: i64,
    pub stored: Stored,
}

/// One version as its row holds it.
pub(crate) struct Stored {
    pub version: u64,
    pub updated: i64,
    /// `None` is a deletion.
    pub json: Option<Arc<[u8]>>,
    pub sha256: [u8; 32],
}

impl Row {
    /// From columns rid, version, updated, json, sha256.
    fn of(row: &rusqlite::Row<'_>) -> Result<Self, Error> {
        Ok(Self { rid: row.get(0)?, stored: Stored::of(row, 1)? })
    }

    pub(crate) fn found(self, resource_type: &str, id: &str) -> Result<Found, Error> {
        let at = instant(self.stored.updated)?;
        match self.stored.json.is_some() {
            false => Ok(Found::Gone { version: self.stored.version, at }),
            true => Ok(Found::Present(Box::new(self.stored.resource(resource_type, id)?))),
        }
    }
}

impl Stored {
    /// From columns version, updated, json, sha256, beginning at that column.
    pub(crate) fn of(row: &rusqlite::Row<'_>, from: usize) -> Result<Self, Error> {
        Ok(Self {
            version: row.get(from)?,
            updated: row.get(from + 1)?,
            json: row.get_ref(from + 2)?.as_blob_or_null().map_err(column)?.map(Arc::from),
            sha256: row.get(from + 3)?,
        })
    }

    /// The resource, after its bytes were checked against their hash.
    pub(crate) fn resource(self, resource_type: &str, id: &str) -> Result<Resource, Error> {
        let json = self.json.ok_or_else(|| Error::internal("a deletion was read as a resource"))?;
        if <[u8; 32]>::from(sha2::Sha256::digest(&json)) != self.sha256 {
            return Err(Error::internal(format!("version {} of a {resource_type} is damaged", self.version)));
        }
        Ok(Resource {
            type_: Text::from(resource_type),
            id: Text::from(id),
            version: self.version,
            last_updated: instant(self.updated)?,
            json,
        })
    }
}

/// Binds type, id and the access parameters.
fn bind(
    statement: &mut rusqlite::Statement<'_>,
    type_id: i64,
    id: &str,
    visible: &[Sql],
) -> Result<(), Error> {
    statement.raw_bind_parameter(1, type_id)?;
    statement.raw_bind_parameter(2, id)?;
    for (at, value) in visible.iter().enumerate() {
        statement.raw_bind_parameter(at + 3, value)?;
    }
    Ok(())
}

/// Microseconds of a row as an instant.
pub(crate) fn instant(micros: i64) -> Result<jiff::Timestamp, Error> {
    jiff::Timestamp::from_microsecond(micros).map_err(|_| Error::internal("a stored time is out of range"))
}

/// The text of a column.
pub(crate) fn text(row: &rusqlite::Row<'_>, at: usize) -> Result<Text, Error> {
    Ok(Text::from(row.get_ref(at)?.as_str().map_err(column)?))
}

fn column(_: rusqlite::types::FromSqlError) -> Error {
    Error::internal("a column has another type than the schema says")
}
