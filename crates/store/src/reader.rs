//! The readers: threads with a connection each, which run closures on snapshots.
//!
//! The closures wait in one bounded queue. A reader hands the audit rows of what was read to the writer together with
//! the answer, and goes on with the next closure; the answer is released by the commit.

use crate::audit::Draft;
use crate::store::{Health, Shared};
use crate::writer::Job;
use crate::{Actor, Error, Snapshot, open};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

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
        let run = move || {
            let desk = Desk::new(connection, shared, writer);
            while let Some(job) = queue.next() {
                job(&desk);
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

    fn next(&self) -> Option<ReadJob> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
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
        Self { conn: Rc::new(connection), shared, writer, steps }
    }

    /// A snapshot for that actor; it begins with [`Desk::run`].
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
        self.conn.prepare_cached("BEGIN")?.execute([])?;
        let outcome = catch_unwind(AssertUnwindSafe(|| work(snapshot)))
            .unwrap_or_else(|_| Err(Error::internal("a read panicked")));
        self.steps.store(0, Ordering::Relaxed);
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        outcome
    }

    /// Hands audit rows to the writer; `release` runs after their commit.
    pub(crate) fn audit(
        &self,
        actor: Arc<Actor>,
        drafts: Vec<Draft>,
        release: Box<dyn FnOnce(Result<(), Error>) + Send>,
    ) {
        let job = Job::Audit { actor, drafts, release };
        if let Err(refused) = self.writer.send(job)
            && let Job::Audit { release, .. } = refused.0
        {
            release(Err(Error::Stopped));
        }
    }
}
