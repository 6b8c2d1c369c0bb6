//! HL7 times to moments: an offset when one is written, otherwise local time in Europe/London.

use care::patient_flow::{DAY, HOUR, Moment, Precision, Warning};
use hl7v2::Part;
use hl7v2::time::{Precision as Written, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset};

/// The moment of a TS or DTM field. A text that is no time is reported and left out.
pub fn moment(part: &Part<'_>, warnings: &mut Vec<Warning>) -> Option<Moment> {
    let text = part.text()?;
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let read = read(text);
    if read.is_none() {
        warnings.push(Warning::UnreadableTime(text.to_owned()));
    }
    read
}

/// The moment of a text; `None` when it is no time.
pub fn read(text: &str) -> Option<Moment> {
    let written = Timestamp::parse(text).ok()?;
    let (year, month, day) = (i16::try_from(written.year).ok()?, written.month, written.day);
    let part = |n: u8| i8::try_from(n).ok();
    let nanos = i32::try_from(written.micros).ok()? * 1000;
    let local = DateTime::new(
        year,
        part(month)?,
        part(day)?,
        part(written.hour)?,
        part(written.minute)?,
        part(written.second)?,
        nanos,
    )
    .ok()?;
    let (from, repeated) = instant(local, written.offset_minutes)?;
    let precision = precision(written.precision);
    let until = match precision {
        Precision::Year => {
            instant(local.checked_add(jiff::Span::new().years(1)).ok()?, written.offset_minutes)?.0
        }
        Precision::Month => {
            instant(local.checked_add(jiff::Span::new().months(1)).ok()?, written.offset_minutes)?.0
        }
        Precision::Day => {
            let next = local.checked_add(jiff::Span::new().days(1)).ok();
            next.and_then(|next| instant(next, written.offset_minutes)).map_or(from + DAY, |(until, _)| until)
        }
        Precision::Hour => from + HOUR,
        Precision::Minute => from + HOUR / 60,
        Precision::Second => from + 1_000_000,
        Precision::Fraction => from + 1,
    };
    Some(Moment { text: text.to_owned(), from, until, precision, repeated })
}

/// Microseconds UTC, and whether the local time happens twice. A local time that the spring change skips is read
/// with the offset before the change.
fn instant(local: DateTime, offset_minutes: Option<i16>) -> Option<(i64, bool)> {
    let offset = match offset_minutes {
        Some(minutes) => (Offset::from_seconds(i32::from(minutes) * 60).ok()?, false),
        None => match fhir::time::default_zone().to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, false),
            AmbiguousOffset::Gap { before, .. } => (before, false),
            AmbiguousOffset::Fold { before, .. } => (before, true),
        },
    };
    Some((offset.0.to_timestamp(local).ok()?.as_microsecond(), offset.1))
}

fn precision(written: Written) -> Precision {
    match written {
        Written::Year => Precision::Year,
        Written::Month => Precision::Month,
        Written::Day => Precision::Day,
        Written::Hour => Precision::Hour,
        Written::Minute => Precision::Minute,
        Written::Second => Precision::Second,
        Written::Fraction => Precision::Fraction,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_those_of_london() {
        let told = |text: &str| read(text).map(|moment| (moment.to_fhir(), moment.repeated)).unwrap();
        assert_eq!(told("202601011200"), ("2026-01-01T12:00:00+00:00".into(), false));
        assert_eq!(told("202607011200"), ("2026-07-01T12:00:00+01:00".into(), false));
        assert_eq!(told("202607011200+0200"), ("2026-07-01T11:00:00+01:00".into(), false));
        assert_eq!(told("20260701"), ("2026-07-01".into(), false));
        assert_eq!(told("202610250130"), ("2026-10-25T01:30:00+01:00".into(), true));
        assert_eq!(told("202610250130+0000"), ("2026-10-25T01:30:00+00:00".into(), false));
        assert_eq!(told("20210817151943.4+0200"), ("2021-08-17T14:19:43.4+01:00".into(), false));
        assert!(read("20230229").is_none());
    }

    #[test]
    fn a_day_is_as_long_as_it_is() {
        let hours = |text: &str| read(text).map(|moment| (moment.until - moment.from) / HOUR).unwrap();
        assert_eq!(
            [hours("20261025"), hours("20260329"), hours("20260701"), hours("202602")],
            [25, 23, 24, 672]
        );
    }
}
