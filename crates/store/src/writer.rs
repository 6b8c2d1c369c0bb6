//! The one writer: group commit. Writes wait in a bounded queue; each runs in its own savepoint, many share one
//! commit, and nobody is answered before that commit is on the disk. Audit rows of reads ride in the same commits.
//!
//! When the disk is full, writes are refused, the reserve file is given up and the log is folded into the database, so
//! that reads stay audited; when all that is used up too, nothing is served. A failed sync stops the store for good: it must be opened again.

use crate::audit::{Draft, Log};
use crate::names::Kind;
use crate::steps::{STRIDE, Steps};
use crate::store::{Health, Shared};
use crate::{Actor, Error, OpenError, Position, Snapshot, Transaction, open};
use fhir::json::Text;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the writer waits for work before it looks after tree heads and the reserve.
const IDLE: Duration = Duration::from_millis(500);

/// Pages in the log on a full disk, where the log's space is needed for audit rows.
const LOG_PAGES_FULL: u32 = 200;

/// How long it lets pass between two looks for space on a full disk, in microseconds.
const PROBE_US: i64 = 1_000_000;

/// One thing the writer does.
pub(crate) enum Job {
    /// Run a write.
    Write(Box<dyn Work>),
    /// Append audit rows of reads, then release their answers.
    Audit(Vec<Looked>),
    /// End, after everything queued before.
    Stop,
}

/// A read whose answer waits for its audit rows.
pub(crate) struct Looked {
    /// Who read.
    pub actor: Arc<Actor>,
    /// What.
    pub drafts: Vec<Draft>,
    /// Gives the answer out.
    pub release: Release,
}

/// Called once, after the commit or its failure.
pub(crate) type Release = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// A write whose answer waits for the commit.
pub(crate) trait Work: Send {
    /// Who writes.
    fn actor(&self) -> Arc<Actor>;
    /// Does it, inside a savepoint.
    fn run(&mut self, transaction: &mut Transaction) -> Result<(), Error>;
    /// Answers.
    fn finish(self: Box<Self>, result: Result<(), Error>);
}

/// The writer's thread.
pub(crate) struct Writer {
    conn: Rc<Connection>,
    shared: Arc<Shared>,
    jobs: Receiver<Job>,
    log: Log,
    position: Position,
    last_us: i64,
    steps: Arc<Steps>,
    stopping: bool,
    probed_us: i64,
}

/// What a batch has gathered before its commit.
#[derive(Default)]
struct Batch {
    writes: Vec<(Box<dyn Work>, Result<(), Error>)>,
    reads: Vec<Looked>,
    names: Vec<(Kind, Text, i64)>,
    /// Whether the record or a stream changed.
    touched: bool,
}

impl Writer {
    pub(crate) fn start(
        mut connection: Connection,
        shared: Arc<Shared>,
        position: Position,
    ) -> Result<(SyncSender<Job>, JoinHandle<()>), OpenError> {
        let (sender, jobs) = sync_channel(shared.options.write_queue.max(1));
        let log = Log::load(&connection, &shared)?;
        let steps = Arc::new(Steps::default());
        let counter = Arc::clone(&steps);
        connection.progress_handler(STRIDE, Some(move || counter.spent()))?;
        let run = move || {
            let last_us = log.last_at();
            let conn = Rc::new(connection);
            Self { conn, shared, jobs, log, position, last_us, steps, stopping: false, probed_us: 0 }.run();
        };
        let thread = std::thread::Builder::new()
            .name(String::from("writer"))
            .spawn(run)
            .map_err(|source| OpenError::Io { path: String::from("the writer thread"), source })?;
        Ok((sender, thread))
    }

