//! What a message from the inbox does to the record: HL7 v2 to events, events to changes. Wiring only; the meaning is in
//! `interop` and the rules are in `care`.

use care::patient_flow::{self, ApplyError, Receipt};
use hl7v2::Message as Parsed;
use interop::intake::{Apply, Attempt, Intake, Retry};
use interop::mapping;
use std::sync::Arc;
use store::inbox::Message;
use store::{Actor, Store};

/// Patients worked on at once.
const LANES: usize = 8;

/// Applies messages to a record.
pub struct Feed {
    store: Store,
    actor: Arc<Actor>,
}

/// The worker between inbox and record.
pub fn intake(store: &Store) -> Intake<Feed> {
    let actor = Arc::new(Actor::system("feed"));
    Intake {
        store: store.clone(),
        actor: Arc::clone(&actor),
        apply: Feed { store: store.clone(), actor },
        retry: Retry::new(mapping::VERSION),
        lanes: LANES,
    }
}

impl Apply for Feed {
    async fn apply(&self, message: &Message) -> Attempt {
        let events = match Parsed::parse(&message.arrival.raw).map(|parsed| mapping::events(&parsed.message))
        {
            Err(fault) => return Attempt::Refused { reason: fault.to_string() },
            Ok(Err(unmappable)) => return Attempt::Refused { reason: unmappable.to_string() },
            Ok(Ok(events)) => events,
        };
        if events.is_empty() {
            return Attempt::Ignored { reason: String::from("the message tells nothing that is kept") };
        }
        let receipt = Receipt { inbox: Some(message.id), received_at: message.received_at };
        match patient_flow::apply(&self.store, Arc::clone(&self.actor), events, receipt).await {
            Ok(_) => Attempt::Applied,
            Err(ApplyError::Refused(refusal)) => Attempt::Refused { reason: refusal.to_string() },
            Err(ApplyError::Store(error)) => Attempt::Failed(error),
        }
    }
}
