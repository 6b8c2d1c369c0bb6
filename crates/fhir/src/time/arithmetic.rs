//! Adding calendar durations (<https://hl7.org/fhirpath/N1/#datetime-arithmetic>): whole units only, the
//! last day of a shorter month instead of a day that does not exist, precision unchanged.

use super::calendar::{civil_from_days, days_from_civil, days_in_month};
use super::{DateTime, Precision, Time};

/// A calendar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Years.
    Year,
    /// Months.
    Month,
    /// Seven days.
    Week,
    /// Days.
    Day,
    /// Hours.
    Hour,
    /// Minutes.
    Minute,
    /// Seconds.
    Second,
    /// Thousandths of a second.
    Millisecond,
}

const DAY_NANOS: i128 = 86_400_000_000_000;

impl Unit {
    /// The unit of a FHIRPath calendar word, singular or plural.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "year" | "years" => Self::Year,
            "month" | "months" => Self::Month,
            "week" | "weeks" => Self::Week,
            "day" | "days" => Self::Day,
            "hour" | "hours" => Self::Hour,
            "minute" | "minutes" => Self::Minute,
            "second" | "seconds" => Self::Second,
            "millisecond" | "milliseconds" => Self::Millisecond,
            _ => return None,
        })
    }

    fn nanos(self) -> i128 {
        match self {
            Self::Year => 365 * DAY_NANOS,
            Self::Month => 30 * DAY_NANOS,
            Self::Week => 7 * DAY_NANOS,
            Self::Day => DAY_NANOS,
            Self::Hour => DAY_NANOS / 24,
            Self::Minute => DAY_NANOS / 1440,
            Self::Second => 1_000_000_000,
            Self::Millisecond => 1_000_000,
        }
    }
}

impl DateTime {
    /// The value so many units later (earlier when negative), at the same precision. A unit finer than the
    /// precision counts in whole units of the precision (a month as 30 days, a year as 365 or 12 months).
    /// `None` outside years 1 to 9999.
    #[must_use]
    pub fn plus(&self, amount: i64, unit: Unit) -> Option<Self> {
        match (unit, self.precision()) {
            (Unit::Year, _) => self.plus_months(amount.checked_mul(12)?),
            (Unit::Month, Precision::Year) => self.plus_months(amount / 12 * 12),
            (Unit::Month, _) => self.plus_months(amount),
            (_, Precision::Year) => self.plus_months(whole(amount, unit, Unit::Year)?.checked_mul(12)?),
            (_, Precision::Month) => self.plus_months(whole(amount, unit, Unit::Month)?),
            (_, Precision::Day) => self.plus_nanos(i128::from(whole(amount, unit, Unit::Day)?) * DAY_NANOS),
            (_, Precision::Hour) => self.plus_whole(amount, unit, Unit::Hour),
            (_, Precision::Minute) => self.plus_whole(amount, unit, Unit::Minute),
            _ => self.plus_nanos(i128::from(amount) * unit.nanos()),
        }
    }

    fn plus_whole(&self, amount: i64, unit: Unit, to: Unit) -> Option<Self> {
        self.plus_nanos(i128::from(whole(amount, unit, to)?) * to.nanos())
    }

    fn plus_months(&self, months: i64) -> Option<Self> {
        let total = (i64::from(self.year) * 12 + i64::from(self.month) - 1).checked_add(months)?;
        let year = i16::try_from(total.div_euclid(12)).ok().filter(|y| (1..=9999).contains(y))?;
        let month = u8::try_from(total.rem_euclid(12) + 1).ok()?;
        let day = self.day.min(days_in_month(year, month));
        Some(Self::of((year, month, day), self.clock, self.offset, self.precision()))
    }

    fn plus_nanos(&self, nanos: i128) -> Option<Self> {
        let days = i128::from(days_from_civil(self.year, self.month, self.day));
        let of_day = self.clock.map_or(0, |clock| i128::from(clock.nanos_of_day()));
        let total = days * DAY_NANOS + of_day + nanos;
        let date = civil_from_days(i64::try_from(total.div_euclid(DAY_NANOS)).ok()?)?;
        let rest = i64::try_from(total.rem_euclid(DAY_NANOS)).ok()?;
        let clock = match self.clock {
            Some(clock) => Some(clock.at(rest)?),
            None => None,
        };
        Some(Self::of(date, clock, self.offset, self.precision()))
    }
}

impl Time {
    /// The time so many units later, round the clock. `None` for units of a day and more.
    #[must_use]
    pub fn plus(&self, amount: i64, unit: Unit) -> Option<Self> {
        if unit < Unit::Hour {
            return None;
        }
        let to = match self.precision() {
            Precision::Hour => Unit::Hour,
            Precision::Minute => Unit::Minute,
            _ => unit,
        };
        let step = i128::from(whole(amount, unit, to)?) * to.nanos();
        let total = (i128::from(self.clock.nanos_of_day()) + step).rem_euclid(DAY_NANOS);
        Some(Self::of(self.clock.at(i64::try_from(total).ok()?)?))
    }
}

/// An amount of one unit in whole units of another, toward zero.
fn whole(amount: i64, from: Unit, to: Unit) -> Option<i64> {
    i64::try_from(i128::from(amount) * from.nanos() / to.nanos()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn adds_calendar_durations() {
        let table = [
            ("1973-12-25", 7, Unit::Day, "1974-01-01"),
            ("1973-12-25", 1, Unit::Week, "1974-01-01"),
            ("2024-01-31", 1, Unit::Month, "2024-02-29"),
            ("2024-02-29", 1, Unit::Year, "2025-02-28"),
            ("2014", 24, Unit::Month, "2016"),
            ("2014-01", 31, Unit::Day, "2014-02"),
            ("2024-03-01", -1, Unit::Day, "2024-02-29"),
            ("2024-03-01", 47, Unit::Hour, "2024-03-02"),
            ("1973-12-25T00:00:00.000+10:00", 10, Unit::Millisecond, "1973-12-25T00:00:00.010+10:00"),
            ("2024-12-31T23:59:59Z", 1, Unit::Second, "2025-01-01T00:00:00Z"),
            ("2024-12-31T23", 90, Unit::Minute, "2025-01-01T00"),
        ];
        for (text, amount, unit, expected) in table {
            let value = DateTime::parse(Kind::Partial, text).unwrap();
            assert_eq!(value.plus(amount, unit).unwrap().as_str(), expected, "{text} + {amount} {unit:?}");
        }
    }

    #[test]
    fn leaves_the_calendar_without_panic() {
        let value = DateTime::parse(Kind::Date, "9999-12-31").unwrap();
        for unit in [Unit::Year, Unit::Month, Unit::Day, Unit::Millisecond] {
            assert!(value.plus(i64::MAX, unit).is_none());
            assert!(value.plus(i64::MIN, unit).is_none());
        }
        assert!(value.plus(1, Unit::Day).is_none());
    }

    #[test]
    fn times_go_round_the_clock() {
        let time = Time::parse("23:30:00").unwrap();
        assert_eq!(time.plus(45, Unit::Minute).unwrap().as_str(), "00:15:00");
        assert!(time.plus(1, Unit::Day).is_none());
    }
}
