//! The least and greatest value that an imprecise value may stand for, at a wanted precision given in digits
//! (<https://hl7.org/fhirpath/#lowboundary>).

use super::calendar::days_in_month;
use super::time_of_day::Clock;
use super::{DateTime, Precision, Time};

impl DateTime {
    /// The earliest value at a precision of 4, 6, 8, 10, 12, 14 or 17 digits; without an offset the
    /// earliest zone (UTC+14) is written.
    #[must_use]
    pub fn low_boundary(&self, digits: u32) -> Option<Self> {
        self.boundary(digits, false)
    }

    /// The latest value; without an offset the latest zone (UTC-12) is written.
    #[must_use]
    pub fn high_boundary(&self, digits: u32) -> Option<Self> {
        self.boundary(digits, true)
    }

    fn boundary(&self, digits: u32, high: bool) -> Option<Self> {
        let to = date_precision(digits)?;
        let own = self.precision();
        let month = if own >= Precision::Month {
            self.month
        } else if high {
            12
        } else {
            1
        };
        let last = days_in_month(self.year, month);
        let day = if own >= Precision::Day {
            self.day
        } else if high {
            last
        } else {
            1
        };
        let date = (
            self.year,
            if to >= Precision::Month { month } else { 1 },
            if to >= Precision::Day { day } else { 1 },
        );
        if to <= Precision::Day {
            return Some(Self::of(date, None, None, to));
        }
        let clock = filled(self.clock, digits - 8, high)?;
        let outermost = if high { -12 * 3600 } else { 14 * 3600 };
        Some(Self::of(date, Some(clock), self.offset.or(Some(outermost)), to))
    }
}

impl Time {
    /// The earliest time at a precision of 2, 4, 6 or 9 digits.
    #[must_use]
    pub fn low_boundary(&self, digits: u32) -> Option<Self> {
        filled(Some(self.clock), digits, false).map(Self::of)
    }

    /// The latest time at a precision of 2, 4, 6 or 9 digits.
    #[must_use]
    pub fn high_boundary(&self, digits: u32) -> Option<Self> {
        filled(Some(self.clock), digits, true).map(Self::of)
    }
}

fn date_precision(digits: u32) -> Option<Precision> {
    Some(match digits {
        4 => Precision::Year,
        6 => Precision::Month,
        8 => Precision::Day,
        10 => Precision::Hour,
        12 => Precision::Minute,
        14 => Precision::Second,
        17 => Precision::Fraction,
        _ => return None,
    })
}

/// Fills or cuts a time of day. FHIR has no precision of an hour: an hour that was written alone is read as
/// `hh:00`, as the specification's own example does.
fn filled(clock: Option<Clock>, digits: u32, high: bool) -> Option<Clock> {
    let precision = match digits {
        2 => Precision::Hour,
        4 => Precision::Minute,
        6 => Precision::Second,
        9 => Precision::Fraction,
        _ => return None,
    };
    let own = clock.map_or(Precision::Day, |c| c.precision);
    let base = clock.unwrap_or(Clock::MIDNIGHT);
    let fill = |written: Precision, value: u8, top: u8| {
        if own >= written {
            value
        } else if high {
            top
        } else {
            0
        }
    };
    Some(Clock {
        hour: fill(Precision::Hour, base.hour, 23),
        minute: fill(Precision::Hour, base.minute, 59),
        second: fill(Precision::Second, base.second, 59),
        nanos: if own < Precision::Fraction && high { 999_000_000 } else { base.nanos },
        digits: if precision == Precision::Fraction { 3 } else { 0 },
        precision,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn fills_and_cuts() {
        let table = [
            ("2014", 6, "2014-01", "2014-12"),
            ("2014-02", 8, "2014-02-01", "2014-02-28"),
            ("2014-01-01T08", 17, "2014-01-01T08:00:00.000+14:00", "2014-01-01T08:00:59.999-12:00"),
            ("2014-01-01T08:05-05:00", 17, "2014-01-01T08:05:00.000-05:00", "2014-01-01T08:05:59.999-05:00"),
            ("2014-01-01T08", 8, "2014-01-01", "2014-01-01"),
            ("2014-02", 17, "2014-02-01T00:00:00.000+14:00", "2014-02-28T23:59:59.999-12:00"),
        ];
        for (text, digits, low, high) in table {
            let value = DateTime::parse(Kind::Partial, text).unwrap();
            assert_eq!(value.low_boundary(digits).unwrap().as_str(), low);
            assert_eq!(value.high_boundary(digits).unwrap().as_str(), high);
        }
        let time = Time::parse_partial("10:30").unwrap();
        assert_eq!(time.low_boundary(9).unwrap().as_str(), "10:30:00.000");
        assert_eq!(time.high_boundary(9).unwrap().as_str(), "10:30:59.999");
        assert!(time.high_boundary(7).is_none());
    }
}
