//! The shell: what a message changes is worked out on a snapshot by a reader, and written by the writer in one store
//! transaction, the settlement of the message included. When the record has moved on meanwhile, it is worked out again
//! inside the writer.
//!
//! It must hold no rule. Facts are kept under their message's key, so the same message twice has one effect.

use super::decide::{Refusal, refuse};
use super::event::Event;
use super::plan::Plan;
use std::sync::Arc;
use store::inbox::Settlement;
use store::{Actor, Error, Store};

/// The message that the events came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number in the inbox and how it is settled with its effect; `None` for what came otherwise.
    pub inbox: Option<(i64, Settlement)>,
    /// When it was received, in microseconds UTC.
    pub received_at: i64,
}

/// What applying did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Resources that got a new version.
    pub changed: usize,
    /// Whether the record had moved on between the snapshot and the commit, so that it was decided anew inside the writer.
    pub decided_again: bool,
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A rule says no; trying again would end alike.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Applies the events of one message: all of them or none.
///
/// # Errors
/// [`ApplyError`].
pub async fn apply(
    store: &Store,
    actor: Arc<Actor>,
    mut events: Vec<Event>,
    receipt: Receipt,
) -> Result<Applied, ApplyError> {
    for event in &mut events {
        refuse(event)?;
        event.inbox = receipt.inbox.as_ref().map(|(id, _)| *id);
        event.times.received_at = Some(receipt.received_at);
    }
    let events = Arc::new(events);
    let told = Arc::clone(&events);
    let plan = store.read(Arc::clone(&actor), move |snapshot| Plan::of(snapshot, &told)).await?;
    let applied = store
        .write(actor, move |transaction| {
            if let Some((id, settlement)) = &receipt.inbox {
                transaction.settle_inbox(*id, settlement)?;
            }
            if let Some(changed) = plan.commit(transaction)? {
                return Ok(Applied { changed, decided_again: false });
            }
            let again = Plan::of(transaction, &events)?.commit(transaction)?;
            let changed = again.ok_or(Error::Conflict("the record changed inside a commit"))?;
            Ok(Applied { changed, decided_again: true })
        })
        .await?;
    Ok(applied)
}
