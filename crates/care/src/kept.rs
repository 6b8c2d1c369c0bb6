//! What the doors keep for a while and is no part of anybody's record: sessions, half-filled forms, sign-ins under way.
//! Each row has a kind, a key, an owner and an end; it is never searched, never audited and never shown as FHIR.
//! Must never hold anything that belongs in the record.

use crate::Care;
use crate::facade::Source;
use crate::lookup::unseen;
use crate::view::Unseen;
use jiff::Timestamp;
#[cfg(any(test, feature = "samples"))]
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    sync::{Arc, Mutex, PoisonError},
};

/// A row that is kept for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is: `session`, `draft`, …
    pub kind: &'static str,
    /// Its name within the kind; a hash where the name itself is a secret.
    pub key: String,
    /// Reference to the person it belongs to; empty before anybody is known.
    pub owner: String,
    /// What is kept.
    pub body: String,
    /// When it is forgotten.
    pub ends_at: Timestamp,
}

impl Care {
    /// Keeps a row, in place of the one of its kind and key.
    pub async fn keep(&self, row: Kept) -> Result<(), Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let row = store::Kept {
                    kind: row.kind.into(),
                    key: row.key.as_str().into(),
                    owner: row.owner.as_str().into(),
                    body: row.body.into_bytes(),
                    ends_at: row.ends_at,
                };
                store.keep(row).await.map_err(|error| unseen(&error))
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(_, samples) => {
                samples.drawer.write(|rows| rows.insert((row.kind, row.key.clone()), row)).map(|_| ())
            }
        }
    }

    /// The row of a kind and key, while it is kept.
    pub async fn kept(&self, kind: &'static str, key: &str, now: Timestamp) -> Result<Option<Kept>, Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let row = store.kept(kind, key).await.map_err(|error| unseen(&error))?;
                Ok(row.filter(|row| now < row.ends_at).and_then(|row| of_store(kind, row)))
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(_, samples) => {
                let row = samples.drawer.open(|rows| rows.get(&(kind, key.to_owned())).cloned());
                Ok(row.filter(|row| now < row.ends_at))
            }
        }
    }

    /// Forgets a row and gives out what it was, so that of two who ask for it at once only one gets it.
    pub async fn forget(&self, kind: &'static str, key: &str) -> Result<Option<Kept>, Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let row = store.forget(kind, key).await.map_err(|error| unseen(&error))?;
                Ok(row.and_then(|row| of_store(kind, row)))
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(_, samples) => samples.drawer.write(|rows| rows.remove(&(kind, key.to_owned()))),
        }
    }

    /// From now on rows of samples can be read and not written, as when the disk is full; or they can be again.
    #[cfg(any(test, feature = "samples"))]
    pub fn refuse_rows(&self, refused: bool) {
        if let Source::Samples(_, samples) = &self.0 {
            samples.drawer.1.store(refused, Ordering::Relaxed);
        }
    }
}

fn of_store(kind: &'static str, row: store::Kept) -> Option<Kept> {
    Some(Kept {
        kind,
        key: row.key.to_string(),
        owner: row.owner.to_string(),
        body: String::from_utf8(row.body).ok()?,
        ends_at: row.ends_at,
    })
}

#[cfg(any(test, feature = "samples"))]
type Rows = HashMap<(&'static str, String), Kept>;

/// Rows in memory, for samples, and whether writing them is refused.
#[cfg(any(test, feature = "samples"))]
#[derive(Clone, Default)]
pub(crate) struct Drawer(Arc<Mutex<Rows>>, Arc<AtomicBool>);

#[cfg(any(test, feature = "samples"))]
impl Drawer {
    fn open<T>(&self, with: impl FnOnce(&mut Rows) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, with: impl FnOnce(&mut Rows) -> T) -> Result<T, Unseen> {
        if self.1.load(Ordering::Relaxed) { Err(Unseen::Unavailable) } else { Ok(self.open(with)) }
    }
}
