//! Which units of a file are done. The mark is a fact in the same commit as the unit, so it is true exactly when the unit
//! is in the record.

use super::files::Source;
use anyhow::Result;
use std::collections::HashSet;
use std::sync::Arc;
use store::{Actor, Fact, Store};

/// Keys of the units that are done.
pub struct Done(HashSet<String>);

impl Done {
    /// Whether a unit is done.
    pub fn holds(&self, key: &str) -> bool {
        self.0.contains(key)
    }
}

/// Reads the marks of a file.
pub fn done(store: &Store, actor: &Arc<Actor>, source: &Source) -> Result<Done> {
    let stream = stream(source);
    let facts = store.read_blocking(Arc::clone(actor), move |snapshot| snapshot.facts(&stream))?;
    Ok(Done(facts.into_iter().map(|recorded| recorded.fact.key.to_string()).collect()))
}

/// The mark of a unit.
pub fn of(source: &Source, key: &str) -> Fact {
    Fact { stream: stream(source).into(), key: key.into(), occurred_at: 0, body: Vec::new(), message: None }
}

/// A file is the same file while its path and size are the same.
fn stream(source: &Source) -> String {
    let path = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
    format!("import:{}:{}", source.bytes, path.display())
}
