//! Appending to the audit log. Owned by the writer, which alone knows when a commit is done.

use super::record::AuditRecord;
use super::tree::{Hash, Tree, leaf};
use super::{Draft, head};
use crate::store::Shared;
use crate::{Actor, Error, OpenError, Role};
use fhir::json::Text;
use rusqlite::Connection;
use std::sync::Arc;

/// The end of the log: the tree, the time of the last row, the head that waits for its commit.
#[derive(Clone)]
pub(crate) struct Log {
    shared: Arc<Shared>,
    tree: Tree,
    /// Size of the tree in the last sealed row.
    sealed: u64,
    last_at: i64,
    head_size: u64,
    head_at: i64,
    waiting: Option<head::Head>,
}

impl Log {
    /// Takes up the log where the last commit left it.
    pub(crate) fn load(connection: &Connection, shared: &Arc<Shared>) -> Result<Self, OpenError> {
        let (size, frontier, last_at): (u64, Vec<u8>, i64) =
            connection.query_row("SELECT size, frontier, last_at FROM audit_tree", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let tree = Tree::of(size, &frontier)
            .ok_or_else(|| OpenError::Damaged(String::from("the audit tree and its size disagree")))?;
        let (head_size, head_at) = connection.query_row(
            "SELECT coalesce(max(size), 0), coalesce(max(recorded_at), 0) FROM audit_head",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(Self {
            shared: Arc::clone(shared),
            tree,
            sealed: size,
            last_at,
            head_size,
            head_at,
            waiting: None,
        })
    }

    /// The time of the last row.
    pub(crate) fn last_at(&self) -> i64 {
        self.last_at
    }

    /// Appends one row for each draft. Rows of one call have one time.
    pub(crate) fn append(
        &mut self,
        connection: &Connection,
        actor: &Actor,
        drafts: &[Draft],
        now_us: i64,
    ) -> Result<(), Error> {
        let mut insert = connection.prepare_cached(
            "INSERT INTO audit VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)",
        )?;
        self.last_at = self.last_at.max(now_us);
        let mut content = Vec::with_capacity(512);
        for draft in drafts {
            let record = self.record(actor, draft);
            record.content(&mut content);
            let hash: Hash = leaf(&content);
            insert.execute(rusqlite::params![
                record.seq,
                record.recorded_at,
                record.agent.as_str(),
                record.agent_name,
                record.role.as_str(),
                record.organisation.as_str(),
                record.purpose.as_str(),
                record.trace.as_str(),
                record.action.as_str(),
                record.interaction.as_str(),
                record.resource_type.as_deref(),
                record.id.as_deref(),
                record.version,
                draft.patient.as_ref().map(|subject| subject.key),
                record.query,
                record.outcome,
                record.reason,
                record.salt.as_slice(),
                hash.as_slice(),
                record.capability.as_deref(),
                record.relationship.as_deref(),
            ])?;
            self.tree.append(hash);
        }
        Ok(())
    }

    fn record(&self, actor: &Actor, draft: &Draft) -> AuditRecord {
        let relationship = match &actor.role {
            Role::Carer { relationship, .. } => Some(relationship.clone()),
            _ => actor.behalf.as_ref().and_then(|behalf| behalf.asked.relationship().cloned()),
        };
        AuditRecord {
            seq: self.tree.size() + 1,
            recorded_at: self.last_at,
            agent: actor.id.clone(),
            agent_name: actor.name.clone(),
            role: Text::const_new(actor.role.code()),
            organisation: actor.organisation.clone(),
            purpose: Text::const_new(actor.purpose.code()),
            trace: actor.trace.clone(),
            action: Text::const_new(draft.action.code()),
            interaction: Text::const_new(draft.interaction),
            resource_type: draft.resource_type.clone(),
            id: draft.id.clone(),
            version: draft.version,
            patient: draft.patient.as_ref().map(|subject| subject.id.clone()),
            query: draft.query.clone(),
            outcome: draft.outcome,
            reason: reason(actor),
            capability: actor.via.map(|via| Text::const_new(via.name)),
            relationship,
            salt: self.shared.environment.random(),
        }
    }

    /// Whether a tree head should be recorded now.
    pub(crate) fn head_due(&self, now_us: i64) -> bool {
        let interval =
            i64::try_from(self.shared.options.head_interval_ms.saturating_mul(1000)).unwrap_or(i64::MAX);
        self.tree.size() > self.head_size && now_us.saturating_sub(self.head_at) >= interval
    }

    /// Writes the end of the tree, and its head when one is due. Comes right before the commit.
    pub(crate) fn seal(&mut self, connection: &Connection, now_us: i64) -> Result<(), Error> {
        if self.head_due(now_us) {
            self.head(connection, now_us)?;
        }
        if self.sealed != self.tree.size() {
            connection
                .prepare_cached("UPDATE audit_tree SET size = ?1, frontier = ?2, last_at = ?3")?
                .execute((self.tree.size(), self.tree.frontier(), self.last_at))?;
            self.sealed = self.tree.size();
        }
        Ok(())
    }

    /// Records a tree head, unless the last one is of this size.
    pub(crate) fn head(&mut self, connection: &Connection, now_us: i64) -> Result<(), Error> {
        if self.tree.size() == self.head_size {
            return Ok(());
        }
        let head = head::Head::new(self.tree.size(), self.tree.root(), now_us, &self.shared.head_key);
        connection.prepare_cached("INSERT INTO audit_head VALUES (?1, ?2, ?3, ?4)")?.execute((
            head.size,
            head.root.as_slice(),
            head.recorded_at,
            head.mac.as_slice(),
        ))?;
        (self.head_size, self.head_at) = (head.size, now_us);
        self.waiting = Some(head);
        Ok(())
    }

    /// After the commit: the head goes outside the database too.
    pub(crate) fn committed(&mut self) {
        if let Some(head) = self.waiting.take()
            && let Err(error) = head.publish(&self.shared.directory)
        {
            tracing::error!(%error, "a tree head could not be written outside the database");
        }
    }
}

/// The reason of a break-glass access; how a patient asked, of what staff do in their place.
fn reason(actor: &Actor) -> Option<String> {
    let asked = actor.behalf.as_ref().map(|behalf| behalf.asked.code().to_owned());
    asked.or_else(|| actor.role.break_glass().map(|glass| glass.reason.clone()))
}
