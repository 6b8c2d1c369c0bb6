//! Messages from outside: durable before anything reacts to them, each with exactly one effect.
//!
//! The raw bytes are never changed and never deleted. What a message means is not known here.

mod list;
mod message;
mod settle;

pub use list::{Counts, Listed};
pub use message::{Arrival, Message, Receipt, State};
pub use settle::Settlement;

use crate::{Actor, Error, Store};
use std::sync::Arc;

/// Makes a message durable. The receipt says whether it came before.
///
/// # Errors
/// [`Error::Forbidden`] unless the actor is the system; on [`Error::Busy`] and [`Error::ReadOnly`] do not acknowledge.
pub async fn receive(
    store: &Store,
    actor: impl Into<Arc<Actor>>,
    arrival: Arrival,
) -> Result<Receipt, Error> {
    let sha256 = arrival.sha256();
    store.write(actor, move |transaction| transaction.receive(&arrival, &sha256)).await
}

/// [`receive`] for a thread outside a runtime.
///
/// # Errors
/// As [`receive`].
pub fn receive_blocking(
    store: &Store,
    actor: impl Into<Arc<Actor>>,
    arrival: Arrival,
) -> Result<Receipt, Error> {
    let sha256 = arrival.sha256();
    store.write_blocking(actor, move |transaction| transaction.receive(&arrival, &sha256))
}
