//! The timeline at the façade.

use super::{Timeline, read};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// A year of a person's record, the newest with something in it when none is named.
    pub async fn timeline(
        &self,
        actor: &Actor,
        patient: &str,
        year: Option<i16>,
    ) -> Result<Timeline, Unseen> {
        match &self.0 {
            Source::Store(store) => read::timeline(store, actor, patient, year).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(crate::view::Plant::PartsRefused, _) => Ok(Timeline::sample_failed()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Timeline::sample(), Timeline::sample_empty()),
        }
    }
}
