//! The store as its callers see it: reads on snapshots, writes through one writer, both by closures.

use crate::audit::{Draft, Refusals};
use crate::base::Base;
use crate::effort::Effort;
use crate::look_over::LookOver;
use crate::names::Names;
use crate::reader::{Pool, ReadJob};
use crate::viewing::Viewing;
use crate::writer::{Job, Work, Writer};
use crate::{Actor, Environment, Error, OpenError, Options, Position, Snapshot, Transaction, open};
use fhir::json::Text;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{oneshot, watch};

/// The record of one directory. Clones share it; the last one to be dropped closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// Resources that are derived again in one commit.
const REBASED: usize = 500;

/// What the threads of the store share.
pub(crate) struct Shared {
    pub options: Options,
    pub environment: Environment,
    pub directory: PathBuf,
    pub names: Names,
    pub changes: watch::Sender<Position>,
    /// Our own address, when it is known.
    pub base: Option<Base>,
    /// Key of the permutation that turns audit numbers into ids.
    pub audit_key: [u8; 32],
    /// Key of the codes of tree heads.
    pub head_key: [u8; 32],
    /// Refusals by role that have their audit row already.
    pub refusals: Refusals,
    /// What the writer counts.
    pub effort: Effort,
    health: AtomicU8,
}

struct Inner {
    shared: Arc<Shared>,
    writer: SyncSender<Job>,
    pool: Pool,
    threads: Mutex<Vec<JoinHandle<()>>>,
    claim: Mutex<Option<open::Claim>>,
    look_over: Mutex<LookOver>,
}

/// What the store can do at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Reads and writes.
    Ready,
    /// The disk is full or failing: audited reads go on from the reserve, writes are refused.
    ReadOnly,
    /// Not even audit rows can be written, so nothing is served.
    AuditUnavailable,
    /// A sync failed; the process must open the store again.
    Stopped,
}

impl Shared {
    pub(crate) fn health(&self) -> Health {
        match self.health.load(Ordering::Acquire) {
            0 => Health::Ready,
            1 => Health::ReadOnly,
            2 => Health::AuditUnavailable,
            _ => Health::Stopped,
        }
    }

    pub(crate) fn set_health(&self, health: Health) {
        // A store that has stopped stays so.
        let next = |now: u8| (now != Health::Stopped as u8).then_some(health as u8);
        let _ = self.health.fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
    }
}

impl Store {
    /// Opens the record in a directory, making it when it is not there: takes the single-instance lock, checks the
    /// library and the file system; migrates; starts the threads. After an unclean stop the database is looked over while
    /// it is served.
    ///
    /// # Errors
    /// [`OpenError`], one sentence for the person who started the program.
    pub fn open(directory: &Path, options: Options, environment: Environment) -> Result<Self, OpenError> {
        let opened = open::open(directory, &options, &environment)?;
        let names = Names::default();
        names.load(&opened.connection)?;
        let (changes, _) = watch::channel(opened.position);
        let base = options.base.as_deref().and_then(Base::of).or_else(|| opened.base.clone());
        let moved = (base != opened.base).then_some(opened.base);
        let shared = Arc::new(Shared {
            options,
            environment,
            directory: directory.to_path_buf(),
            names,
            changes,
            base,
            audit_key: opened.audit_key,
            head_key: opened.head_key,
            refusals: Refusals::default(),
            effort: Effort::default(),
            health: AtomicU8::new(0),
        });
        let pool = Pool::new(shared.options.read_queue);
        let mut threads = Vec::new();
        let (writer, thread) = Writer::start(opened.connection, Arc::clone(&shared), opened.position)?;
        threads.push(thread);
        for number in 0..shared.options.readers.max(1) {
            threads.push(pool.start(number, &shared, writer.clone())?);
        }
        let look_over = Mutex::new(LookOver::begin(&shared, opened.unclean)?);
        let (threads, claim) = (Mutex::new(threads), Mutex::new(Some(opened.claim)));
        let store = Self(Arc::new(Inner { shared, writer, pool, threads, claim, look_over }));
        if let Some(earlier) = moved {
            store.rebase(earlier).map_err(|error| OpenError::Damaged(error.to_string()))?;
        }
        Ok(store)
    }