    fn run(mut self) {
        while !self.stopping {
            match self.jobs.recv_timeout(IDLE) {
                Ok(job) => self.batch(job),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if self.shared.health() == Health::Ready {
            self.record_head();
        }
    }

    /// One commit: the job and whatever else is waiting.
    fn batch(&mut self, first: Job) {
        let (log, position) = (self.log.clone(), self.position);
        let mut batch = Batch::default();
        let done = self.fill(first, &mut batch).and_then(|()| self.commit());
        match done {
            Ok(()) => {
                for (kind, name, id) in batch.names {
                    match kind {
                        Kind::Type => self.shared.names.remember_type(name, id),
                        kind => self.shared.names.remember(kind, name, id),
                    }
                }
                if batch.touched {
                    self.shared.changes.send_replace(self.position);
                }
                self.log.committed();
                self.shared.effort.writes.add(batch.writes.len() as u64);
                self.shared.effort.reads.add(batch.reads.len() as u64);
                for (work, result) in batch.writes {
                    work.finish(result);
                }
                for read in batch.reads {
                    (read.release)(Ok(()));
                }
            }
            Err(error) => {
                self.roll_back();
                (self.log, self.position) = (log, position);
                self.fail(&error, batch);
            }
        }
        if self.shared.health() != Health::Ready {
            self.recover();
        }
    }

    /// Runs jobs inside one transaction. An error means that the whole transaction is lost.
    fn fill(&mut self, first: Job, batch: &mut Batch) -> Result<(), Error> {
        let mut begun =
            if self.shared.health() == Health::Stopped { Err(Error::Stopped) } else { self.begin() };
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Stop => {
                    self.stopping = true;
                    break;
                }
                Job::Write(work) if self.shared.health() != Health::Ready => {
                    let refusal = if self.shared.health() == Health::Stopped {
                        Error::Stopped
                    } else {
                        Error::ReadOnly
                    };
                    batch.writes.push((work, Err(refusal)));
                }
                Job::Write(mut work) => {
                    let result = begun.clone().and_then(|()| self.write(work.as_mut(), batch));
                    if let Err(fault @ (Error::ReadOnly | Error::Stopped)) = &result {
                        begun = Err(fault.clone());
                    }
                    batch.writes.push((work, result));
                }
                Job::Audit(looked) => {
                    if begun.is_ok() {
                        begun = self.append(&looked);
                    }
                    batch.reads.extend(looked);
                }
            }
            let full = batch.writes.len() + batch.reads.len() >= self.shared.options.batch;
            next = if full || begun.is_err() { None } else { self.jobs.try_recv().ok() };
        }
        begun
    }

    /// Appends the audit rows of reads, all with the present time.
    fn append(&mut self, looked: &[Looked]) -> Result<(), Error> {
        let now = self.shared.environment.now_us();
        looked.iter().try_for_each(|one| self.log.append(&self.conn, &one.actor, &one.drafts, now))
    }

