//! The slice's methods of the façade.

use super::decide::Application;
use super::matters::Matter;
use super::view::{Acting, Case, Family, Undone, Waiting};
use super::write::Order;
use super::{notices, read, write};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// What somebody may do for another by a relationship, asked at every request. Not open is [`Unseen::NotFound`],
    /// whatever the reason: a carer cannot tell a hidden record from one that never was.
    pub async fn standing(&self, actor: &Actor, relationship: &str) -> Result<Acting, Unseen> {
        match &self.0 {
            Source::Store(store) => read::acting(store, actor, relationship).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) if relationship == Acting::sample().relationship => {
                plant.answer(Acting::sample(), Acting::sample())
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(..) => Err(Unseen::NotFound),
        }
    }

    /// Whom a person acts for, and who acts for them.
    pub async fn family(&self, actor: &Actor) -> Result<Family, Unseen> {
        match &self.0 {
            Source::Store(store) => read::family(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Family::sample(), Family::sample_empty()),
        }
    }

    /// What of acting for others needs a person.
    pub async fn family_matters(&self, actor: &Actor) -> Result<Vec<Matter>, Unseen> {
        match &self.0 {
            Source::Store(store) => Ok(read::news(store, actor).await?.matters()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Family::sample(), Family::sample_empty()).map(|family| family.matters())
            }
        }
    }

    /// Applies to act for somebody; `once` makes it one application. Whether there is such a person is not told.
    pub async fn apply_for_family(
        &self,
        actor: &Actor,
        once: &str,
        application: Application,
    ) -> Result<String, Undone> {
        match &self.0 {
            Source::Store(store) => write::apply(store, actor, once, application).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(String::from("sample-1"), String::from("sample-1")).map_err(Undone::Unseen)
            }
        }
    }

    /// Stops acting for somebody.
    pub async fn stop_acting(&self, actor: &Actor, relationship: &str) -> Result<(), Undone> {
        match &self.0 {
            Source::Store(store) => write::stop(store, actor, relationship).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Undone::Unseen),
        }
    }

    /// What waits for the actor's surgery: applications, and young people to be asked.
    pub async fn family_queue(&self, actor: &Actor) -> Result<Vec<Waiting>, Unseen> {
        match &self.0 {
            Source::Store(store) => read::queue(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(vec![Waiting::sample()], Vec::new()),
        }
    }

    /// One relationship as the surgery sees it.
    pub async fn family_case(&self, actor: &Actor, relationship: &str) -> Result<Case, Unseen> {
        match &self.0 {
            Source::Store(store) => read::case(store, actor, relationship).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Case::sample(), Case::sample()),
        }
    }

    /// The surgery, or the person whose record it is, decides about a relationship. `once` makes it one decision.
    pub async fn family_order(
        &self,
        actor: &Actor,
        (relationship, once): (&str, &str),
        order: Order,
    ) -> Result<(), Undone> {
        match &self.0 {
            Source::Store(store) => {
                write::order(store, actor, (relationship, once), order).await?;
                // Whoever is to be told is told by the hour at the latest; at once is better.
                let _told = notices::tell_of(store, relationship).await.is_ok();
                Ok(())
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Undone::Unseen),
        }
    }
}
