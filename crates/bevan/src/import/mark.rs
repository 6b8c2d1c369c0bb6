//! What of a file is in the record. A mark is a fact in the same commit as what it stands for, so it is true exactly when
//! that is in the record.
//!
//! It holds the hashes of the items (lines, entries, documents) that the commit put in, wherever they stand in the file. So
//! a file that was mended, or has grown, is passed over where it says the same; and what was refused has no mark, is tried
//! again and reported again.

use super::files::Source;
use anyhow::Result;
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Actor, Fact, Store};

/// The first half of the SHA-256 of what an item says.
pub type Hash = u128;

/// Hashes what an item says.
pub fn hash(bytes: &[u8]) -> Hash {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.iter().take(size_of::<Hash>()).fold(0, |hash, byte| hash << 8 | Hash::from(*byte))
}

/// The items of a file that earlier runs put in.
pub struct Done(Mutex<Known>);

/// Hashes in order, and how many items with each were put in and not met again yet.
struct Known {
    hashes: Vec<Hash>,
    left: Vec<u32>,
}

impl Done {
    /// Whether an item is in the record; each that was put in answers for one.
    pub fn take(&self, hash: Hash) -> bool {
        let Known { hashes, left } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = hashes.binary_search(&hash).ok().and_then(|at| left.get_mut(at));
        match found.filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                true
            }
            None => false,
        }
    }

    fn of(mut all: Vec<Hash>) -> Self {
        all.sort_unstable();
        let left = all.chunk_by(|a, b| a == b).map(|same| u32::try_from(same.len()).unwrap_or(u32::MAX));
        let left = left.collect();
        all.dedup();
        Self(Mutex::new(Known { hashes: all, left }))
    }
}

/// Reads the marks of a file.
pub fn done(store: &Store, actor: &Arc<Actor>, source: &Source) -> Result<Done> {
    let stream = stream(source);
    let facts = store.read_blocking(Arc::clone(actor), move |snapshot| snapshot.facts(&stream))?;
    Ok(Done::of(facts.iter().flat_map(|recorded| hashes(&recorded.fact.body)).collect()))
}

/// The mark of items that go in together; `first` is the place of the first.
pub fn of(source: &Source, first: &str, items: impl Iterator<Item = Hash>) -> Fact {
    let body: Vec<u8> = items.flat_map(Hash::to_be_bytes).collect();
    let key = format!("{first} {:032x}", hash(&body));
    Fact { stream: stream(source).into(), key: key.into(), occurred_at: 0, body, message: None }
}

fn hashes(body: &[u8]) -> impl Iterator<Item = Hash> {
    body.as_chunks().0.iter().map(|bytes| Hash::from_be_bytes(*bytes))
}

/// A file is the same file while its path is the same.
fn stream(source: &Source) -> String {
    let path = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
    format!("import:{}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::files::Form;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let source = Source { path: "a b.ndjson".into(), form: Form::Ndjson, bytes: 1 };
        let items = [hash(b"x"), hash(b"y"), 1];
        let mark = of(&source, "line 3", items.into_iter());
        assert_eq!(hashes(&mark.body).collect::<Vec<_>>(), items);
        assert_ne!(mark.key, of(&source, "line 4", items.into_iter()).key);
    }

    #[test]
    fn what_was_put_in_twice_answers_for_two() {
        let done = Done::of(vec![hash(b"a"), hash(b"b"), hash(b"a")]);
        let taken = ["a", "c", "a", "b", "a", "b"].map(|item| done.take(hash(item.as_bytes())));
        assert_eq!(taken, [true, false, true, true, false, false]);
        assert_eq!(hash(b"") >> 120, 0xe3, "SHA-256");
    }
}
