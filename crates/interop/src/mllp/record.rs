//! The store's inbox as the listener sees it.

use super::inbox::{Envelope, Inbox, Kept, NotKept};
use std::sync::Arc;
use store::inbox::{Arrival, receive};
use store::{Actor, Error, Store};

/// The inbox of a record.
#[derive(Clone)]
pub struct Record {
    /// The record.
    pub store: Store,
    /// The system's own actor.
    pub actor: Arc<Actor>,
}

impl Inbox for Record {
    async fn receive(&self, envelope: Arc<Envelope>) -> Result<Kept, NotKept> {
        let arrival = Arrival {
            source: envelope.source().into(),
            application: envelope.application.as_str().into(),
            facility: envelope.facility.as_str().into(),
            control_id: envelope.control_id.as_str().into(),
            raw: envelope.raw.clone(),
        };
        match receive(&self.store, Arc::clone(&self.actor), arrival).await {
            Ok(receipt) => {
                Ok(Kept { duplicate: receipt.duplicate, control_id_reused: receipt.control_id_reused })
            }
            Err(Error::Busy | Error::ReadOnly | Error::AuditUnavailable | Error::Stopped) => {
                Err(NotKept::Later)
            }
            Err(error) => {
                tracing::error!(%error, "a message could not be kept");
                Err(NotKept::Failed)
            }
        }
    }
}
