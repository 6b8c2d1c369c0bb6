//! The one door into this crate for those who show records to people: every read slice as a method.
//!
//! A method answers a view for one actor, or says why not in the words of [`Unseen`]. It never filters after the fact:
//! the store decides what the actor sees. With the feature `samples`, [`Care::samples`] answers from the views' own
//! samples, so that pages can be tested and looked at without a record.

use crate::access_log::{self, AccessLog};
use crate::appointments::elsewhere::Others;
use crate::operations::{self, Operations};
use crate::patient_search::{self, Ask, Matches};
use crate::record::{self, Home, Part, Record};
use crate::services::Shelf;
use crate::site_view::{self, SiteView};
#[cfg(any(test, feature = "samples"))]
use crate::view::Plant;
use crate::view::Unseen;
use crate::ward_board::{self, WardBoard};
use store::{Actor, Position, Store, Viewing};
use tokio::sync::watch;

/// The record as people read it.
#[derive(Clone)]
pub struct Care(pub(crate) Source, pub(crate) Shelf, pub(crate) Others);

/// Where views come from. A slice's own `door.rs` adds its methods with `impl Care`.
#[derive(Clone)]
pub(crate) enum Source {
    Store(Store),
    #[cfg(any(test, feature = "samples"))]
    Samples(Plant, Sampled),
}

/// What samples need to answer like a store.
#[cfg(any(test, feature = "samples"))]
#[derive(Clone, Default)]
pub(crate) struct Sampled {
    changes: std::sync::Arc<watch::Sender<Position>>,
    pub(crate) drawer: crate::kept::Drawer,
}

impl Care {
    /// Reads from a store.
    pub fn new(store: Store) -> Self {
        Self(Source::Store(store), Shelf::default(), Others::default())
    }

    /// Answers from samples, in the manner that `plant` says.
    #[cfg(any(test, feature = "samples"))]
    pub fn samples(plant: Plant) -> Self {
        Self(Source::Samples(plant, Sampled::default()), Shelf::default(), Others::default())
    }

    /// Wakes whenever the record changed.
    pub fn changes(&self) -> watch::Receiver<Position> {
        match &self.0 {
            Source::Store(store) => store.changes(),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(_, samples) => samples.changes.subscribe(),
        }
    }

    /// One ward, bed by bed. `ward` is the id of its Location; `viewing` is kept by a view that stays open, so that each
    /// patient it shows is audited once a while and not at every change.
    pub async fn ward_board(
        &self,
        actor: &Actor,
        ward: &str,
        viewing: &Viewing,
    ) -> Result<WardBoard, Unseen> {
        match &self.0 {
            Source::Store(store) => ward_board::read(store, actor, ward, viewing).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(WardBoard::sample(), WardBoard::sample_empty()),
        }
    }

    /// All wards of the actor's organisation.
    pub async fn site_view(&self, actor: &Actor) -> Result<SiteView, Unseen> {
        match &self.0 {
            Source::Store(store) => site_view::read(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(SiteView::sample(), SiteView::sample_empty()),
        }
    }

    /// The people who answer a question, among those whom the actor may see.
    pub async fn patient_search(&self, actor: &Actor, ask: &Ask) -> Result<Matches, Unseen> {
        match &self.0 {
            Source::Store(store) => patient_search::read(store, actor, ask).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Matches::sample(), Matches::Found(Vec::new())),
        }
    }

    /// The id of the record with an NHS number, whoever cares for the person: for emergency access, which is asked for next.
    pub async fn emergency(&self, actor: &Actor, number: &str) -> Result<Option<String>, Unseen> {
        match &self.0 {
            Source::Store(store) => patient_search::emergency(store, actor, number).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Some(String::from("sample-patient-1")), None),
        }
    }

    /// Whether anything of these types changed after a position, and up to which position that is known. `viewing`
    /// belongs to the view that asks, as in [`Care::ward_board`].
    pub async fn touched(
        &self,
        actor: &Actor,
        after: u64,
        types: &'static [&'static str],
        viewing: &Viewing,
    ) -> Result<(u64, bool), Unseen> {
        match &self.0 {
            Source::Store(store) => ward_board::touched(store, actor, (after, types), viewing).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(_, _) => Ok((after, true)),
        }
    }

    /// One part of a person's record, with the banner. `page` is a cursor that an earlier answer gave.
    pub async fn record(
        &self,
        actor: &Actor,
        patient: &str,
        part: Part,
        page: Option<&str>,
    ) -> Result<Record, Unseen> {
        match &self.0 {
            Source::Store(store) => record::read(store, actor, patient, (part, page)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(Plant::PartsRefused, _) => Ok(Record::sample_refused()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Record::sample(), Record::sample_empty()),
        }
    }

    /// What a patient's home page says about them.
    pub async fn home(&self, actor: &Actor, patient: &str) -> Result<Home, Unseen> {
        match &self.0 {
            Source::Store(store) => record::home(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Home::sample(), Home::sample_empty()),
        }
    }

    /// Who looked at a person's record, newest first.
    pub async fn access_log(
        &self,
        actor: &Actor,
        patient: &str,
        page: Option<&str>,
    ) -> Result<AccessLog, Unseen> {
        match &self.0 {
            Source::Store(store) => access_log::read(store, actor, patient, page).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(Plant::PartsRefused, _) => Ok(AccessLog::sample_failed()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(AccessLog::sample(), AccessLog::sample_empty()),
        }
    }

    /// Feeds, inbox and dead letters.
    pub async fn operations(&self, actor: &Actor, page: Option<&str>) -> Result<Operations, Unseen> {
        match &self.0 {
            Source::Store(store) => operations::read(store, actor, page).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Operations::sample(), Operations::sample_empty()),
        }
    }

    /// Closes a matter that messages left open. Doing it twice has one effect.
    pub async fn close_matter(&self, actor: &Actor, id: &str, once: &str) -> Result<(), Unseen> {
        match &self.0 {
            Source::Store(store) => operations::close(store, actor, (id, once)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()),
        }
    }

    /// Audits what a door refused somebody whose role does not open it: `GET /staff/operations`.
    pub async fn refused(&self, actor: &Actor, what: &str) -> Result<(), Unseen> {
        match &self.0 {
            Source::Store(store) => {
                store.refuse(actor.clone(), what).await.map_err(|error| crate::lookup::unseen(&error))
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(..) => Ok(()),
        }
    }

    /// Puts a dead letter back in the queue. Doing it twice has one effect.
    pub async fn replay(&self, actor: &Actor, letter: i64) -> Result<(), Unseen> {
        match &self.0 {
            Source::Store(store) => operations::replay(store, actor, letter).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()),
        }
    }
}
