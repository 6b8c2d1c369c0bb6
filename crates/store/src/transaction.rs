//! One write: everything a [`Snapshot`] does, and changes. It lives in a savepoint of the group commit.

use crate::names::Kind;
use crate::steps::Steps;
use crate::{Condition, Error, Found, Position, Snapshot};
use fhir::json::Text;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

mod behalf;
mod conditional;
mod once;
mod put;
mod rebase;
mod relationship;

pub use behalf::{ASKED_SYSTEM, CONFIRM, CONFIRM_WITHOUT_POST, PARTICIPANT};
pub use conditional::ConditionalCreate;
pub(crate) use relationship::{merge, relate};

/// One write, for one actor. It lives inside the closure it was given to; an error undoes all of it.
pub struct Transaction {
    snapshot: Snapshot,
    position: Position,
    now_us: i64,
    touched: bool,
    names: Vec<(Kind, Text, i64)>,
    fault: Option<Error>,
    /// What was written in a patient's place, as references to versions.
    attested: Vec<String>,
    /// Binaries that a bundle makes, whose documents may name them.
    own_files: Vec<Text>,
    /// What its questions may still cost.
    steps: Arc<Steps>,
}

impl Deref for Transaction {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }
}

impl Transaction {
    pub(crate) fn new(snapshot: Snapshot, position: Position, now_us: i64, steps: Arc<Steps>) -> Self {
        steps.begin(snapshot.shared.options.write_steps);
        Self {
            snapshot,
            steps,
            position,
            now_us,
            touched: false,
            names: Vec::new(),
            fault: None,
            attested: Vec::new(),
            own_files: Vec::new(),
        }
    }

    /// When this write is recorded, in microseconds since 1970, UTC.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.now_us
    }

    /// A random resource id, for a resource whose id must be known before it is put.
    #[must_use]
    pub fn fresh_id(&self) -> Text {
        self.shared.environment.resource_id()
    }

    /// Asks within what the questions of one write may cost: while it asks, everybody else waits for the writer.
    pub(crate) fn asking<T>(&mut self, question: impl FnOnce(&mut Snapshot) -> T) -> T {
        let steps = Arc::clone(&self.steps);
        steps.counted(|| question(&mut self.snapshot))
    }

    /// [`Snapshot::matches`], within what the questions of one write may cost.
    ///
    /// # Errors
    /// As there, and [`Error::TooCostly`].
    pub fn matches(&self, condition: &Condition, limit: usize) -> Result<Vec<Text>, Error> {
        self.steps.counted(|| self.snapshot.matches(condition, limit))
    }

    /// [`Snapshot::meant`], within the same.
    pub(crate) fn meant(&self, condition: &Condition) -> Result<Vec<Text>, Error> {
        self.steps.counted(|| self.snapshot.meant(condition))
    }

    /// Notes the ids of Binaries that this write will make: what is there already is not among them.
    pub(crate) fn makes_files(&mut self, ids: Vec<Text>) -> Result<(), Error> {
        for id in ids {
            if !matches!(self.for_the_house(|house| house.read("Binary", &id))?, Found::Present(_)) {
                self.own_files.push(id);
            }
        }
        Ok(())
    }

    /// The position after everything written so far.
    pub(crate) fn position_reached(&self) -> Position {
        self.position
    }

    /// Takes the next place in the feed.
    pub(crate) fn next_position(&mut self) -> Position {
        self.position = Position(self.position.0 + 1);
        self.touched = true;
        self.position
    }

    /// Notes that something outside the feed changed, so that views wake.
    pub(crate) fn touch(&mut self) {
        self.touched = true;
    }

    pub(crate) fn touched(&self) -> bool {
        self.touched
    }

    /// Remembers a fault of the disk, which must fail the commit even if the closure carries on.
    pub(crate) fn fault(&self) -> Option<Error> {
        self.fault.clone()
    }

    pub(crate) fn take_names(&mut self) -> Vec<(Kind, Text, i64)> {
        std::mem::take(&mut self.names)
    }

    /// The number of a name, given to it now when it had none.
    pub(crate) fn intern(&mut self, kind: Kind, name: &str) -> Result<i64, Error> {
        let conn = std::rc::Rc::clone(&self.conn);
        let (id, uncached) = self.shared.names.intern(&conn, kind, name)?;
        if uncached {
            self.names.push((kind, Text::from(name), id));
        }
        Ok(id)
    }

    /// Undoes only the inner part when it fails, as an entry of a larger write that may be refused alone.
    ///
    /// # Errors
    /// The error of the closure, after its writes were undone.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let (position, conn) = (self.position, std::rc::Rc::clone(&self.conn));
        conn.prepare_cached("SAVEPOINT inner")?.execute([])?;
        let drafts = self.snapshot.take_drafts();
        let attested = self.attested.len();
        let outcome = work(self);
        match &outcome {
            Ok(_) => {
                conn.prepare_cached("RELEASE inner")?.execute([])?;
                self.snapshot.prepend_drafts(drafts);
            }
            Err(error @ (Error::ReadOnly | Error::Stopped)) => self.fault = Some(error.clone()),
            Err(_) => {
                conn.prepare_cached("ROLLBACK TO inner")?.execute([])?;
                conn.prepare_cached("RELEASE inner")?.execute([])?;
                self.position = position;
                self.names.clear();
                self.attested.truncate(attested);
                self.snapshot.take_drafts();
                self.snapshot.prepend_drafts(drafts);
            }
        }
        outcome
    }
}
