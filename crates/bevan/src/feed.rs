//! What a message from the inbox does to the record: HL7 v2 to events, events to changes. Wiring only; the meaning is in
//! `interop` and the rules are in `care`.

use interop::intake::{Apply, Attempt, Intake, Retry};
use std::sync::Arc;
use store::inbox::Message;
use store::{Actor, Store};

/// Version of the mapping, kept with every dead letter. Raise it when a message would map otherwise.
pub const MAPPER: &str = "1";

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
        retry: Retry::new(MAPPER),
        lanes: LANES,
    }
}

impl Apply for Feed {
    async fn apply(&self, message: &Message) -> Attempt {
        interop::mapping::apply(&self.store, &self.actor, message).await
    }
}
