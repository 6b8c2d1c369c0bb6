//! What the inbox's worker does with a message: tokenise, map, apply. One message is one transaction.
//!
//! It must never settle a message in another way than by its effect: what cannot be applied is told to the worker.

use crate::intake::{Apply, Attempt};
use crate::mapping::events;
use care::patient_flow::{ApplyError, Receipt, apply};
use std::sync::Arc;
use store::inbox::Message;
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
        let events = match hl7v2::Message::parse(&message.arrival.raw) {
            Err(fault) => return Attempt::Refused { reason: format!("not a message: {fault}") },
            Ok(parsed) => match events(&parsed.message) {
                Err(reason) => return Attempt::Refused { reason: reason.to_string() },
                Ok(events) => events,
            },
        };
        let receipt = Receipt { inbox: Some(message.id), received_at: message.received_at };
        match apply(&self.store, Arc::clone(&self.actor), events, receipt).await {
            Ok(applied) => {
                if !applied.concerns.is_empty() {
                    let concerns = applied.concerns.len();
                    tracing::debug!(message = message.id, concerns, "applied with matters for a person");
                }
                Attempt::Applied
            }
            Err(ApplyError::Refused(refusal)) => Attempt::Refused { reason: refusal.to_string() },
            Err(ApplyError::Store(error)) => Attempt::Failed(error),
        }
    }
}
