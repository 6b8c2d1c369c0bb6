//! Days and moments as plain numbers, and their texts in FHIR and HL7 v2. Nothing here reads a clock.
//!
//! The clock change of Europe/London is the rule in force since 1996 (last Sundays of March and October at
//! 01:00 UTC); a test holds it against the time zone database. HL7 v2.4 §2.9.47 (TS), FHIR R4 dateTime.

use std::fmt;

/// A day of the Gregorian calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Seconds of UTC since 1970-01-01T00:00:00Z.
pub type Seconds = i64;

/// Seconds in a day.
pub const DAY: Seconds = 86_400;
/// Seconds in an hour.
pub const HOUR: Seconds = 3_600;
/// Seconds in a minute.
pub const MINUTE: Seconds = 60;

impl Day {
    /// The day of a date.
    #[must_use]
    pub fn of(year: i32, month: i32, day: i32) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// The day in UTC that holds a moment.
    #[must_use]
    pub fn holding(moment: Seconds) -> Self {
        Self(moment.div_euclid(DAY) as i32)
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn date(self) -> (i32, i32, i32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Whole years from this birthday to `other`.
    #[must_use]
    pub fn years_until(self, other: Self) -> i32 {
        let (year, month, day) = self.date();
        let (other_year, other_month, other_day) = other.date();
        other_year - year - i32::from((other_month, other_day) < (month, day))
    }

    /// The moment of a second of this day, in UTC.
    #[must_use]
    pub fn at(self, second: Seconds) -> Seconds {
        Seconds::from(self.0) * DAY + second
    }

    /// Whether this is a Saturday or a Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        matches!((self.0 + 3).rem_euclid(7), 5 | 6)
    }

    /// `YYYYMMDD`, as HL7 v2 writes a date.
    #[must_use]
    pub fn hl7(self) -> String {
        let (year, month, day) = self.date();
        format!("{year:04}{month:02}{day:02}")
    }
}

impl fmt::Display for Day {
    /// `YYYY-MM-DD`, as FHIR writes a date.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

/// A FHIR dateTime or instant in UTC with seconds.
#[must_use]
pub fn fhir_instant(moment: Seconds) -> String {
    let second = moment.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", Day::holding(moment), second / HOUR, second / MINUTE % 60, second % 60)
}

/// An HL7 v2 time stamp of London's wall clock, with the offset when asked for or when the hour occurs twice.
#[must_use]
pub fn hl7_stamp(moment: Seconds, with_offset: bool) -> String {
    let offset = london_offset(moment);
    let local = moment + offset;
    let second = local.rem_euclid(DAY);
    let mut text = format!(
        "{}{:02}{:02}{:02}",
        Day::holding(local).hl7(),
        second / HOUR,
        second / MINUTE % 60,
        second % 60
    );
    if with_offset || occurs_twice(moment) {
        text.push_str(if offset == 0 { "+0000" } else { "+0100" });
    }
    text
}

/// The hour of the day in London, 0 to 23.
#[must_use]
pub fn london_hour(moment: Seconds) -> i64 {
    (moment + london_offset(moment)).rem_euclid(DAY) / HOUR
}

/// The moment when London's wall clock shows `second` of the local day that holds `moment`, `days` later.
#[must_use]
pub fn london_wall(moment: Seconds, days: i64, second: Seconds) -> Seconds {
    let local_midnight = (moment + london_offset(moment)).div_euclid(DAY) * DAY + days * DAY;
    let guess = local_midnight + second;
    guess - london_offset(guess)
}

/// How far London's wall clock is ahead of UTC, in seconds.
#[must_use]
pub fn london_offset(moment: Seconds) -> Seconds {
    let (year, _, _) = Day::holding(moment).date();
    let summer = last_sunday(year, 3).at(HOUR)..last_sunday(year, 10).at(HOUR);
    if summer.contains(&moment) { HOUR } else { 0 }
}

fn occurs_twice(moment: Seconds) -> bool {
    let (year, _, _) = Day::holding(moment).date();
    let change = last_sunday(year, 10).at(HOUR);
    (change - HOUR..change + HOUR).contains(&moment)
}

fn last_sunday(year: i32, month: i32) -> Day {
    let last = Day::of(year, month, 31);
    last.plus(-((last.0 + 4).rem_euclid(7)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_with_the_calendar_library() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for days in (-50_000..50_000).step_by(37) {
            let date = epoch.checked_add(jiff::Span::new().days(days)).unwrap();
            let day = Day(days);
            assert_eq!(day.to_string(), date.to_string());
            assert_eq!(Day::of(i32::from(date.year()), i32::from(date.month()), i32::from(date.day())), day);
            assert_eq!(day.is_weekend(), date.weekday().to_monday_zero_offset() >= 5);
        }
    }

    #[test]
    fn london_agrees_with_the_time_zone_database() {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        for hour in (228_000..600_000).step_by(7) {
            let moment = hour * HOUR;
            let stamp = jiff::Timestamp::from_second(moment).unwrap();
            assert_eq!(london_offset(moment), i64::from(zone.to_offset(stamp).seconds()), "{stamp}");
        }
    }

    #[test]
    fn stamps_carry_the_offset_in_the_repeated_hour() {
        let change = Day::of(2026, 10, 25).at(HOUR);
        assert_eq!(hl7_stamp(change - 1, false), "20261025015959+0100");
        assert_eq!(hl7_stamp(change, false), "20261025010000+0000");
        assert_eq!(hl7_stamp(change + HOUR, false), "20261025020000");
        assert_eq!(hl7_stamp(Day::of(2026, 7, 1).at(0), true), "20260701010000+0100");
        assert_eq!(london_wall(Day::of(2026, 7, 1).at(10), 1, 8 * HOUR), Day::of(2026, 7, 2).at(7 * HOUR));
    }

    #[test]
    fn years_are_counted_on_the_birthday() {
        let birth = Day::of(2000, 2, 29);
        assert_eq!(birth.years_until(Day::of(2001, 2, 28)), 0);
        assert_eq!(birth.years_until(Day::of(2001, 3, 1)), 1);
        assert_eq!(birth.years_until(Day::of(2020, 2, 29)), 20);
    }
}
