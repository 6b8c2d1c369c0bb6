//! Entries of a record at the façade.

use super::entry::{entry, sheet};
use super::{Entry, Part, SheetBody};
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

    /// One sheet of a document of a person’s record, by its number.
    pub async fn sheet(
        &self,
        actor: &Actor,
        patient: &str,
        (id, number): (&str, usize),
    ) -> Result<SheetBody, Unseen> {
        match &self.0 {
            Source::Store(store) => sheet(store, actor, patient, (id, number)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                let whole = SheetBody { sheet: super::samples::sheet(), body: b"\x89PNG\r\n\x1a\n".to_vec() };
                plant.answer(whole.clone(), whole)
            }
        }
    }
}
