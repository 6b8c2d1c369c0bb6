//! Keeps a choice: read, decide, one commit, once for each key.

use super::contacts::today;
use super::decide::{Change, decide};
use super::view::Undone;
use crate::lookup::unseen;
use store::{Actor, Capability, Error, Found, IfMatch, Prepared, Store};

/// What a person writes about themselves.
pub const PROFILE: Capability = Capability { name: "profile", writes: &["Patient"], shared: &[] };

/// Keeps a choice of a person. The same key a second time does nothing more.
pub(super) async fn change(
    store: &Store,
    actor: &Actor,
    (patient, once): (&str, &str),
    change: Change,
) -> Result<(), Undone> {
    let (id, once) = (patient.to_owned(), once.to_owned());
    let today = today(store.environment().clock.now()).to_string();
    let written = store.write(actor.within(&PROFILE), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let Found::Present(current) = transaction.read("Patient", &id)? else { return Err(Error::NotFound) };
        let before = current.value()?;
        let next = match decide(&before, &change, &today) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let next = Prepared::new(next).map_err(Error::Unprocessable)?;
        transaction.update(&next, IfMatch::Version(current.version))?;
        transaction.settle_once(&once, "kept")?;
        Ok(Ok(()))
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}
