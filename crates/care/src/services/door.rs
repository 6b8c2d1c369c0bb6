//! The slice's part of the one door for those who show things to people.

use super::directory::Directory;
use crate::facade::{Care, Source};
use crate::view::Unseen;
use std::sync::Arc;

impl Care {
    /// Every service and place, for anybody. `trace` is the id of the request.
    ///
    /// # Errors
    /// [`Unseen::Unavailable`] when the record cannot be read and never could since the start.
    pub async fn directory(&self, trace: &str) -> Result<Arc<Directory>, Unseen> {
        match &self.0 {
            Source::Store(store) => self.1.directory(store, trace).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Directory::sample(), Directory::sample_empty()).map(Arc::new)
            }
        }
    }
}
