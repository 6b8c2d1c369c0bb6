//! The slice's methods of the façade.

use super::view::{Finished, Person, Started};
use super::{letter, read};
use crate::facade::{Care, Source};
use crate::family::Acting;
use crate::patient_search::{Ask, Matches};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// Finds somebody to do something for: by NHS number, or by name and date of birth.
    pub async fn find_to_assist(&self, actor: &Actor, ask: &Ask) -> Result<Matches, Unseen> {
        match &self.0 {
            Source::Store(store) => read::search(store, actor, ask).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Matches::sample(), Matches::Found(Vec::new())),
        }
    }

    /// The person of an id, for the page that asks whether it is they who ask.
    pub async fn to_assist(&self, actor: &Actor, patient: &str) -> Result<Person, Unseen> {
        match &self.0 {
            Source::Store(store) => read::person(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Person::sample(), Person::sample_bare()),
        }
    }

    /// What staff may do in a patient's place, asked at every request. Not open is [`Unseen::NotFound`], whatever the reason.
    pub async fn assisting(&self, actor: &Actor, started: &Started) -> Result<Acting, Unseen> {
        match &self.0 {
            Source::Store(store) => read::standing(store, actor, started).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                let acting = Acting::sample_in_place(started);
                plant.answer(acting.clone(), acting)
            }
        }
    }

    /// Ends what staff do in a patient's place: what was done, and how the patient is told. The letter is written now.
    pub async fn finish_assisting(&self, actor: &Actor, started: &Started) -> Result<Finished, Unseen> {
        match &self.0 {
            Source::Store(store) => letter::finish(store, actor, &started.patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Finished::sample(), Finished::sample_empty()),
        }
    }
}
