//! What the inbox's worker does with a message: tokenise, map, apply. One message is one transaction.
//!
//! A message that is not understood stays a dead letter; the stay that its PV1 names is recorded, implied, in the commit
//! that settles it. It must never settle a message in another way than by its effect: what cannot be applied is told to the worker.

use crate::intake::{Apply, Attempt};
use crate::mapping::{Unmappable, VERSION, events, revealed};
use care::patient_flow::{ApplyError, Receipt, apply};
use std::sync::Arc;
use store::inbox::{Message, Settlement};
use store::{Actor, Store};

/// Turns inbox messages into the record.
pub struct Feed {
    /// The record.
    pub store: Store,
    /// The system's own actor.
    pub actor: Arc<Actor>,
}

impl Apply for Feed {
    async fn apply(&self, message: &Message) -> Attempt {
        let (events, settlement) = match hl7v2::Message::parse(&message.arrival.raw) {
            Err(fault) => return Attempt::Refused { reason: format!("not a message: {fault}") },
            Ok(parsed) => match events(&parsed.message) {
                Err(reason) => match revealed(&parsed.message) {
                    events if events.is_empty() => return Attempt::Refused { reason: reason.to_string() },
                    events => (events, dead(message.id, &reason)),
                },
                Ok(events) => (events, Settlement::Applied),
            },
        };
        let receipt = Receipt { inbox: Some((message.id, settlement)), received_at: message.received_at };
        match apply(&self.store, Arc::clone(&self.actor), events, receipt).await {
            Ok(applied) => {
                if applied.decided_again {
                    tracing::debug!(message = message.id, "decided again: the record had moved on");
                }
                Attempt::Applied
            }
            Err(ApplyError::Refused(refusal)) => Attempt::Refused { reason: refusal.to_string() },
            Err(ApplyError::Store(error)) => Attempt::Failed(error),
        }
    }
}

/// The dead letter of a message whose stay was recorded all the same.
fn dead(message: i64, reason: &Unmappable) -> Settlement {
    let reason = format!("{reason}; the stay that it names is recorded as implied");
    tracing::warn!(message, reason, "message goes to the dead letters");
    Settlement::Dead { reason, mapper: VERSION.to_owned() }
}
