//! The loop over the inbox. Spawned by the binary; ends when told to, or when the store has stopped.

use super::lanes::waves;
use super::step::{Attempt, Next, Retry};
use futures_util::stream::{self, StreamExt as _};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::inbox::{Message, Settlement, State};
use store::{Actor, Error, Store};
use tokio::sync::watch;

/// Messages taken from the inbox at once.
const BATCH: usize = 1_024;

/// Turns one message into its effect on the record.
pub trait Apply: Send + Sync + 'static {
    /// Applies the message and settles it in the same commit, or says why not. Must not settle in any other way, and must
    /// leave no trace unless it returns [`Attempt::Applied`].
    fn apply(&self, message: &Message) -> impl Future<Output = Attempt> + Send;
}

/// The worker between inbox and record.
pub struct Intake<A> {
    /// The record.
    pub store: Store,
    /// The system's own actor.
    pub actor: Arc<Actor>,
    /// What a message does.
    pub apply: A,
    /// What follows a failure.
    pub retry: Retry,
    /// Patients worked on at once.
    pub lanes: usize,
}

/// The worker cannot go on.
struct Halt;

impl<A: Apply> Intake<A> {
    /// Works until `stop` turns true or the store has stopped; waits for changes when the inbox is empty.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut changes = self.store.changes();
        loop {
            changes.borrow_and_update();
            let worked = tokio::select! {
                worked = self.drain() => worked,
                _ = stop.wait_for(|stopped| *stopped) => return,
            };
            if worked.is_err() {
                tracing::error!("the store has stopped: no more messages are applied");
                return;
            }
            tokio::select! {
                changed = changes.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                _ = stop.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Works off everything that is pending now; returns how many messages were settled.
    ///
    /// # Errors
    /// [`Error::Stopped`] when the store has stopped.
    pub async fn catch_up(&self) -> Result<usize, Error> {
        self.drain().await.map_err(|Halt| Error::Stopped)
    }

    async fn drain(&self) -> Result<usize, Halt> {
        let mut settled = 0;
        let mut failures = 0;
        loop {
            let read =
                self.store.read(Arc::clone(&self.actor), |snapshot| snapshot.inbox_pending(BATCH)).await;
            let pending = match read {
                Ok(pending) if pending.is_empty() => return Ok(settled),
                Ok(pending) => pending,
                Err(error) => {
                    failures += 1;
                    self.wait(&Attempt::Failed(error), failures).await?;
                    continue;
                }
            };
            settled += pending.len();
            for wave in waves(pending, |message| &message.arrival.raw) {
                let lanes =
                    stream::iter(wave).map(|lane| self.lane(lane)).buffer_unordered(self.lanes.max(1));
                if lanes.any(|worked| async move { worked.is_err() }).await {
                    return Err(Halt);
                }
            }
        }
    }

    async fn lane(&self, messages: Vec<Message>) -> Result<(), Halt> {
        for message in &messages {
            self.message(message).await?;
        }
        Ok(())
    }

    async fn message(&self, message: &Message) -> Result<(), Halt> {
        let mut number = 0;
        loop {
            number += 1;
            let attempt = self.apply.apply(message).await;
            match self.retry.next(&attempt, number) {
                Next::Done => return Ok(()),
                Next::Stop => return Err(Halt),
                Next::Again { after_ms } => {
                    tracing::debug!(message = message.id, number, "message to be tried again");
                    tokio::time::sleep(Duration::from_millis(after_ms)).await;
                    if self.is_settled(message.id).await {
                        return Ok(());
                    }
                }
                Next::Settle(settlement) => return self.settle(message.id, settlement).await,
            }
        }
    }

    /// Whether an earlier attempt, or somebody else, has settled the message meanwhile.
    async fn is_settled(&self, id: i64) -> bool {
        let read = self.store.read(Arc::clone(&self.actor), move |snapshot| snapshot.inbox_message(id)).await;
        read.is_ok_and(|message| message.state != State::Received)
    }

    async fn settle(&self, id: i64, settlement: Settlement) -> Result<(), Halt> {
        if let Settlement::Dead { reason, .. } = &settlement {
            tracing::warn!(message = id, reason, "message goes to the dead letters");
        }
        let mut number = 0;
        loop {
            number += 1;
            let settlement = settlement.clone();
            let work = move |transaction: &mut store::Transaction| transaction.settle_inbox(id, &settlement);
            match self.store.write(Arc::clone(&self.actor), work).await {
                Ok(()) => return Ok(()),
                Err(Error::Conflict(_)) if self.is_settled(id).await => return Ok(()),
                Err(error) => self.wait(&Attempt::Failed(error), number).await?,
            }
        }
    }

    /// Waits as the retry rule says; settling itself is never given up while the store lives.
    async fn wait(&self, attempt: &Attempt, number: u32) -> Result<(), Halt> {
        let after_ms = match self.retry.next(attempt, number) {
            Next::Stop => return Err(Halt),
            Next::Again { after_ms } => after_ms,
            Next::Done | Next::Settle(_) => self.retry.longest_ms,
        };
        tracing::warn!(number, "the inbox cannot be worked on at present");
        tokio::time::sleep(Duration::from_millis(after_ms)).await;
        Ok(())
    }
}
