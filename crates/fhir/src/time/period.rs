//! FHIR `Period` as a range of instants; an absent end is open.

use super::{DateTime, Kind};
use crate::json::Value;
use jiff::tz::TimeZone;

/// A start and an end, both inclusive as written and either absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first moment; open when absent.
    pub start: Option<DateTime>,
    /// The last moment, included with its whole precision; open when absent.
    pub end: Option<DateTime>,
}

impl Period {
    /// Reads a `Period` element. A boundary that cannot be read counts as absent; `None` when both do.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        let read = |name: &str| DateTime::parse(Kind::Partial, value.get(name)?.as_str()?);
        let period = Self { start: read("start"), end: read("end") };
        (period.start.is_some() || period.end.is_some()).then_some(period)
    }

    /// Half-open UTC microseconds; open ends are `i64::MIN` and `i64::MAX`.
    #[must_use]
    pub fn range(&self, zone: &TimeZone) -> (i64, i64) {
        let low = self.start.as_ref().map_or(i64::MIN, |start| start.range(zone).0);
        let high = self.end.as_ref().map_or(i64::MAX, |end| end.range(zone).1);
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ends_are_the_extremes() {
        let value = Value::object([("start", Value::from("2024-01-01T00:00:00Z"))]);
        let range = Period::of(&value).unwrap().range(&TimeZone::UTC);
        assert_eq!(range, (1_704_067_200_000_000, i64::MAX));
        assert_eq!(Period::of(&Value::object([("end", Value::from("soon"))])), None);
    }

    #[test]
    fn the_end_counts_whole() {
        let value = Value::object([("start", Value::from("2024")), ("end", Value::from("2024"))]);
        let (low, high) = Period::of(&value).unwrap().range(&TimeZone::UTC);
        assert_eq!(high - low, 366 * 86_400_000_000);
    }
}
