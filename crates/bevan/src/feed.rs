//! The worker between inbox and record, wired: what a message does is said by `interop`, what follows from it by `care`.

use interop::apply::Feed;
use interop::intake::{Intake, Retry};
use interop::mapping;
use std::sync::Arc;
use store::{Actor, Store};

/// Patients worked on at once: what many messages write at once shares pages and syncs.
const LANES: usize = 64;

/// The worker of a record.
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
