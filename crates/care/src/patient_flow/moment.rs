//! A moment as a source gave it: the instant, how precisely it is known, and the text it was written with.
//!
//! It must never turn a date into midnight silently: a day stays a day, and two texts that name the same
//! instant stay two texts. Local times are Europe/London; an autumn time that happens twice is marked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Microseconds in an hour.
pub const HOUR: i64 = 3_600_000_000;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// How much of a moment its source wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// `2026`
    Year,
    /// `202603`
    Month,
    /// `20260301`
    Day,
    /// `2026030114`
    Hour,
    /// `202603011430`
    Minute,
    /// `20260301143015`
    Second,
    /// `20260301143015.25`
    Fraction,
}

/// A moment with its precision and original text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The text as the source wrote it.
    pub text: String,
    /// First microsecond (UTC) that the text may mean.
    pub from: i64,
    /// The microsecond after the last that the text may mean.
    pub until: i64,
    /// How much was written.
    pub precision: Precision,
    /// A local time without offset inside the autumn hour that happens twice; `from` is its first reading.
    pub repeated: bool,
}

impl Moment {
    /// A moment known to the microsecond, without a text of its own.
    #[must_use]
    pub fn at(micros: i64) -> Self {
        Self {
            text: String::new(),
            from: micros,
            until: micros.saturating_add(1),
            precision: Precision::Fraction,
            repeated: false,
        }
    }

    /// The same text read as the second of the two autumn hours.
    #[must_use]
    pub fn second_reading(&self) -> Self {
        Self { from: self.from + HOUR, until: self.until + HOUR, repeated: false, ..self.clone() }
    }

    /// Whether `other` names an instant inside this coarser moment.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.precision < other.precision && (self.from..self.until).contains(&other.from)
    }

    /// The FHIR dateTime: a date when no time was written, otherwise local time with its offset. FHIR has no
    /// time without seconds, so those are zero-filled; the original text remains in the facts.
    #[must_use]
    pub fn to_fhir(&self) -> String {
        let Ok(instant) = Timestamp::from_microsecond(self.from) else { return String::new() };
        let local = instant.to_zoned(fhir::time::default_zone().clone());
        match self.precision {
            Precision::Year => local.strftime("%Y").to_string(),
            Precision::Month => local.strftime("%Y-%m").to_string(),
            Precision::Day => local.strftime("%Y-%m-%d").to_string(),
            _ if self.from % 1_000_000 == 0 => local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            _ => local.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string(),
        }
    }

    /// The FHIR instant in UTC, for elements that allow no partial date.
    #[must_use]
    pub fn to_instant(&self) -> String {
        Timestamp::from_microsecond(self.from).map(|at| at.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(from: i64, precision: Precision) -> Moment {
        Moment { precision, ..Moment::at(from) }
    }

    #[test]
    fn writes_only_what_is_known() {
        let at = "2026-07-01T13:30:15Z".parse::<Timestamp>().unwrap().as_microsecond();
        assert_eq!(moment(at, Precision::Month).to_fhir(), "2026-07");
        assert_eq!(moment(at, Precision::Day).to_fhir(), "2026-07-01");
        assert_eq!(moment(at, Precision::Second).to_fhir(), "2026-07-01T14:30:15+01:00");
        assert_eq!(moment(at + 250_000, Precision::Fraction).to_fhir(), "2026-07-01T14:30:15.25+01:00");
        assert_eq!(moment(at, Precision::Second).to_instant(), "2026-07-01T13:30:15Z");
    }
}
