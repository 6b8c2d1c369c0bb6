//! The words that every read slice prints with: a section's three outcomes, partial dates, who said a fact and when.
//!
//! A view is what one page needs and nothing else. It holds values (instants, counts, the source's own names); how a
//! date or an age is worded belongs to the door that prints it. A view must never carry a value its reader may not see.

use jiff::{Timestamp, civil::Date};

/// Why a whole view could not be given.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum Unseen {
    /// Absent, or not this reader's to see. The two are deliberately one.
    #[error("absent, or not permitted to this reader")]
    NotFound,
    /// The reader's role never opens this kind of page.
    #[error("the reader's role never opens this")]
    NoAccess,
    /// The question was malformed; the text says how, without repeating personal values.
    #[error("the request is not valid: {0}")]
    Invalid(String),
    /// The record cannot be served at the moment (busy, full, or the audit trail cannot be written).
    #[error("the record cannot be served at the moment")]
    Unavailable,
    /// Something is wrong inside; already logged where it happened.
    #[error("something is wrong inside")]
    Failed,
}

/// One part of a page. Empty, forbidden and failed are three different answers, and a page words them differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section<T> {
    /// Read; an empty list means that nothing is recorded.
    Shown(Listed<T>),
    /// This reader may not see this part.
    NoAccess,
    /// This part could not be read; the rest of the page could.
    Failed,
}

/// A page of items. Nothing is cut off in silence: `next` says that there is more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The items, in the order to print them.
    pub items: Vec<T>,
    /// How many there are in all, where counted.
    pub total: Option<u64>,
    /// Opaque cursor of the next page.
    pub next: Option<String>,
}

impl<T> Section<T> {
    /// A whole list, with nothing left out.
    pub fn whole(items: Vec<T>) -> Self {
        let total = u64::try_from(items.len()).ok();
        Section::Shown(Listed { items, total, next: None })
    }

    /// The items that were read; none where forbidden or failed.
    pub fn items(&self) -> &[T] {
        match self {
            Section::Shown(listed) => &listed.items,
            Section::NoAccess | Section::Failed => &[],
        }
    }
}

/// A point in time with the precision that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Only the year is known.
    Year(i16),
    /// Year and month are known (month 1 to 12).
    Month(i16, i8),
    /// A calendar day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

/// Administrative sex as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Recorded as female.
    Female,
    /// Recorded as male.
    Male,
    /// Recorded as other.
    Other,
    /// Not recorded, or recorded as unknown.
    Unknown,
}

/// Who said a fact, and when it was true and known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The system that said it, in words (for example the sending application).
    pub source: String,
    /// The message or request that said it, for example `ADT A02`.
    pub message: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When Bevan knew of it.
    pub recorded_at: Timestamp,
}

/// How fresh a source's facts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The source, in words.
    pub source: String,
    /// When its newest message arrived; `None` when none has.
    pub last_message_at: Option<Timestamp>,
    /// Whether the source has been silent for longer than its limit.
    pub stale: bool,
}

/// A code as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// The code system in words, for example `SNOMED CT`.
    pub system: String,
    /// The code.
    pub code: String,
}

/// The instant at which every sample is read: Friday 20 November 2026, 2:05pm in London.
#[cfg(any(test, feature = "samples"))]
pub const SAMPLE_NOW: Timestamp = Timestamp::constant(1_795_183_500, 0);

/// An instant so many minutes before [`SAMPLE_NOW`].
#[cfg(any(test, feature = "samples"))]
pub(crate) fn minutes_ago(minutes: i64) -> Timestamp {
    let seconds = SAMPLE_NOW.as_second().saturating_sub(minutes.saturating_mul(60));
    Timestamp::from_second(seconds).unwrap_or(SAMPLE_NOW)
}

/// In which manner samples answer.
#[cfg(any(test, feature = "samples"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plant {
    /// With something in every part.
    Full,
    /// With nothing recorded.
    Empty,
    /// With a record whose sections are forbidden or failed by turns.
    PartsRefused,
    /// With a refusal.
    Refused(Unseen),
}

#[cfg(any(test, feature = "samples"))]
impl Plant {
    /// The planted answer.
    pub(crate) fn answer<T>(&self, full: T, empty: T) -> Result<T, Unseen> {
        match self {
            Plant::Full | Plant::PartsRefused => Ok(full),
            Plant::Empty => Ok(empty),
            Plant::Refused(why) => Err(why.clone()),
        }
    }
}