    /// Derives again, before anybody asks, what depends on our own address: it is another one than before.
    fn rebase(&self, earlier: Option<Base>) -> Result<(), Error> {
        let system = Arc::new(Actor::system("open"));
        let concerned =
            self.write_blocking(Arc::clone(&system), move |all| all.concerned_by_base(earlier.as_ref()))?;
        tracing::info!(
            resources = concerned.len(),
            "our own address is another one: references are read anew"
        );
        for some in concerned.chunks(REBASED) {
            let some = some.to_vec();
            self.write_blocking(Arc::clone(&system), move |transaction| {
                some.iter().try_for_each(|rid| transaction.derive_again(*rid))
            })?;
        }
        self.write_blocking(system, |transaction| transaction.record_base())
    }

    /// Runs a closure on a snapshot. What it returns is released only after the audit rows of what it read are durable.
    /// The work is queued at once; the future only waits.
    pub fn read<A, T, F>(
        &self,
        actor: A,
        work: F,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<A, T, F>
    where
        A: Into<Arc<Actor>>,
        T: Send + 'static,
        F: FnOnce(&mut Snapshot) -> Result<T, Error> + Send + 'static,
    {
        answer(self.queue_read(actor.into(), work, None))
    }

    /// [`Store::read`] for a view that stays open: see [`Viewing`] for when it adds audit rows.
    pub fn view<T, F>(
        &self,
        actor: Arc<Actor>,
        viewing: &Viewing,
        work: F,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&mut Snapshot) -> Result<T, Error> + Send + 'static,
    {
        answer(self.queue_read(actor, work, Some(viewing.clone())))
    }

    /// [`Store::read`] for a thread outside a runtime.
    ///
    /// # Errors
    /// As the closure, and [`Error::Busy`], [`Error::AuditUnavailable`], [`Error::Stopped`].
    pub fn read_blocking<T, F>(&self, actor: impl Into<Arc<Actor>>, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Snapshot) -> Result<T, Error> + Send + 'static,
    {
        self.queue_read(actor.into(), work, None)?.blocking_recv().unwrap_or(Err(Error::Stopped))
    }

    /// Runs a closure in the group commit, alone in its savepoint: an error or a panic undoes its writes only.
    /// Resolves after the commit is on the disk. The work is queued at once; the future only waits.
    pub fn write<A, T, F>(
        &self,
        actor: A,
        work: F,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<A, T, F>
    where
        A: Into<Arc<Actor>>,
        T: Send + 'static,
        F: FnOnce(&mut Transaction) -> Result<T, Error> + Send + 'static,
    {
        answer(self.queue_write(actor.into(), work))
    }

    /// [`Store::write`] for a thread outside a runtime.
    ///
    /// # Errors
    /// As the closure, and [`Error::Busy`], [`Error::ReadOnly`], [`Error::Stopped`].
    pub fn write_blocking<T, F>(&self, actor: impl Into<Arc<Actor>>, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Transaction) -> Result<T, Error> + Send + 'static,
    {
        self.queue_write(actor.into(), work)?.blocking_recv().unwrap_or(Err(Error::Stopped))
    }

    /// Audits what a door refused an actor because of their role, under these words: `GET /staff/operations`. Within a
    /// minute the same refusal has one row.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn refuse(&self, actor: impl Into<Arc<Actor>>, what: impl Into<Text>) -> Result<(), Error> {
        let what = what.into();
        let refused = self.read(actor, move |snapshot| Err::<(), _>(snapshot.refused_at_a_door(what)));
        match refused.await {
            Err(Error::Forbidden) | Ok(()) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Wakes whenever a commit changed the record; carries the newest position of the feed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Position> {
        self.0.shared.changes.subscribe()
    }

    /// What the store can do at present, for `/readyz`.
    #[must_use]
    pub fn health(&self) -> Health {
        self.0.shared.health()
    }

    /// What the writer did since the store was opened.
    #[must_use]
    pub fn effort(&self) -> &Effort {
        &self.0.shared.effort
    }

    /// Waits for a look-over that is under way, and says whether the next start owes one.
    #[cfg(test)]
    pub(crate) fn look_over_to_the_end(&self) -> bool {
        self.0.look_over.lock().unwrap_or_else(PoisonError::into_inner).finish()
    }

    /// The directory of the record.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.0.shared.directory
    }

    /// The environment the store was given.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.0.shared.environment
    }

    pub(crate) fn audit_key(&self) -> &[u8; 32] {
        &self.0.shared.audit_key
    }

    fn queue_read<T, F>(
        &self,
        actor: Arc<Actor>,
        work: F,
        viewing: Option<Viewing>,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Snapshot) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let shared = Arc::clone(&self.0.shared);
        let job: ReadJob = Box::new(move |desk| {
            let mut snapshot = desk.snapshot(Arc::clone(&actor));
            let outcome = desk.run(&mut snapshot, work);
            let now_us = shared.environment.now_us();
            let mut drafts: Vec<Draft> = snapshot.take_drafts();
            if matches!(outcome, Err(Error::Forbidden)) {
                drafts.extend(snapshot.refusal(now_us));
            }
            if let Some(viewing) = &viewing {
                drafts = viewing.due(drafts, now_us);
            }
            if drafts.is_empty() {
                let _ = reply.send(outcome);
                return;
            }
            let shown = viewing.map(|viewing| (Viewing::shown(&drafts), viewing));
            let done = move |audited: Result<(), Error>| {
                if let (Ok(()), Some((shown, viewing))) = (&audited, shown) {
                    viewing.remember(shown, now_us);
                }
                let _ = reply.send(audited.and(outcome));
            };
            desk.audit(actor, drafts, Box::new(done));
        });
        self.0.pool.push(job)?;
        Ok(answer)
    }

