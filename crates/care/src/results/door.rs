//! Results at the façade.

use super::{Feed, Matter, Outcome, Trend, matters, read, trend};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// A person's test results, newest first. `page` is a cursor that an earlier answer gave.
    pub async fn results(&self, actor: &Actor, patient: &str, page: Option<&str>) -> Result<Feed, Unseen> {
        match &self.0 {
            Source::Store(store) => read::feed(store, actor, patient, page).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(crate::view::Plant::PartsRefused, _) => Ok(Feed::sample_refused()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Feed::sample(), Feed::sample_empty()),
        }
    }

    /// The new results of a person that they have not opened themselves, newest first.
    pub async fn result_matters(&self, actor: &Actor, patient: &str) -> Result<Vec<Matter>, Unseen> {
        let new = match &self.0 {
            Source::Store(store) => {
                (matters::matters(store, actor, patient).await?, store.environment().clock.now())
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                let full = matters::matter(&Outcome::sample(), crate::view::SAMPLE_NOW);
                (plant.answer(full.into_iter().collect(), Vec::new())?, crate::view::SAMPLE_NOW)
            }
        };
        self.not_seen(actor, patient, new).await
    }

    /// One report.
    pub async fn result(&self, actor: &Actor, patient: &str, id: &str) -> Result<Outcome, Unseen> {
        match &self.0 {
            Source::Store(store) => read::outcome(store, actor, patient, id).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Outcome::sample(), Outcome::sample_waiting()),
        }
    }

    /// One test over time, by the id of one of its values.
    pub async fn trend(&self, actor: &Actor, patient: &str, id: &str) -> Result<Trend, Unseen> {
        match &self.0 {
            Source::Store(store) => trend::trend(store, actor, patient, id).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Trend::sample(), Trend::sample_one()),
        }
    }
}
