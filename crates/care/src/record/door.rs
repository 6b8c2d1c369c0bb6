//! Entries of a record at the façade.

use super::entry::entry;
use super::{Entry, Part};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// One entry of a part of a person's record.
    pub async fn entry(
        &self,
        actor: &Actor,
        patient: &str,
        (part, id): (Part, &str),
    ) -> Result<Entry, Unseen> {
        match &self.0 {
            Source::Store(store) => entry(store, actor, patient, (part, id)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Entry::sample(part), Entry::sample_bare(part)),
        }
    }
}
