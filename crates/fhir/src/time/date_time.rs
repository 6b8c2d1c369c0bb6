//! `date`, `dateTime` and `instant`: reading strictly, keeping text and precision, and the range of instants.

use super::Precision;
use super::calendar::{civil_from_days, days_from_civil, days_in_month};
use super::time_of_day::{Clock, two};
use super::zone::{local, midnight};
use crate::json::Text;
use jiff::tz::TimeZone;

/// Which FHIR type a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `date`: year, month or day.
    Date,
    /// `dateTime`: as `date`, or to the second with an offset.
    DateTime,
    /// `instant`: to the second with an offset.
    Instant,
    /// What FHIRPath literals and search values allow: any precision, offset optional.
    Partial,
}

/// A date or date and time as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    text: Text,
    pub(super) year: i16,
    /// 1 when not written.
    pub(super) month: u8,
    /// 1 when not written.
    pub(super) day: u8,
    pub(super) clock: Option<Clock>,
    /// Offset from UTC in seconds.
    pub(super) offset: Option<i32>,
    precision: Precision,
}

impl DateTime {
    /// Reads a text of the given type; `None` unless it follows the type's format and names a real day.
    #[must_use]
    pub fn parse(kind: Kind, text: &str) -> Option<Self> {
        let value = Self::parse_partial(text)?;
        let complete = value.precision >= Precision::Second && value.offset.is_some();
        let fits = match kind {
            Kind::Date => value.clock.is_none(),
            Kind::DateTime => value.clock.is_none() || complete,
            Kind::Instant => complete,
            Kind::Partial => true,
        };
        fits.then_some(value)
    }

    fn parse_partial(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let year = i16::from(two(bytes, 0)?) * 100 + i16::from(two(bytes, 2)?);
        let mut value = Self {
            text: Text::new(text),
            year,
            month: 1,
            day: 1,
            clock: None,
            offset: None,
            precision: Precision::Year,
        };
        if year == 0 {
            return None;
        }
        if bytes.len() == 4 {
            return Some(value);
        }
        value.month = two(bytes, 5).filter(|m| (1..=12).contains(m) && bytes.get(4) == Some(&b'-'))?;
        value.precision = Precision::Month;
        if bytes.len() == 7 {
            return Some(value);
        }
        let last = days_in_month(year, value.month);
        value.day = two(bytes, 8).filter(|d| (1..=last).contains(d) && bytes.get(7) == Some(&b'-'))?;
        value.precision = Precision::Day;
        if bytes.len() == 10 {
            return Some(value);
        }
        let rest = text.get(10..)?.strip_prefix('T')?;
        let (time, offset) = split_offset(rest)?;
        let clock = Clock::parse(time)?;
        value.clock = Some(clock);
        value.offset = offset;
        value.precision = clock.precision;
        Some(value)
    }

