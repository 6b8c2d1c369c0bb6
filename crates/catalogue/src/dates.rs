//! Days and times as people read them, by the rules of the NHS service manual: `6 August 2018`, `5:30pm`, `midday`. Local time is
//! Europe/London.

use crate::{fill, say};
use fluent_bundle::FluentValue;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use std::sync::OnceLock;

const MONTHS: [&str; 12] = [
    "dates-month-1",
    "dates-month-2",
    "dates-month-3",
    "dates-month-4",
    "dates-month-5",
    "dates-month-6",
    "dates-month-7",
    "dates-month-8",
    "dates-month-9",
    "dates-month-10",
    "dates-month-11",
    "dates-month-12",
];

const WEEKDAYS: [&str; 7] = [
    "dates-weekday-1",
    "dates-weekday-2",
    "dates-weekday-3",
    "dates-weekday-4",
    "dates-weekday-5",
    "dates-weekday-6",
    "dates-weekday-7",
];

/// A moment as London's clocks show it.
pub fn local(at: Timestamp) -> Zoned {
    static LONDON: OnceLock<TimeZone> = OnceLock::new();
    let zone = LONDON.get_or_init(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    at.to_zoned(zone.clone())
}

/// The one of these messages at a number from 1.
fn named(ids: &[&'static str], number: i8) -> &'static str {
    usize::try_from(number).ok().and_then(|n| ids.get(n.wrapping_sub(1))).copied().map_or("", say)
}

/// The parts of a day. Years are no counts: they are never grouped.
fn parts(date: Date) -> [(&'static str, FluentValue<'static>); 4] {
    [
        ("day", date.day().to_string().into()),
        ("month", named(&MONTHS, date.month()).into()),
        ("year", date.year().to_string().into()),
        ("weekday", named(&WEEKDAYS, date.weekday().to_monday_one_offset()).into()),
    ]
}

/// `6 August 2018`.
pub fn day(date: Date) -> String {
    fill("dates-day", &parts(date))
}

/// `Monday 6 August 2018`, for what is to come.
pub fn weekday(date: Date) -> String {
    fill("dates-weekday", &parts(date))
}

/// `Monday 6 August`, within days of which the year goes without saying.
pub fn weekday_of_week(date: Date) -> String {
    fill("dates-weekday-of-week", &parts(date))
}

/// Whether a day begins in London.
pub fn is_midnight(at: Timestamp) -> bool {
    let at = local(at);
    (at.hour(), at.minute()) == (0, 0)
}

/// `5:30pm`, `5pm`, `midday`, `midnight`.
pub fn clock(at: Timestamp) -> String {
    let at = local(at);
    let (hour, minute) = (at.hour(), at.minute());
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let words = match (hour, minute) {
        (0, 0) => return say("dates-midnight").to_owned(),
        (12, 0) => return say("dates-midday").to_owned(),
        (..12, 0) => "dates-morning",
        (..12, _) => "dates-morning-minutes",
        (_, 0) => "dates-afternoon",
        _ => "dates-afternoon-minutes",
    };
    fill(words, &[("hour", hour12.to_string().into()), ("minute", format!("{minute:02}").into())])
}

/// `20 November 2026, 2:05pm`.
pub fn moment(at: Timestamp) -> String {
    fill("dates-moment", &[("day", day(local(at).date()).into()), ("time", clock(at).into())])
}

/// `November 2026`.
pub fn month_and_year(at: Timestamp) -> String {
    fill("dates-month-of-year", &parts(local(at).date()))
}

/// `November 2026`, of a month by its number.
pub fn month_of_year(year: i16, month: i8) -> String {
    fill("dates-month-of-year", &[("month", named(&MONTHS, month).into()), ("year", year.to_string().into())])
}

/// How long before `now`, in one unit: `4 seconds ago`, `2 hours ago`, `3 days ago`. Later instants are `just now`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    let (words, count) = match seconds {
        ..=0 => return say("dates-now").to_owned(),
        1..=59 => ("dates-seconds-ago", seconds),
        60..=3599 => ("dates-minutes-ago", seconds / 60),
        3600..=172_799 => ("dates-hours-ago", seconds / 3600),
        _ => ("dates-days-ago", seconds / 86_400),
    };
    fill(words, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_worded_in_london() {
        let cases = [
            ("2026-11-20T14:05:00Z", "20 November 2026, 2:05pm"),
            ("2026-06-20T11:00:00Z", "20 June 2026, midday"),
            ("2026-06-20T23:00:00Z", "21 June 2026, midnight"),
            ("2026-01-02T00:30:00Z", "2 January 2026, 12:30am"),
            ("2026-01-02T17:00:00Z", "2 January 2026, 5pm"),
        ];
        for (instant, words) in cases {
            assert_eq!(moment(at(instant)), words);
        }
        assert_eq!(weekday(date(2026, 12, 1)), "Tuesday 1 December 2026");
    }

    #[test]
    fn ages_have_one_unit() {
        let now = at("2026-11-20T14:05:00Z");
        let cases = [
            ("2026-11-20T14:05:09Z", "just now"),
            ("2026-11-20T14:04:59Z", "1 second ago"),
            ("2026-11-20T14:03:35Z", "1 minute ago"),
            ("2026-11-20T12:05:00Z", "2 hours ago"),
            ("2026-11-17T12:05:00Z", "3 days ago"),
        ];
        for (instant, words) in cases {
            assert_eq!(ago(at(instant), now), words, "{instant}");
        }
    }
}