    fn begin(&self) -> Result<(), Error> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.log.seal(&self.conn, self.shared.environment.now_us())?;
        let clock = &self.shared.environment.clock;
        let began = clock.elapsed_us();
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.shared.effort.commits.add(clock.elapsed_us().saturating_sub(began));
        Ok(())
    }

    /// One write in its savepoint. Only a fault of the disk outlives the savepoint.
    fn write(&mut self, work: &mut dyn Work, batch: &mut Batch) -> Result<(), Error> {
        let actor = work.actor();
        self.last_us = self.last_us.max(self.shared.environment.now_us());
        let snapshot = Snapshot::new(Rc::clone(&self.conn), Arc::clone(&actor), Arc::clone(&self.shared));
        let mut transaction =
            Transaction::new(snapshot, self.position, self.last_us, Arc::clone(&self.steps));
        self.conn.prepare_cached("SAVEPOINT one")?.execute([])?;
        let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut transaction)))
            .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
        let result = transaction.fault().map_or(result, Err);
        let refused =
            matches!(result, Err(Error::Forbidden)).then(|| transaction.refusal(self.last_us)).flatten();
        let result = result
            .and_then(|()| self.log.append(&self.conn, &actor, &transaction.take_drafts(), self.last_us));
        if result.is_ok() {
            self.conn.prepare_cached("RELEASE one")?.execute([])?;
            self.position = transaction.position_reached();
            batch.touched |= transaction.touched();
            batch.names.append(&mut transaction.take_names());
        } else if !matches!(result, Err(Error::ReadOnly | Error::Stopped)) {
            self.conn.prepare_cached("ROLLBACK TO one")?.execute([])?;
            self.conn.prepare_cached("RELEASE one")?.execute([])?;
            // The refusal is audited, with nothing of what was refused.
            self.log.append(&self.conn, &actor, refused.as_slice(), self.last_us)?;
        }
        result
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
            self.shared.set_health(Health::Stopped);
        }
    }

    /// The commit is lost: writes are refused, reads are audited from the reserve when there is some.
    fn fail(&mut self, error: &Error, batch: Batch) {
        tracing::error!(%error, "a commit failed");
        self.shared.effort.fail();
        let refusal = if *error == Error::Stopped {
            self.shared.set_health(Health::Stopped);
            Error::Stopped
        } else {
            if self.shared.health() == Health::Ready {
                self.shared.set_health(Health::ReadOnly);
                self.free_reserve();
                self.fold_log();
                self.probed_us = self.shared.environment.now_us();
            }
            Error::ReadOnly
        };
        let audited =
            if refusal == Error::Stopped { Err(Error::Stopped) } else { self.audit_reads(&batch.reads) };
        if audited == Err(Error::AuditUnavailable) {
            self.shared.set_health(Health::AuditUnavailable);
        }
        for (work, result) in batch.writes {
            work.finish(result.and(Err(refusal.clone())));
        }
        for read in batch.reads {
            (read.release)(audited.clone());
        }
    }

    /// Commits the audit rows of reads alone; when they do not fit, once more in the space that the log gives back.
    fn audit_reads(&mut self, reads: &[Looked]) -> Result<(), Error> {
        match self.audit_only(reads) {
            Err(Error::AuditUnavailable) => {
                self.fold_log();
                self.audit_only(reads)
            }
            done => done,
        }
    }

    fn audit_only(&mut self, reads: &[Looked]) -> Result<(), Error> {
        if reads.is_empty() {
            return Ok(());
        }
        let log = self.log.clone();
        let appended = self.begin().and_then(|()| self.append(reads));
        match appended.and_then(|()| self.commit()) {
            Ok(()) => {
                self.log.committed();
                Ok(())
            }
            Err(error) => {
                self.roll_back();
                self.log = log;
                Err(if error == Error::Stopped { Error::Stopped } else { Error::AuditUnavailable })
            }
        }
    }

    fn free_reserve(&self) {
        if let Err(error) = std::fs::remove_file(self.shared.directory.join(open::RESERVE)) {
            tracing::error!(%error, "the reserve could not be given up");
        }
    }

    /// Folds the log into the database, which gives the log's space back. The reserve is given up before, as the database
    /// may have to grow by what the log holds.
    fn fold_log(&self) {
        let folded = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = folded.and_then(|()| self.limit_log(LOG_PAGES_FULL)) {
            tracing::warn!(%error, "the log's space could not be given back");
        }
    }

    fn limit_log(&self, pages: u32) -> rusqlite::Result<()> {
        self.conn.pragma_update(None, "wal_autocheckpoint", pages)
    }

    fn idle(&mut self) {
        match self.shared.health() {
            Health::Ready if self.log.head_due(self.shared.environment.now_us()) => {
                self.record_head();
            }
            Health::Ready | Health::Stopped => {}
            Health::ReadOnly | Health::AuditUnavailable => self.recover(),
        }
    }

    /// Takes writes again once the reserve can be made anew with as much space again beyond it: the space that the
    /// reserve itself gave up is for audit rows.
    fn recover(&mut self) {
        let now = self.shared.environment.now_us();
        let waited = now.saturating_sub(self.probed_us);
        if self.shared.health() == Health::Stopped || (0..PROBE_US).contains(&waited) {
            return;
        }
        self.probed_us = now;
        let bytes = self.shared.options.reserve_bytes;
        if open::reserve(&self.shared.directory, bytes, bytes).is_ok() {
            tracing::info!("there is space again: writes are taken");
            if let Err(error) = self.limit_log(self.shared.options.log_pages) {
                tracing::warn!(%error, "the log stays short");
            }
            self.shared.set_health(Health::Ready);
        } else if self.shared.health() == Health::AuditUnavailable {
            self.fold_log();
            if self.record_head() {
                tracing::info!("there is space for audit rows again: reads are served");
                self.shared.set_health(Health::ReadOnly);
            }
        }
    }

    /// Whether a tree head could be recorded.
    fn record_head(&mut self) -> bool {
        let log = self.log.clone();
        let recorded = self.begin().and_then(|()| {
            self.log.head(&self.conn, self.shared.environment.now_us())?;
            self.commit()
        });
        match recorded {
            Ok(()) => {
                self.log.committed();
                true
            }
            Err(error) => {
                tracing::error!(%error, "a tree head could not be recorded");
                self.roll_back();
                self.log = log;
                false
            }
        }
    }
}

#[cfg(test)]
mod faults;
