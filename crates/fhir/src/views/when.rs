//! Choices of time: `effective[x]`, `onset[x]`, `performed[x]`, `occurrence[x]`.

use super::datatypes::Period;
use crate::json::Value;

/// When something was, as the author chose to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When<'a> {
    /// A moment or a day, as written.
    DateTime(&'a str),
    /// From a moment to a moment.
    Period(Period<'a>),
    /// Anything else: words, ages, ranges, timings.
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
            _ => Self::Other(value),
        })
    }

    /// The moment or day it began, as written.
    #[must_use]
    pub fn start(self) -> Option<&'a str> {
        match self {
            Self::DateTime(text) => Some(text),
            Self::Period(period) => period.start(),
            Self::Other(_) => None,
        }
    }

    /// The moment or day of which it is known that it had ended, as written: the end of a period, or the one moment.
    #[must_use]
    pub fn last(self) -> Option<&'a str> {
        match self {
            Self::DateTime(text) => Some(text),
            Self::Period(period) => period.end(),
            Self::Other(_) => None,
        }
    }

    /// The period, when it is one.
    #[must_use]
    pub fn period(self) -> Option<Period<'a>> {
        if let Self::Period(period) = self { Some(period) } else { None }
    }
}
