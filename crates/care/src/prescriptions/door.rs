//! The slice's methods of the façade.

use super::answer::{self, Answer, Unanswered};
use super::decide::Ask;
use super::matters::Matter;
use super::request::Unasked;
use super::view::{Case, One, Place, Prescriptions, Queue};
use super::{pharmacy, read, request};
use crate::facade::{Care, Source};
use crate::view::{Section, Unseen};
use store::Actor;

impl Care {
    /// A person's repeat medicines, requests and prescriptions.
    pub async fn prescriptions(&self, actor: &Actor, patient: &str) -> Result<Prescriptions, Unseen> {
        match &self.0 {
            Source::Store(store) => read::list(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(crate::view::Plant::PartsRefused, _) => Ok(Prescriptions::sample_refused()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Prescriptions::sample(), Prescriptions::sample_empty()),
        }
    }

    /// What of a person's prescriptions needs them.
    pub async fn prescription_matters(&self, actor: &Actor, patient: &str) -> Result<Vec<Matter>, Unseen> {
        let all = self.prescriptions(actor, patient).await?;
        match all.prescriptions {
            Section::Failed => Err(Unseen::Failed),
            Section::Shown(_) | Section::NoAccess => Ok(all.matters()),
        }
    }

    /// One prescription by its short-form id, or one request by its id.
    pub async fn prescription(&self, actor: &Actor, patient: &str, id: &str) -> Result<One, Unseen> {
        match &self.0 {
            Source::Store(store) => read::one(store, actor, patient, id).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(One::sample(), One::sample_request()),
        }
    }

    /// Asks for repeat medicines in a person's name; answers the request's id. `once` makes it one request.
    pub async fn request_repeats(
        &self,
        actor: &Actor,
        (patient, once): (&str, &str),
        ask: Ask,
    ) -> Result<String, Unasked> {
        match &self.0 {
            Source::Store(store) => request::ask(store, actor, (patient, once), ask).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(String::from("sample-1"), String::from("sample-1")).map_err(Unasked::Unseen)
            }
        }
    }

    /// Pharmacies by a part of their name, their town or their postcode.
    pub async fn pharmacies(&self, actor: &Actor, near: &str) -> Result<Vec<Place>, Unseen> {
        match &self.0 {
            Source::Store(store) => pharmacy::find(store, actor, near).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(vec![Place::sample()], Vec::new()),
        }
    }

    /// Chooses the pharmacy that a person's prescriptions go to; `None` takes the choice back.
    pub async fn choose_pharmacy(
        &self,
        actor: &Actor,
        (patient, once): (&str, &str),
        ods: Option<&str>,
    ) -> Result<(), Unseen> {
        match &self.0 {
            Source::Store(store) => pharmacy::choose(store, actor, (patient, once), ods).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()),
        }
    }

    /// The requests that wait for the actor's surgery.
    pub async fn prescription_queue(&self, actor: &Actor) -> Result<Queue, Unseen> {
        match &self.0 {
            Source::Store(store) => read::queue(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Queue::sample(), Queue::sample_empty()),
        }
    }

    /// One request as the surgery sees it.
    pub async fn prescription_case(&self, actor: &Actor, request: &str) -> Result<Case, Unseen> {
        match &self.0 {
            Source::Store(store) => read::case(store, actor, request).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Case::sample(), Case::sample()),
        }
    }

    /// Approves or refuses medicines of a request, by the ids of their lines. `once` makes it one answer.
    pub async fn answer_prescriptions(
        &self,
        actor: &Actor,
        (request, once): (&str, &str),
        answer: (Vec<String>, Answer),
    ) -> Result<(), Unanswered> {
        match &self.0 {
            Source::Store(store) => answer::answer(store, actor, (request, once), answer).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Unanswered::Unseen),
        }
    }
}
