//! Copies of a record at the façade.

use super::{Copy, read};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// A whole record, for reading.
    pub async fn copy(&self, actor: &Actor, patient: &str) -> Result<Copy, Unseen> {
        match &self.0 {
            Source::Store(store) => read::copy(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Copy::sample(), Copy::sample_empty()),
        }
    }

    /// A whole record as a FHIR document: the bytes of a Bundle, Composition first.
    pub async fn document(&self, actor: &Actor, patient: &str) -> Result<Vec<u8>, Unseen> {
        match &self.0 {
            Source::Store(store) => read::document(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(b"{}".to_vec(), b"{}".to_vec()),
        }
    }
}
