//! The slice's methods of the façade.

use super::decide::Change;
use super::view::{Profile, Undone};
use super::{read, write};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// A person's details and choices.
    pub async fn profile(&self, actor: &Actor, patient: &str) -> Result<Profile, Unseen> {
        match &self.0 {
            Source::Store(store) => read::read(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Profile::sample(), Profile::sample_empty()),
        }
    }

    /// Keeps a choice of a person; `once` makes it one change.
    pub async fn change_profile(
        &self,
        actor: &Actor,
        (patient, once): (&str, &str),
        change: Change,
    ) -> Result<(), Undone> {
        match &self.0 {
            Source::Store(store) => write::change(store, actor, (patient, once), change).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                super::samples::change(&change)?;
                plant.answer((), ()).map_err(Undone::Unseen)
            }
        }
    }
}
