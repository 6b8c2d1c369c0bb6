//! The readers: threads with a connection each, which run closures on snapshots.
//!
//! The closures wait in one bounded queue. A reader takes a few at once and runs them on one snapshot, which begins after
//! all of them were queued, so that each sees every write that was acknowledged before it was asked for. It hands the
//! audit rows of what was read to the writer together with the answers, and goes on; the commit releases the answers.

use crate::audit::Draft;
use crate::store::{Health, Shared};
use crate::writer::{Job, Looked, Release};
use crate::{Actor, Error, Snapshot, open};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Reads that one reader takes at once, at most: a slow one holds up those behind it.
const TOGETHER: usize = 8;

/// A queued read.
pub(crate) type ReadJob = Box<dyn FnOnce(&Desk) + Send>;

/// The queue and its readers.
pub(crate) struct Pool(Arc<Queue>);

struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    limit: usize,
}

struct State {
    jobs: VecDeque<ReadJob>,
    idle: usize,
    open: bool,
}

impl Pool {
    pub(crate) fn new(limit: usize) -> Self {
        let state = State { jobs: VecDeque::with_capacity(limit.min(1024)), idle: 0, open: true };
        Self(Arc::new(Queue { state: Mutex::new(state), arrived: Condvar::new(), limit }))
    }

    /// Queues a read.
    pub(crate) fn push(&self, job: ReadJob) -> Result<(), Error> {
        let mut state = self.0.lock();
        if !state.open {
            return Err(Error::Stopped);
        }
        if state.jobs.len() >= self.0.limit {
            return Err(Error::Busy);
        }
        state.jobs.push_back(job);
        let wake = state.idle > 0;
        drop(state);
        if wake {
            self.0.arrived.notify_one();
        }
        Ok(())
    }

    /// Starts one reader.
    pub(crate) fn start(
        &self,
        number: usize,
        shared: &Arc<Shared>,
        writer: SyncSender<Job>,
    ) -> Result<JoinHandle<()>, crate::OpenError> {
        let connection = open::reader(&shared.directory, &shared.options)?;
        let (queue, shared) = (Arc::clone(&self.0), Arc::clone(shared));
        let readers = shared.options.readers.max(1);
        let run = move || {
            let desk = Desk::new(connection, shared, writer);
            while let Some(jobs) = queue.next(readers) {
                for job in jobs {
                    job(&desk);
                }
                desk.close();
            }
        };
        std::thread::Builder::new()
            .name(format!("reader-{number}"))
            .spawn(run)
            .map_err(|source| crate::OpenError::Io { path: String::from("a reader thread"), source })
    }

    /// Lets the readers finish what is queued and end.
    pub(crate) fn close(&self) {
        self.0.lock().open = false;
        self.0.arrived.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reads to run next: a fair share of those that wait.
    fn next(&self, readers: usize) -> Option<Vec<ReadJob>> {
        let mut state = self.lock();
        loop {
            if !state.jobs.is_empty() {
                let share = state.jobs.len().div_ceil(readers).min(TOGETHER);
                return Some(state.jobs.drain(..share).collect());
            }
            if !state.open {
                return None;
            }
            state.idle += 1;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

/// One reader's connection and what it needs to answer.
pub(crate) struct Desk {
    conn: Rc<Connection>,
    shared: Arc<Shared>,
    writer: SyncSender<Job>,
    /// What was read on the present snapshot and waits to be audited.
    looked: RefCell<Vec<Looked>>,
    /// Steps the running read has taken, in thousands.
    steps: Arc<AtomicU64>,
}

impl Desk {
    fn new(mut connection: Connection, shared: Arc<Shared>, writer: SyncSender<Job>) -> Self {
        let steps = Arc::new(AtomicU64::new(0));
        let (counter, limit) = (Arc::clone(&steps), shared.options.read_steps / 1000);
        let counted = connection
            .progress_handler(1000, Some(move || counter.fetch_add(1, Ordering::Relaxed) >= limit.max(1)));
        if let Err(error) = counted {
            tracing::warn!(%error, "reads run without a step limit");
        }
        Self { conn: Rc::new(connection), shared, writer, looked: RefCell::default(), steps }
    }

    /// A snapshot for that actor; it begins with the first [`Desk::run`] and ends with [`Desk::close`].
    pub(crate) fn snapshot(&self, actor: Arc<Actor>) -> Snapshot {
        Snapshot::new(Rc::clone(&self.conn), actor, Arc::clone(&self.shared))
    }

    /// Runs a closure inside a read transaction. A panic is an internal fault of this read only.
    pub(crate) fn run<T>(
        &self,
        snapshot: &mut Snapshot,
        work: impl FnOnce(&mut Snapshot) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.shared.health() {
            Health::AuditUnavailable => return Err(Error::AuditUnavailable),
            Health::Stopped => return Err(Error::Stopped),
            Health::Ready | Health::ReadOnly => {}
        }
        self.steps.store(0, Ordering::Relaxed);
        if self.conn.is_autocommit() {
            self.conn.prepare_cached("BEGIN")?.execute([])?;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| work(snapshot)))
            .unwrap_or_else(|_| Err(Error::internal("a read panicked")));
        self.steps.store(0, Ordering::Relaxed);
        outcome
    }

    /// Keeps audit rows for the writer; `release` runs after their commit.
    pub(crate) fn audit(&self, actor: Arc<Actor>, drafts: Vec<Draft>, release: Release) {
        self.looked.borrow_mut().push(Looked { actor, drafts, release });
    }

    /// Ends the snapshot and hands what was read to the writer.
    fn close(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.prepare_cached("COMMIT").and_then(|mut end| end.execute([]))
        {
            tracing::error!(%error, "a snapshot could not be ended");
        }
        let looked = std::mem::take(&mut *self.looked.borrow_mut());
        if looked.is_empty() {
            return;
        }
        if let Err(refused) = self.writer.send(Job::Audit(looked))
            && let Job::Audit(looked) = refused.0
        {
            for one in looked {
                (one.release)(Err(Error::Stopped));
            }
        }
    }
}
