//! FHIR `time`: a time of day without date or offset, precision kept.

use super::Precision;
use crate::json::Text;

/// A time of day as written; `hh` and `hh:mm` occur in FHIRPath literals only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    pub(super) text: Text,
    pub(super) clock: Clock,
}

/// The fields of a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// 0 to 60: FHIR allows the leap second.
    pub(super) second: u8,
    pub(super) nanos: u32,
    /// Digits written after the decimal point.
    pub(super) digits: u8,
    pub(super) precision: Precision,
}

impl Time {
    /// Reads a FHIR `time`: `hh:mm:ss` with optional fraction.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_partial(text).filter(|time| time.precision() >= Precision::Second)
    }

    /// Reads a time of any precision from the hour.
    #[must_use]
    pub fn parse_partial(text: &str) -> Option<Self> {
        Some(Self { text: Text::new(text), clock: Clock::parse(text)? })
    }

    pub(super) fn of(clock: Clock) -> Self {
        let mut text = Text::default();
        clock.write(&mut text);
        Self { text, clock }
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How much was written.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.clock.precision
    }

    /// Digits written: 2 for the hour, 4 with minutes, 6 with seconds, more with a fraction.
    #[must_use]
    pub fn digits(&self) -> u32 {
        self.clock.digit_count()
    }
}

impl Clock {
    pub(super) const MIDNIGHT: Self =
        Self { hour: 0, minute: 0, second: 0, nanos: 0, digits: 3, precision: Precision::Fraction };

    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let hour = two(bytes, 0).filter(|h| *h < 24)?;
        let mut clock = Self { hour, minute: 0, second: 0, nanos: 0, digits: 0, precision: Precision::Hour };
        if bytes.len() == 2 {
            return Some(clock);
        }
        clock.minute = two(bytes, 3).filter(|m| *m < 60 && bytes.get(2) == Some(&b':'))?;
        clock.precision = Precision::Minute;
        if bytes.len() == 5 {
            return Some(clock);
        }
        clock.second = two(bytes, 6).filter(|s| *s <= 60 && bytes.get(5) == Some(&b':'))?;
        clock.precision = Precision::Second;
        if bytes.len() == 8 {
            return Some(clock);
        }
        let fraction = bytes.get(9..).filter(|f| !f.is_empty() && f.iter().all(u8::is_ascii_digit))?;
        if bytes.get(8) != Some(&b'.') || fraction.len() > 100 {
            return None;
        }
        // Digits beyond the nanosecond stay in the text but do not take part in arithmetic.
        clock.digits = u8::try_from(fraction.len().min(9)).ok()?;
        clock.nanos = fraction
            .iter()
            .copied()
            .chain(std::iter::repeat(b'0'))
            .take(9)
            .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        clock.precision = Precision::Fraction;
        Some(clock)
    }

    pub(super) fn digit_count(self) -> u32 {
        match self.precision {
            Precision::Hour => 2,
            Precision::Minute => 4,
            Precision::Second => 6,
            _ => 6 + u32::from(self.digits),
        }
    }

    /// Nanoseconds since midnight.
    pub(super) fn nanos_of_day(self) -> i64 {
        self.seconds_of_day() * 1_000_000_000 + i64::from(self.nanos)
    }

    /// Seconds since midnight.
    pub(super) fn seconds_of_day(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// The same precision at another moment of the day.
    pub(super) fn at(self, nanos_of_day: i64) -> Option<Self> {
        let seconds = nanos_of_day.div_euclid(1_000_000_000);
        Some(Self {
            hour: u8::try_from(seconds / 3600).ok()?,
            minute: u8::try_from(seconds / 60 % 60).ok()?,
            second: u8::try_from(seconds % 60).ok()?,
            nanos: u32::try_from(nanos_of_day.rem_euclid(1_000_000_000)).ok()?,
            ..self
        })
    }

    pub(super) fn write(self, out: &mut Text) {
        use std::fmt::Write;
        // Writing to a string cannot fail.
        let _ = write!(out, "{:02}", self.hour);
        if self.precision >= Precision::Minute {
            let _ = write!(out, ":{:02}", self.minute);
        }
        if self.precision >= Precision::Second {
            let _ = write!(out, ":{:02}", self.second);
        }
        if self.precision == Precision::Fraction {
            let digits = u32::from(self.digits.clamp(1, 9));
            let shown = self.nanos / 10_u32.pow(9 - digits);
            let _ = write!(out, ".{shown:0width$}", width = digits as usize);
        }
    }
}

/// Two ASCII digits at an offset.
pub(super) fn two(bytes: &[u8], at: usize) -> Option<u8> {
    match bytes.get(at..at + 2)? {
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strictly() {
        for text in ["00:00:00", "23:59:60", "12:34:56.7", "12:34:56.123456789012"] {
            assert_eq!(Time::parse(text).unwrap().as_str(), text);
        }
        for text in
            ["", "12", "12:34", "24:00:00", "12:60:00", "12:34:61", "12:34:56.", "1:02:03", "12:34:56Z"]
        {
            assert!(Time::parse(text).is_none(), "{text}");
        }
        assert_eq!(Time::parse_partial("12:34").unwrap().precision(), Precision::Minute);
    }
}
