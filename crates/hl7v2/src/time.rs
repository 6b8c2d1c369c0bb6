//! HL7 times `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]` with their precision kept (HL7 v2.8 §2A.3.22 DTM).
//! A neutral record of what was written: no clock, no time zone rules, no conversion.

/// How much of a time was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `YYYY`
    Year,
    /// `YYYYMM`
    Month,
    /// `YYYYMMDD`
    Day,
    /// `YYYYMMDDHH`
    Hour,
    /// `YYYYMMDDHHMM`
    Minute,
    /// `YYYYMMDDHHMMSS`
    Second,
    /// With a fraction of a second.
    Fraction,
}

/// A time as written. Parts beyond the precision hold their least value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    /// Year, 0 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, valid for year and month.
    pub day: u8,
    /// Hour, 0 to 23. A written 24:00 is refused.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59; a written leap second 60 is read as 59.
    pub second: u8,
    /// Fraction of the second in microseconds; digits beyond six are dropped.
    pub micros: u32,
    /// How much of it was written.
    pub precision: Precision,
    /// Offset from UTC in minutes, when written. Without it the time is local at the sending site.
    pub offset_minutes: Option<i16>,
}

/// Why a text is no time. Holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not digits in the form of an HL7 time.
    #[error("not in the form YYYYMMDDHHMMSS.SSSS+ZZZZ")]
    Form,
    /// A part is out of its range: month 13, 30 February.
    #[error("no such date or time")]
    Range,
}

impl Timestamp {
    /// Parses a time; surrounding spaces are tolerated.
    ///
    /// # Errors
    /// When the text has another form or names a date that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let (written, offset) = match text.find(['+', '-']) {
            Some(at) => (text.get(..at), Some(offset(text.get(at..).unwrap_or_default())?)),
            None => (Some(text), None),
        };
        let written = written.ok_or(TimeError::Form)?;
        let (whole, fraction) = match written.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (written, None),
        };
        if !whole.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TimeError::Form);
        }
        let mut precision = match whole.len() {
            4 => Precision::Year,
            6 => Precision::Month,
            8 => Precision::Day,
            10 => Precision::Hour,
            12 => Precision::Minute,
            14 => Precision::Second,
            _ => return Err(TimeError::Form),
        };
        let two = |from: usize, least: u8| match whole.get(from..from + 2) {
            Some(digits) => digits.parse::<u8>().map_err(|_| TimeError::Form),
            None => Ok(least),
        };
        let mut micros = 0;
        if let Some(digits) = fraction.filter(|digits| !digits.is_empty()) {
            if precision != Precision::Second {
                return Err(TimeError::Form);
            }
            micros = fraction_micros(digits)?;
            precision = Precision::Fraction;
        }
        Self {
            year: whole.get(..4).and_then(|digits| digits.parse().ok()).ok_or(TimeError::Form)?,
            month: two(4, 1)?,
            day: two(6, 1)?,
            hour: two(8, 0)?,
            minute: two(10, 0)?,
            second: two(12, 0)?,
            micros,
            precision,
            offset_minutes: offset,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, TimeError> {
        let second = if self.second == 60 { 59 } else { self.second };
        let valid = (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && second < 60;
        if valid { Ok(Self { second, ..self }) } else { Err(TimeError::Range) }
    }
}

fn offset(text: &str) -> Result<i16, TimeError> {
    let (sign, digits) = text.split_at_checked(1).ok_or(TimeError::Form)?;
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TimeError::Form);
    }
    let number: i16 = digits.parse().map_err(|_| TimeError::Form)?;
    let (hours, minutes) = (number / 100, number % 100);
    if hours > 14 || minutes > 59 {
        return Err(TimeError::Range);
    }
    let total = hours * 60 + minutes;
    Ok(if sign == "-" { -total } else { total })
}

fn fraction_micros(digits: &str) -> Result<u32, TimeError> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TimeError::Form);
    }
    Ok((0..6)
        .fold(0, |sum, n| sum * 10 + digits.as_bytes().get(n).map_or(0, |digit| u32::from(digit - b'0'))))
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_precision_and_offset() {
        let time = Timestamp::parse("20150624084727.655-0530").unwrap();
        assert_eq!(
            (time.micros, time.precision, time.offset_minutes),
            (655_000, Precision::Fraction, Some(-330))
        );
        let time = Timestamp::parse("202108181126+0215").unwrap();
        assert_eq!((time.minute, time.second, time.precision), (26, 0, Precision::Minute));
        assert_eq!(time.offset_minutes, Some(135));
        assert_eq!(Timestamp::parse("1985").unwrap().precision, Precision::Year);
        assert_eq!(Timestamp::parse("20240229").unwrap().offset_minutes, None);
    }

    #[test]
    fn refuses_what_does_not_exist() {
        for (text, error) in [
            ("20230229", TimeError::Range),
            ("202313", TimeError::Range),
            ("2023010124", TimeError::Range),
            ("20230101120000+9900", TimeError::Range),
            ("2023-01-01", TimeError::Form),
            ("20230101.5", TimeError::Form),
            ("202", TimeError::Form),
            ("", TimeError::Form),
            ("２０２３", TimeError::Form),
        ] {
            assert_eq!(Timestamp::parse(text), Err(error), "{text}");
        }
    }
}
