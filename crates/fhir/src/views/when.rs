//! Choices of time: `effective[x]`, `onset[x]`, `performed[x]`, `occurrence[x]`.

use super::datatypes::Period;
use super::quantity::Quantity;
use crate::json::Value;
use crate::time::{DateTime, Kind};

/// When something was, as the author chose to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When<'a> {
    /// A moment or a day, as written.
    DateTime(&'a str),
    /// From a moment to a moment.
    Period(Period<'a>),
    /// At an age.
    Age(Quantity<'a>),
    /// Anything else: words, ranges, timings.
    Other(&'a Value),
}

impl<'a> When<'a> {
    /// The choice whose members begin with that stem.
    pub(super) fn choice(value: &'a Value, stem: &str) -> Option<Self> {
        let mut members = value.as_object()?.iter();
        let (kind, value) = members.find_map(|(name, v)| Some((name.strip_prefix(stem)?, v)))?;
        Some(match (kind, value) {
            ("DateTime" | "Instant" | "Date", Value::String(text)) => Self::DateTime(text),
            ("Period", _) => Self::Period(Period(value)),
            ("Age", _) => Self::Age(Quantity(value)),
            _ => Self::Other(value),
        })
    }

    /// The moment or day it began, as written.
    #[must_use]
    pub fn start(self) -> Option<&'a str> {
        match self {
            Self::DateTime(text) => Some(text),
            Self::Period(period) => period.start(),
            _ => None,
        }
    }

    /// The moment or day it began.
    #[must_use]
    pub fn start_time(self) -> Option<DateTime> {
        DateTime::parse(Kind::DateTime, self.start()?)
    }

    /// Words, when that is all there is.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        if let Self::Other(value) = self { value.as_str() } else { None }
    }
}