    /// A day.
    #[must_use]
    pub fn of_day(year: i16, month: u8, day: u8) -> Option<Self> {
        Self::parse(Kind::Date, &format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The moment to the millisecond, written at the offset that the zone has then.
    #[must_use]
    pub fn of_timestamp(moment: jiff::Timestamp, zone: &TimeZone) -> Option<Self> {
        let local = moment.to_zoned(zone.clone());
        Self::parse(Kind::Instant, &local.strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string())
    }

    /// A value of these fields, its text written from them.
    pub(super) fn of(date: (i16, u8, u8), clock: Option<Clock>, offset: Option<i32>, to: Precision) -> Self {
        let (year, month, day) = date;
        let mut value = Self { text: Text::default(), year, month, day, clock, offset, precision: to };
        value.text = value.written();
        value
    }

    fn written(&self) -> Text {
        use std::fmt::Write;
        let mut text = compact_str::format_compact!("{:04}", self.year);
        // Writing to a string cannot fail.
        if self.precision >= Precision::Month {
            let _ = write!(text, "-{:02}", self.month);
        }
        if self.precision >= Precision::Day {
            let _ = write!(text, "-{:02}", self.day);
        }
        if let Some(clock) = self.clock {
            text.push('T');
            clock.write(&mut text);
            match self.offset {
                Some(0) => text.push('Z'),
                Some(offset) => {
                    let sign = if offset < 0 { '-' } else { '+' };
                    let minutes = offset.abs() / 60;
                    let _ = write!(text, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
                }
                None => {}
            }
        }
        text
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How much was written.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Whether a time of day was written.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.clock.is_some()
    }

    /// The offset from UTC in seconds, when written.
    #[must_use]
    pub fn offset(&self) -> Option<i32> {
        self.offset
    }

    /// Year, month and day; month and day are 1 when not written.
    #[must_use]
    pub fn date(&self) -> (i16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// Digits written: 4 for a year, 8 for a day, 17 to the millisecond.
    #[must_use]
    pub fn digits(&self) -> u32 {
        match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            _ => 8 + self.clock.map_or(0, Clock::digit_count),
        }
    }

    /// The instants that the value may stand for, as half-open UTC microseconds since 1970. A value without
    /// an offset is read in the zone; a day at a change of clocks has 23 or 25 hours.
    #[must_use]
    pub fn range(&self, zone: &TimeZone) -> (i64, i64) {
        const MICROS: i64 = 1_000_000;
        let Some(clock) = self.clock else {
            let (first, after) = (self.date(), self.day_after());
            return (midnight(zone, first) * MICROS, midnight(zone, after) * MICROS);
        };
        let seconds = clock.seconds_of_day();
        let start = match self.offset {
            Some(offset) => {
                days_from_civil(self.year, self.month, self.day) * 86_400 + seconds - i64::from(offset)
            }
            // The zone reads the minute; seconds (0 to 60) are added to it.
            None => local(zone, self.date(), seconds - i64::from(clock.second)) + i64::from(clock.second),
        };
        let low = start * MICROS + i64::from(clock.nanos / 1000);
        let width = match self.precision {
            Precision::Hour => 3600 * MICROS,
            Precision::Minute => 60 * MICROS,
            Precision::Second => MICROS,
            _ => 10_i64.pow(6 - u32::from(clock.digits.min(6))),
        };
        (low, low + width)
    }

    /// The day after the last day that the date covers.
    fn day_after(&self) -> (i16, u8, u8) {
        match self.precision {
            Precision::Year => (self.year + 1, 1, 1),
            Precision::Month if self.month == 12 => (self.year + 1, 1, 1),
            Precision::Month => (self.year, self.month + 1, 1),
            _ => civil_from_days(days_from_civil(self.year, self.month, self.day) + 1).unwrap_or((
                self.year + 1,
                1,
                1,
            )),
        }
    }
}

/// Splits `hh:mm:ss` from `Z` or `±hh:mm` (FHIR: up to 14 hours).
fn split_offset(text: &str) -> Option<(&str, Option<i32>)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((time, Some(0)));
    }
    let Some(at) = text.find(['+', '-']) else { return Some((text, None)) };
    let (time, offset) = (text.get(..at)?, text.get(at..)?.as_bytes());
    let (hours, minutes) = (two(offset, 1)?, two(offset, 4)?);
    let formed = offset.len() == 6 && offset.get(3) == Some(&b':');
    if !formed || minutes > 59 || hours > 14 || (hours == 14 && minutes > 0) {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    Some((time, Some(if offset.first() == Some(&b'-') { -seconds } else { seconds })))
}

#[cfg(test)]
mod tests {
    use super::super::default_zone;
    use super::*;

    fn range(text: &str) -> (String, i64) {
        let (low, high) = DateTime::parse(Kind::Partial, text).unwrap().range(default_zone());
        (jiff::Timestamp::from_microsecond(low).unwrap().to_string(), high - low)
    }

    #[test]
    fn reads_each_type_strictly() {
        use Kind::{Date, DateTime as Full, Instant, Partial};
        let accepted: &[(&str, &[Kind])] = &[
            ("2024", &[Date, Full, Partial]),
            ("2024-02", &[Date, Full, Partial]),
            ("2024-02-29", &[Date, Full, Partial]),
            ("2024-02-29T10:11:12Z", &[Full, Instant, Partial]),
            ("2016-12-31T23:59:60.5+01:00", &[Full, Instant, Partial]),
            ("2024-02-29T10:11:12", &[Partial]),
            ("2024-02-29T10:11Z", &[Partial]),
            ("2024-02-29T10", &[Partial]),
        ];
        for (text, kinds) in accepted {
            for kind in [Date, Full, Instant, Partial] {
                let read = DateTime::parse(kind, text);
                assert_eq!(read.is_some(), kinds.contains(&kind), "{text} as {kind:?}");
                assert!(read.is_none_or(|value| value.as_str() == *text && value.written() == *text));
            }
        }
        let refused = [
            "",
            "24",
            "0000",
            "2024-13",
            "2024-00",
            "2023-02-29",
            "2024-02-30",
            "2024-1-1",
            "2024-02-29 ",
            "2024-02-29T",
            "2024-02-29T24:00:00Z",
            "2024-02-29T10:11:12+15:00",
            "2024-02-29T10:11:12+1:00",
            "2024-02-29t10:11:12Z",
            "２０２４",
            "2024-02-29T10:11:12Zé",
            "é024",
        ];
        for text in refused {
            assert!(DateTime::parse(Partial, text).is_none(), "{text}");
        }
    }

    #[test]
    fn ranges_follow_precision_and_zone() {
        const HOUR: i64 = 3_600_000_000;
        assert_eq!(range("2024"), ("2024-01-01T00:00:00Z".into(), 366 * 24 * HOUR));
        assert_eq!(range("2024-06-01"), ("2024-05-31T23:00:00Z".into(), 24 * HOUR));
        assert_eq!(range("2024-03-31"), ("2024-03-31T00:00:00Z".into(), 23 * HOUR));
        assert_eq!(range("2024-10-27"), ("2024-10-26T23:00:00Z".into(), 25 * HOUR));
        assert_eq!(range("2024-12"), ("2024-12-01T00:00:00Z".into(), 31 * 24 * HOUR));
        assert_eq!(range("2024-06-01T10:00"), ("2024-06-01T09:00:00Z".into(), HOUR / 60));
        assert_eq!(range("2024-06-01T10:00:00+05:30"), ("2024-06-01T04:30:00Z".into(), 1_000_000));
        assert_eq!(range("2024-06-01T10:00:00.25Z"), ("2024-06-01T10:00:00.25Z".into(), 10_000));
        assert_eq!(range("2016-12-31T23:59:60Z").0, "2017-01-01T00:00:00Z");
        let last = DateTime::parse(Kind::Date, "9999-12-31").unwrap().range(default_zone());
        assert_eq!(last.1 - last.0, 24 * HOUR);
    }

    #[test]
    fn writes_a_moment_in_the_zone() {
        let moment: jiff::Timestamp = "2024-06-01T10:00:00.0405Z".parse().unwrap();
        let value = DateTime::of_timestamp(moment, default_zone()).unwrap();
        assert_eq!(value.as_str(), "2024-06-01T11:00:00.040+01:00");
    }
}
