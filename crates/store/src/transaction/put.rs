//! Create, update and delete of one resource: the version, its search rows, its compartments, its audit row.

use super::Transaction;
use crate::access::planted::{Bug, is_planted, unless};
use crate::access::{Grant, grant};
use crate::audit::{Action, Draft, Subject};
use crate::extract::Derived;
use crate::names::Kind;
use crate::snapshot::{Row, instant};
use crate::{
    Deleted, Error, IfMatch, Interaction, Method, Position, Prepared, Resource, Saved, access, index,
};
use fhir::json::Text;
use rusqlite::OptionalExtension;
use sha2::Digest as _;
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// The resource row a write meets.
struct Current {
    rid: i64,
    version: u64,
    /// `None` when it is deleted.
    json: Option<Arc<[u8]>>,
    updated: i64,
    settled: u64,
}

impl Transaction {
    /// Creates a resource under a new random id; an id the client gave is not used.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a closed type, [`Error::NotFound`] for patients the actor cannot reach,
    /// [`Error::Unprocessable`] for a part of a resource, and for a document that names a Binary closed to the actor.
    pub fn create(&mut self, resource: &Prepared) -> Result<Saved, Error> {
        let id = self.shared.environment.resource_id();
        self.create_as(resource, &id)
    }

    /// Creates a resource under an id chosen by the server beforehand, as a transaction bundle needs.
    pub(crate) fn create_as(&mut self, resource: &Prepared, id: &str) -> Result<Saved, Error> {
        self.may(Interaction::Create, &resource.type_)?;
        let resource = &*self.localised(resource);
        self.admit(resource, id)?;
        self.may_name(resource, None, &self.own_files)?;
        self.save(resource, id, None, Method::Post)
    }

    /// Updates the resource under the id in the document, or creates it there.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] when `condition` does not hold, [`Error::NotFound`] for what the actor cannot
    /// reach, [`Error::Unprocessable`] without an id, for a part of a resource and for a document that newly names
    /// a Binary closed to the actor.
    pub fn update(&mut self, resource: &Prepared, condition: IfMatch) -> Result<Saved, Error> {
        let id = resource.id.clone().ok_or_else(|| {
            let issue = fhir::issue::Issue::error(fhir::issue::IssueCode::Required, "an update needs an id");
            Error::unprocessable(issue.at(format!("{}.id", resource.type_)))
        })?;
        self.may(Interaction::Update, &resource.type_)?;
        let resource = &*self.localised(resource);
        let current = self.reachable(Interaction::Update, &resource.type_, &id)?;
        let everything = grant(&self.actor, Interaction::Update, &resource.type_) == Grant::Everything;
        let chosen_here = self.actor.via.is_some_and(|via| via.writes.contains(&resource.type_.as_str()));
        if current.is_none() && !everything && !chosen_here {
            // Whoever cannot reach every resource of the type must not learn, by choosing an id, whether it is taken.
            // What a capability writes has an id that the house chose.
            return Err(Error::NotFound);
        }
        if let Some(current) = &current {
            self.admit_present(&resource.type_, current.rid)?;
        }
        check(condition, current.as_ref())?;
        if current.as_ref().is_none_or(|current| current.json.is_none()) {
            self.may(Interaction::Create, &resource.type_)?;
        }
        self.admit(resource, &id)?;
        self.may_name(resource, current.as_ref().map(|current| current.rid), &self.own_files)?;
        self.save(resource, &id, current, Method::Put)
    }

    /// Deletes a resource. Deleting what is already deleted, or was never there, succeeds without a version.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] when `condition` does not hold, [`Error::NotFound`] for what is hidden.
    pub fn delete(&mut self, resource_type: &str, id: &str, condition: IfMatch) -> Result<Deleted, Error> {
        self.may(Interaction::Delete, resource_type)?;
        let current = self.reachable(Interaction::Delete, resource_type, id)?;
        check(condition, current.as_ref())?;
        let Some(Current { rid, version, json: Some(_), .. }) = current else {
            self.record(Draft::entity(Action::Delete, "delete", resource_type, id).failed());
            return Ok(Deleted { version: None });
        };
        let (next, now, position) = (version + 1, self.now_us(), self.next_position());
        let conn = Rc::clone(&self.conn);
        let type_id = self.intern(Kind::Type, resource_type)?;
        index::replace(self, rid, type_id, false, &Derived::default())?;
        conn.prepare_cached("DELETE FROM relationship WHERE cause = ?1")?.execute([rid])?;
        self.unlink(resource_type, id)?;
        conn.prepare_cached(
            "UPDATE resource SET version = ?2, position = ?3, updated = ?4, deleted = 1 WHERE rid = ?1",
        )?
        .execute((rid, next, position.0, now))?;
        self.insert_version(rid, next, Method::Delete, None)?;
        let draft = Draft::entity(Action::Delete, "delete", resource_type, id);
        let subjects = self.patients_of(rid)?;
        self.record_about(Draft { version: Some(next), ..draft }, subjects);
        Ok(Deleted { version: Some(next) })
    }

