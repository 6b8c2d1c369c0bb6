//! Comparison as FHIRPath defines it (<https://hl7.org/fhirpath/N1/#comparison>): field by field down to the
//! shared precision; where one value goes on and the other stops, the answer is not known.

use super::calendar::days_from_civil;
use super::time_of_day::Clock;
use super::{DateTime, Precision, Time};
use std::cmp::Ordering;

/// The widest span of offsets in use: from UTC-12 to UTC+14.
const EARLIEST_OFFSET: i128 = -12 * 3600;
const LATEST_OFFSET: i128 = 14 * 3600;
const NANOS: i128 = 1_000_000_000;

impl DateTime {
    /// The order of two values; `None` when their precision, or an offset only one of them has, leaves it open.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self.clock, other.clock) {
            (Some(a), Some(b)) => self.compare_times(a, other, b),
            _ => self.compare_dates(other),
        }
    }

    /// FHIRPath `~`: equal at the same precision.
    #[must_use]
    pub fn equivalent(&self, other: &Self) -> bool {
        let (a, b) = (self.precision(), other.precision());
        let same = a == b || (a >= Precision::Second && b >= Precision::Second);
        same && self.compare(other) == Some(Ordering::Equal)
    }

    fn compare_dates(&self, other: &Self) -> Option<Ordering> {
        let shared = self.precision().min(other.precision());
        let month = |of: &Self| if shared >= Precision::Month { of.month } else { 0 };
        let day = |of: &Self| if shared >= Precision::Day { of.day } else { 0 };
        let order = (self.year, month(self), day(self)).cmp(&(other.year, month(other), day(other)));
        (order != Ordering::Equal || self.precision() == other.precision()).then_some(order)
    }

    fn compare_times(&self, a: Clock, other: &Self, b: Clock) -> Option<Ordering> {
        let (left, right) = (self.nanos(a), other.nanos(b));
        match (self.offset, other.offset) {
            (Some(x), Some(y)) => {
                compare_nanos(left - i128::from(x) * NANOS, a, right - i128::from(y) * NANOS, b)
            }
            (None, None) => compare_nanos(left, a, right, b),
            (Some(x), None) => within_offsets(left - i128::from(x) * NANOS, right),
            (None, Some(y)) => within_offsets(right - i128::from(y) * NANOS, left).map(Ordering::reverse),
        }
    }

    /// Nanoseconds since 1970 of the fields as written.
    fn nanos(&self, clock: Clock) -> i128 {
        let days = i128::from(days_from_civil(self.year, self.month, self.day));
        days * 86_400 * NANOS + i128::from(clock.nanos_of_day())
    }
}

impl Time {
    /// The order of two times; `None` when precision leaves it open.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let (a, b) = (self.clock, other.clock);
        compare_nanos(i128::from(a.nanos_of_day()), a, i128::from(b.nanos_of_day()), b)
    }

    /// FHIRPath `~`: equal at the same precision.
    #[must_use]
    pub fn equivalent(&self, other: &Self) -> bool {
        let (a, b) = (self.precision(), other.precision());
        let same = a == b || (a >= Precision::Second && b >= Precision::Second);
        same && self.compare(other) == Some(Ordering::Equal)
    }
}

/// Compares at the coarser of the two precisions; seconds and fractions are one precision.
fn compare_nanos(a: i128, a_clock: Clock, b: i128, b_clock: Clock) -> Option<Ordering> {
    let unit = |precision: Precision| match precision {
        Precision::Hour => 3600 * NANOS,
        Precision::Minute => 60 * NANOS,
        _ => 1,
    };
    let (a_unit, b_unit) = (unit(a_clock.precision), unit(b_clock.precision));
    let shared = a_unit.max(b_unit);
    let order = a.div_euclid(shared).cmp(&b.div_euclid(shared));
    (order != Ordering::Equal || a_unit == b_unit).then_some(order)
}

/// An instant against a local time of unknown offset: known only when every offset gives the same answer.
fn within_offsets(instant: i128, local: i128) -> Option<Ordering> {
    if instant < local - LATEST_OFFSET * NANOS {
        Some(Ordering::Less)
    } else if instant > local - EARLIEST_OFFSET * NANOS {
        Some(Ordering::Greater)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn compare(a: &str, b: &str) -> Option<Ordering> {
        let read = |text| DateTime::parse(Kind::Partial, text).unwrap();
        let (a, b) = (read(a), read(b));
        assert_eq!(a.compare(&b), b.compare(&a).map(Ordering::reverse));
        a.compare(&b)
    }

    #[test]
    fn decides_only_what_precision_allows() {
        use Ordering::{Equal, Greater, Less};
        assert_eq!(compare("2018-03", "2018-03-01"), None);
        assert_eq!(compare("2018-02", "2018-03-01"), Some(Less));
        assert_eq!(compare("2018", "2018"), Some(Equal));
        assert_eq!(compare("2018-03-01T10:30", "2018-03-01T10:30:00"), None);
        assert_eq!(compare("2018-03-01T10:30:00", "2018-03-01T10:30:00.0"), Some(Equal));
        assert_eq!(compare("2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00"), Some(Equal));
        assert_eq!(compare("2012-04-15T15:00:00Z", "2012-04-15T10:00:00"), None);
        assert_eq!(compare("2012-04-17T15:00:00Z", "2012-04-15T10:00:00"), Some(Greater));
        assert_eq!(compare("9999-12-31T00:00:00Z", "9999-12-31T00:00:01Z"), Some(Less));
        assert_eq!(compare("1974-12-25", "1974-12-25T12:34:00Z"), None);
    }

    #[test]
    fn compares_times() {
        let read = |text| Time::parse_partial(text).unwrap();
        assert_eq!(read("10:30").compare(&read("10:30:00")), None);
        assert_eq!(read("10:30").compare(&read("10:31:00")), Some(Ordering::Less));
        assert!(read("10:30:00").equivalent(&read("10:30:00.0")));
    }
}
