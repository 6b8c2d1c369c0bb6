//! What needs a person: slices hand in their items through [`SOURCES`], one line each, and the home page shows the three that
//! matter most. A source that fails hides nobody else's items, and the page names it.

use super::patient;
use crate::state::State;
use crate::visit::{Problem, Visit};
use futures_util::future::{join, join_all};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
    /// What there is to say of it; may be empty.
    pub words: String,
    /// What the link says, which is the heading of the page it leads to; and the address, made with `visit.link`.
    pub link: Option<(String, String)>,
    /// When it was, or will be.
    when: Option<Timestamp>,
}

impl Item {
    /// An item without a link or a time.
    pub fn new(rank: Rank, what: impl Into<String>, words: impl Into<String>) -> Self {
        Self { rank, what: what.into(), words: words.into(), link: None, when: None }
    }

    /// The same with the page that it leads to.
    pub fn to(self, heading: impl Into<String>, place: String) -> Self {
        Self { link: Some((heading.into(), place)), ..self }
    }

    /// The same of an instant.
    pub fn at(self, when: Option<Timestamp>) -> Self {
        Self { when, ..self }
    }

    /// The same of a day.
    pub fn on(self, day: Date) -> Self {
        let start = day.to_zoned(TimeZone::UTC).map(|start| start.timestamp());
        Self { when: start.ok(), ..self }
    }

    /// What matters most stands first: of what has a day the soonest, of everything else the newest.
    fn place(&self) -> (Rank, i64) {
        let second = self.when.map(Timestamp::as_second);
        match self.rank {
            Rank::Dated => (self.rank, second.unwrap_or(i64::MAX)),
            Rank::Alarm | Rank::News => (self.rank, second.map_or(i64::MAX, |second| -second)),
        }
    }
}

/// The items of one slice for the person of a visit.
pub type Items<'a> = Pin<Box<dyn Future<Output = Result<Vec<Item>, Problem>> + Send + 'a>>;

/// A slice that hands in items.
#[derive(Clone, Copy)]
pub struct Source {
    /// The message that names it when it could not be asked.
    pub name: &'static str,
    /// `|state, visit| Box::pin(attention(state, visit))`.
    pub of: for<'a> fn(&'a State, &'a Visit) -> Items<'a>,
}

/// Every slice that hands in items.
pub const SOURCES: &[Source] = &[
    Source { name: "home-record", of: patient::attention },
    Source { name: "home-prescriptions", of: patient::prescriptions::attention },
    Source { name: "home-appointments", of: patient::appointments::attention },
    Source { name: "home-results", of: patient::results::attention },
    Source { name: "home-family", of: patient::family::attention },
];

/// The message that names the inbox, which says with its items how many messages are unread.
const INBOX: &str = "home-messages";

/// How many items are shown.
const SHOWN: usize = 3;

/// What was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// The items that matter most.
    pub items: Vec<Item>,
    /// How many more there are.
    pub more: usize,
    /// The messages that name the sources which could not be asked.
    pub silent: Vec<&'static str>,
    /// Unread messages, where the inbox could be asked.
    pub unread: Option<u64>,
}

/// The items that matter most, and who could not be asked.
///
/// # Errors
/// What the first source says, when none could be asked: a page without items would say that all is well.
pub async fn gather(state: &State, visit: &Visit) -> Result<Gathered, Problem> {
    let asked = join_all(SOURCES.iter().map(|source| (source.of)(state, visit)));
    let (answers, news) = join(asked, patient::messages::news(state, visit)).await;
    let unread = news.as_ref().ok().map(|(unread, _)| *unread);
    let mut answers: Vec<_> = SOURCES.iter().map(|source| source.name).zip(answers).collect();
    answers.push((INBOX, news.map(|(_, items)| items)));
    Ok(Gathered { unread, ..sorted(answers)? })
}

fn sorted(answers: Vec<(&'static str, Result<Vec<Item>, Problem>)>) -> Result<Gathered, Problem> {
    let mut gathered = Gathered::default();
    let (mut asked, mut first) = (0, None);
    for (name, answer) in answers {
        match answer {
            Ok(items) => {
                asked += 1;
                gathered.items.extend(items);
            }
            // What a reader may not see is no matter of theirs.
            Err(Problem::Forbidden) => {}
            Err(problem) => {
                gathered.silent.push(name);
                first.get_or_insert(problem);
            }
        }
    }
    if asked == 0 {
        return Err(first.unwrap_or(Problem::Forbidden));
    }
    gathered.items.sort_by_key(Item::place);
    gathered.more = gathered.items.len().saturating_sub(SHOWN);
    gathered.items.truncate(SHOWN);
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(rank: Rank, what: &str, second: i64) -> Item {
        Item::new(rank, what, "").at(Timestamp::from_second(second).ok())
    }

    #[test]
    fn what_matters_most_stands_first_and_the_rest_is_counted() {
        let news = vec![item(Rank::News, "old", 10), item(Rank::News, "new", 20)];
        let dated = vec![item(Rank::Dated, "later", 200), item(Rank::Dated, "sooner", 100)];
        let alarm = vec![Item::new(Rank::Alarm, "undated", ""), item(Rank::Alarm, "alarm", 5)];
        let found = sorted(vec![
            ("home-results", Ok(news)),
            ("home-appointments", Ok(dated)),
            ("home-record", Ok(alarm)),
        ]);
        let found = found.unwrap();
        let what: Vec<&str> = found.items.iter().map(|one| one.what.as_str()).collect();
        assert_eq!((what, found.more), (vec!["alarm", "undated", "sooner"], 3));
        assert!(found.silent.is_empty());
    }

    #[test]
    fn a_source_that_fails_is_named_and_hides_no_others() {
        let one = || Ok(vec![item(Rank::News, "new", 20)]);
        let found = sorted(vec![
            ("home-results", one()),
            ("home-appointments", Err(Problem::Unavailable)),
            ("home-prescriptions", Err(Problem::Forbidden)),
        ]);
        let found = found.unwrap();
        assert_eq!((found.items.len(), found.silent.as_slice()), (1, &["home-appointments"][..]));
        let none =
            sorted(vec![("home-results", Err(Problem::Unavailable)), ("home-record", Err(Problem::Failed))]);
        assert_eq!(none, Err(Problem::Unavailable), "a page without items would say that all is well");
    }
}
