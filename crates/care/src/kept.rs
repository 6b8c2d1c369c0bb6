//! What the doors keep for a while and is no part of anybody's record: sessions, half-filled forms, sign-ins under way.
//! Each row has a kind, a key, an owner and an end; it is never searched, never audited and never shown as FHIR.
//! Must never hold anything that belongs in the record.

use crate::Care;
use crate::view::Unseen;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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

/// Rows in memory.
#[derive(Clone, Default)]
pub(crate) struct Drawer(Arc<Mutex<HashMap<(&'static str, String), Kept>>>);

impl Drawer {
    fn open<T>(&self, with: impl FnOnce(&mut HashMap<(&'static str, String), Kept>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Care {
    /// Keeps a row, in place of the one of its kind and key.
    pub async fn keep(&self, row: Kept) -> Result<(), Unseen> {
        self.1.open(|rows| rows.insert((row.kind, row.key.clone()), row));
        Ok(())
    }

    /// The row of a kind and key, while it is kept.
    pub async fn kept(&self, kind: &'static str, key: &str, now: Timestamp) -> Result<Option<Kept>, Unseen> {
        let row = self.1.open(|rows| rows.get(&(kind, key.to_owned())).cloned());
        Ok(row.filter(|row| now < row.ends_at))
    }

    /// Forgets a row.
    pub async fn forget(&self, kind: &'static str, key: &str) -> Result<(), Unseen> {
        self.1.open(|rows| rows.remove(&(kind, key.to_owned())));
        Ok(())
    }

    /// Forgets every row whose end has come.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), Unseen> {
        self.1.open(|rows| rows.retain(|_, row| now < row.ends_at));
        Ok(())
    }
}