    /// A resource as it is derived here: references to our own address are as good as relative ones.
    fn localised<'p>(&self, resource: &'p Prepared) -> Cow<'p, Prepared> {
        self.shared.base.as_ref().map_or(Cow::Borrowed(resource), |base| base.ready(resource))
    }

    /// The row of a resource that the interaction reaches. One that exists and is out of reach is refused as absent.
    fn reachable(
        &self,
        interaction: Interaction,
        resource_type: &str,
        id: &str,
    ) -> Result<Option<Current>, Error> {
        let Some(type_id) = self.type_id(resource_type)? else { return Ok(None) };
        let known: Option<(i64, u64)> = self
            .conn
            .prepare_cached("SELECT rid, settled FROM resource WHERE type = ?1 AND id = ?2")?
            .query_row((type_id, id), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((_, settled)) = known else { return Ok(None) };
        let within = access::predicate_on(&self.actor, interaction, resource_type, "r");
        let within = unless(Bug::WriteBefore, within);
        let Some(Row { rid, stored }) = self.current_where(within, resource_type, id)? else {
            return Err(Error::NotFound);
        };
        Ok(Some(Current {
            rid,
            version: stored.version,
            json: stored.json,
            updated: stored.updated,
            settled,
        }))
    }

    /// Refuses to change what belongs to any patient the actor cannot reach: seeing one of several is not enough.
    fn admit_present(&self, resource_type: &str, rid: i64) -> Result<(), Error> {
        if is_planted(Bug::WriteBefore)
            || grant(&self.actor, Interaction::Update, resource_type) == Grant::Everything
        {
            return Ok(());
        }
        let present: Vec<Text> = self.patients_of(rid)?.into_iter().map(|subject| subject.id).collect();
        if access::admits_write(self, resource_type, &present)? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Refuses a resource that would belong, or point, to patients the actor cannot reach.
    fn admit(&self, resource: &Prepared, id: &str) -> Result<(), Error> {
        let own = (resource.type_ == "Patient").then(|| Text::from(id));
        let within =
            own.iter().chain(&resource.derived.patients).chain(resource.derived.referenced_patients());
        let mut patients: Vec<Text> = within.cloned().collect();
        patients.sort_unstable();
        patients.dedup();
        if access::admits_write(self, &resource.type_, &patients)? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Creates a resource of the house's own, about which no rule of access is asked.
    pub(super) fn add(&mut self, resource: &Prepared, id: &str) -> Result<Saved, Error> {
        self.save(resource, id, None, Method::Post)
    }

    fn save(
        &mut self,
        resource: &Prepared,
        id: &str,
        current: Option<Current>,
        method: Method,
    ) -> Result<Saved, Error> {
        resource.whole().map_err(Error::unprocessable)?;
        if let Some(saved) = self.unchanged(resource, id, current.as_ref())? {
            return Ok(saved);
        }
        let conn = Rc::clone(&self.conn);
        let created = current.as_ref().is_none_or(|current| current.json.is_none());
        let version = current.as_ref().map_or(1, |current| current.version + 1);
        let (now, position) = (self.now_us(), self.next_position());
        let type_id = self.intern(Kind::Type, &resource.type_)?;
        let rid = match &current {
            Some(current) => current.rid,
            None => {
                conn.prepare_cached(
                    "INSERT INTO resource(type, id, version, position, updated) VALUES (?1, ?2, 1, ?3, ?4)",
                )?
                .execute((type_id, id, position.0, now))?;
                conn.last_insert_rowid()
            }
        };
        let json: Arc<[u8]> = resource.served(id, version, instant(now)?).into();
        self.insert_version(rid, version, method, Some(&json))?;
        index::replace(self, rid, type_id, current.is_none(), &resource.derived)?;
        let subjects = self.subjects(resource, id)?;
        let settled = match &current {
            Some(current) if self.belongs_to(rid, &subjects)? => current.settled,
            _ => {
                self.move_to((rid, current.is_none()), type_id, &subjects)?;
                version
            }
        };
        if current.is_some() {
            conn.prepare_cached(
                "UPDATE resource SET version = ?2, position = ?3, updated = ?4, deleted = 0, settled = ?5 WHERE rid = ?1",
            )?
            .execute((rid, version, position.0, now, settled))?;
        }
        self.relate(rid, resource, &subjects)?;
        self.link(resource, id)?;
        self.rename(id, resource.derived.stated.ods.as_ref())?;
        let (action, word) = if created { (Action::Create, "create") } else { (Action::Update, "update") };
        let draft = Draft::entity(action, word, &resource.type_, id);
        self.written((&resource.type_, id), version, &subjects);
        self.record_about(Draft { version: Some(version), ..draft }, subjects);
        let last_updated = instant(now)?;
        let resource =
            Resource { type_: resource.type_.clone(), id: Text::from(id), version, last_updated, json };
        Ok(Saved { resource, position, created, changed: true })
    }

    /// The version that is there already, when the update would change nothing.
    fn unchanged(
        &mut self,
        resource: &Prepared,
        id: &str,
        current: Option<&Current>,
    ) -> Result<Option<Saved>, Error> {
        let Some(Current { rid, version, json: Some(json), updated, .. }) = current else { return Ok(None) };
        let last_updated = instant(*updated)?;
        if resource.served(id, *version, last_updated) != **json {
            return Ok(None);
        }
        let draft = Draft::entity(Action::Update, "update", &resource.type_, id);
        let subjects = self.patients_of(*rid)?;
        self.record_about(Draft { version: Some(*version), ..draft }, subjects);
        let position = self
            .conn
            .prepare_cached("SELECT position FROM resource WHERE rid = ?1")?
            .query_row([rid], |row| Ok(Position(row.get(0)?)))?;
        let resource = Resource {
            type_: resource.type_.clone(),
            id: Text::from(id),
            version: *version,
            last_updated,
            json: Arc::clone(json),
        };
        Ok(Some(Saved { resource, position, created: false, changed: false }))
    }

    /// Writes the row of the version that takes the present place in the feed.
    fn insert_version(
        &mut self,
        rid: i64,
        version: u64,
        method: Method,
        json: Option<&[u8]>,
    ) -> Result<(), Error> {
        let sha256: [u8; 32] = sha2::Sha256::digest(json.unwrap_or_default()).into();
        self.conn.prepare_cached("INSERT INTO version VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
            self.position_reached().0,
            rid,
            version,
            self.now_us(),
            method.number(),
            json,
            sha256.as_slice(),
        ))?;
        Ok(())
    }

    /// The patients a resource belongs to, in order, with their numbers.
    pub(super) fn subjects(&mut self, resource: &Prepared, id: &str) -> Result<Vec<Subject>, Error> {
        let own = (resource.type_ == "Patient").then_some(id);
        let mut subjects = Vec::with_capacity(1);
        for patient in own.into_iter().chain(resource.derived.patients.iter().map(Text::as_str)) {
            let key = self.intern(Kind::Patient, patient)?;
            subjects.push(Subject { key, id: Text::from(patient) });
        }
        subjects.sort_unstable_by_key(|subject| subject.key);
        subjects.dedup_by_key(|subject| subject.key);
        Ok(subjects)
    }

    pub(super) fn belongs_to(&self, rid: i64, subjects: &[Subject]) -> Result<bool, Error> {
        let mut present = self.patients_of(rid)?;
        present.sort_unstable_by_key(|subject| subject.key);
        Ok(present == subjects)
    }

    /// Puts a resource into the compartments of these patients alone. A new one is in none yet.
    pub(super) fn move_to(
        &mut self,
        (rid, new): (i64, bool),
        type_id: i64,
        subjects: &[Subject],
    ) -> Result<(), Error> {
        let conn = Rc::clone(&self.conn);
        if !new {
            conn.prepare_cached(
                "DELETE FROM compartment WHERE rid = ?1 AND type = ?2 AND patient IN \
                 (SELECT patient FROM compartment WHERE rid = ?1)",
            )?
            .execute((rid, type_id))?;
        }
        let mut insert = conn.prepare_cached("INSERT INTO compartment VALUES (?1, ?2, ?3)")?;
        for subject in subjects {
            insert.execute((subject.key, type_id, rid))?;
        }
        Ok(())
    }
}

fn check(condition: IfMatch, current: Option<&Current>) -> Result<(), Error> {
    let live = current.filter(|current| current.json.is_some());
    match condition {
        IfMatch::Any => Ok(()),
        IfMatch::Version(wanted) if live.is_some_and(|current| current.version == wanted) => Ok(()),
        IfMatch::Version(_) => Err(Error::PreconditionFailed("the current version is another one")),
        IfMatch::NoneExists if live.is_none() => Ok(()),
        IfMatch::NoneExists => Err(Error::PreconditionFailed("the resource exists")),
    }
}