    pub(crate) fn queue_write<T, F>(
        &self,
        actor: Arc<Actor>,
        work: F,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Transaction) -> Result<T, Error> + Send + 'static,
    {
        match self.health() {
            Health::Ready => {}
            Health::ReadOnly | Health::AuditUnavailable => return Err(Error::ReadOnly),
            Health::Stopped => return Err(Error::Stopped),
        }
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Closure { actor, work: Some(work), outcome: None, reply });
        self.0.writer.try_send(Job::Write(work)).map_err(|error| match error {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => Error::Stopped,
        })?;
        Ok(answer)
    }
}

async fn answer<T>(queued: Result<oneshot::Receiver<Result<T, Error>>, Error>) -> Result<T, Error> {
    queued?.await.unwrap_or(Err(Error::Stopped))
}

/// A write and what came of it, kept until the commit is durable.
struct Closure<T, F> {
    actor: Arc<Actor>,
    work: Option<F>,
    outcome: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Work for Closure<T, F>
where
    T: Send + 'static,
    F: FnOnce(&mut Transaction) -> Result<T, Error> + Send + 'static,
{
    fn actor(&self) -> Arc<Actor> {
        Arc::clone(&self.actor)
    }

    fn run(&mut self, transaction: &mut Transaction) -> Result<(), Error> {
        let work = self.work.take().ok_or_else(|| Error::internal("a write ran twice"))?;
        self.outcome = Some(work(transaction)?);
        transaction.attest()
    }

    fn finish(self: Box<Self>, result: Result<(), Error>) {
        let outcome = result.and(self.outcome.ok_or(Error::Stopped));
        // The caller may have gone away; what it asked for is done all the same.
        let _ = self.reply.send(outcome);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let owed = self.look_over.lock().unwrap_or_else(PoisonError::into_inner).end();
        self.pool.close();
        let _ = self.writer.send(Job::Stop);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let _ = thread.join();
        }
        if let Some(claim) = self.claim.lock().unwrap_or_else(PoisonError::into_inner).take() {
            claim.release(!owed && self.shared.health() == Health::Ready);
        }
    }
}
