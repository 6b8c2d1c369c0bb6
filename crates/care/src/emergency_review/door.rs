//! The slice's methods of the façade.

use super::decide::Finding;
use super::view::{Access, Reviews, Undone};
use super::{read, write};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use jiff::Timestamp;
use store::Actor;

impl Care {
    /// The emergency accesses by staff of the privacy officer's organisation.
    pub async fn emergency_reviews(&self, actor: &Actor) -> Result<Reviews, Unseen> {
        match &self.0 {
            Source::Store(store) => read::reviews(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Reviews::sample(), Reviews::sample_empty()),
        }
    }

    /// One emergency access.
    pub async fn emergency_access(&self, actor: &Actor, id: &str) -> Result<Access, Unseen> {
        match &self.0 {
            Source::Store(store) => read::one(store, actor, id).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Access::sample(), Access::sample_done()),
        }
    }

    /// Records what came of the review of an access, of which the officer had seen everything up to `seen`; `once` makes it
    /// one finding.
    pub async fn review_emergency(
        &self,
        actor: &Actor,
        (id, once): (&str, &str),
        seen: Timestamp,
        (finding, words): (Finding, &str),
    ) -> Result<(), Undone> {
        match &self.0 {
            Source::Store(store) => write::record(store, actor, (id, once), seen, (finding, words)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Undone::Unseen),
        }
    }
}
