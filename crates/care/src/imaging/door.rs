//! This slice's methods of the one door.

use super::assumptions::Wish;
use super::read;
use super::view::{Gain, Outlook, ScanList};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use jiff::civil::Date;
use store::Actor;

impl Care {
    /// The scans of a day at the reader's organisation; today's without a day.
    pub async fn scan_list(
        &self,
        actor: &Actor,
        date: Option<Date>,
        wish: &Wish,
    ) -> Result<ScanList, Unseen> {
        match &self.0 {
            Source::Store(store) => read::list(store, actor, date, wish).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(ScanList::sample(wish), ScanList::sample_empty()),
        }
    }

    /// Scans that each of the organisation's scanners would have won by acceleration, simulated.
    pub async fn scans_won(&self, actor: &Actor, wish: &Wish) -> Result<Gain, Unseen> {
        match &self.0 {
            Source::Store(store) => read::gain(store, actor, wish).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Gain::sample(wish), Gain::sample_empty()),
        }
    }

    /// The organisation's waiting list for scans played forward, with and without acceleration.
    pub async fn scan_outlook(&self, actor: &Actor, wish: &Wish) -> Result<Outlook, Unseen> {
        match &self.0 {
            Source::Store(store) => read::outlook(store, actor, wish).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Outlook::sample(wish), Outlook::sample_empty()),
        }
    }
}
