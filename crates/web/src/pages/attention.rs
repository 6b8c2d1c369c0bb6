//! What needs a person: slices hand in their items through [`SOURCES`], one line each, and the home page shows the three that
//! matter most. A source that fails hides nobody else's items, and the page says that something could not be checked.

use crate::state::State;
use crate::visit::{Problem, Visit};
use futures_util::future::join_all;
use std::pin::Pin;

/// How much it matters: what stands higher is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Something may be wrong, or is about to be missed.
    Alarm,
    /// Something has a day.
    Dated,
    /// Something is new.
    News,
}

/// One item: **what** in strong letters, the words after it, and where to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// How much it matters.
    pub rank: Rank,
    /// What it is about.
    pub what: String,
    /// What there is to say of it.
    pub words: String,
    /// What the link says, and where it leads; made with `visit.link`.
    pub link: Option<(&'static str, String)>,
}

/// The items of one slice for the person of a visit.
pub type Items<'a> = Pin<Box<dyn Future<Output = Result<Vec<Item>, Problem>> + Send + 'a>>;

/// A slice that hands in items: `|state, visit| Box::pin(attention(state, visit))`.
pub type Source = for<'a> fn(&'a State, &'a Visit) -> Items<'a>;

/// Every slice that hands in items.
pub const SOURCES: &[Source] = &[super::patient::attention];

/// How many messages are unread: the one inbox answers this when it is there.
pub type Unread =
    for<'a> fn(&'a State, &'a Visit) -> Pin<Box<dyn Future<Output = Result<u64, Problem>> + Send + 'a>>;

/// The inbox.
pub const INBOX: Option<Unread> = None;

/// How many items are shown.
const SHOWN: usize = 3;

/// The items that matter most, and whether every source could be asked.
///
/// # Errors
/// What the first source says, when none could be asked: a page without items would say that all is well.
pub async fn gather(state: &State, visit: &Visit) -> Result<(Vec<Item>, bool), Problem> {
    let answers = join_all(SOURCES.iter().map(|source| source(state, visit))).await;
    let whole = answers.iter().all(Result::is_ok);
    if answers.iter().all(Result::is_err) {
        return Err(answers.into_iter().find_map(Result::err).unwrap_or(Problem::Failed));
    }
    let mut items: Vec<Item> = answers.into_iter().flatten().flatten().collect();
    items.sort_by_key(|item| item.rank);
    items.truncate(SHOWN);
    Ok((items, whole))
}
