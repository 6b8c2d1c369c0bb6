//! Values in the words of a page: dates, times, ages, numbers, sex. The rules are those of the NHS service manual:
//! `6 August 2018`, `5:30pm`, `midday`, NHS numbers as 3-3-4. What patients read of them stands in the catalogue (`dates.ftl`);
//! the short forms of staff pages stand here. Never decides anything; local time is Europe/London.

use crate::words::{fill, say};
use care::view::{Sex, When};
use fluent_bundle::FluentValue;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use maud::{Markup, html};
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

/// `14:05`, for staff.
pub fn clock24(at: Timestamp) -> String {
    local(at).strftime("%H:%M").to_string()
}

/// `20 November 2026, 2:05pm`.
pub fn moment(at: Timestamp) -> String {
    fill("dates-moment", &[("day", day(local(at).date()).into()), ("time", clock(at).into())])
}

/// A time of today as `14:05`, any other as `20 Nov 14:05` (with the year when it is another), for staff.
pub fn short_moment(at: Timestamp, now: Timestamp) -> String {
    let (then, today) = (local(at), local(now));
    if then.date() == today.date() {
        clock24(at)
    } else if then.year() == today.year() {
        then.strftime("%-d %b %H:%M").to_string()
    } else {
        then.strftime("%-d %b %Y %H:%M").to_string()
    }
}

/// As [`short_moment`], and `Sat 14:05` within the last six days: what fits a tile.
pub fn recent(at: Timestamp, now: Timestamp) -> String {
    let (then, today) = (local(at), local(now));
    match (today.date() - then.date()).get_days() {
        1..=6 => then.strftime("%a %H:%M").to_string(),
        _ => short_moment(at, now),
    }
}

/// `November 2026`.
pub fn month_and_year(at: Timestamp) -> String {
    fill("dates-month-of-year", &parts(local(at).date()))
}

/// Words with a capital letter first.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

/// Words as a sentence: a capital letter first, a full stop last.
pub fn sentence(words: &str) -> String {
    format!("{}.", capital(words.trim_end_matches('.')))
}

/// A point in time with no more precision than was recorded.
pub fn when(when: When) -> String {
    match when {
        When::Year(year) => year.to_string(),
        When::Month(year, month) => fill(
            "dates-month-of-year",
            &[("month", named(&MONTHS, month).into()), ("year", year.to_string().into())],
        ),
        When::Day(date) => day(date),
        When::Instant(at) => moment(at),
    }
}

/// A point in time, without the time of day.
pub fn when_day(point: When) -> String {
    match point {
        When::Instant(at) => day(local(at).date()),
        other => when(other),
    }
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

/// `1 bed`, `2 beds`.
pub fn plural(count: i64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(count)) }
}

/// `12,480`.
pub fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut words = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    if count < 0 { format!("-{words}") } else { words }
}

/// The day of expected leaving as staff say it: `today`, `tomorrow`, `Wed`, `24 Nov`; a day gone by is named as overdue.
pub fn expected(date: Date, now: Timestamp) -> String {
    let today = local(now).date();
    let days = (date - today).get_days();
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=6 => date.strftime("%a").to_string(),
        7.. => date.strftime("%-d %b").to_string(),
        _ => format!("{} (past)", date.strftime("%-d %b")),
    }
}

/// An NHS number as 3-3-4, never broken over lines; screen readers get the same text.
pub fn nhs_number(digits: &str) -> Markup {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let shown = if digits.len() == 10 && digits.is_ascii() {
        format!("{} {} {}", part(0, 3), part(3, 6), part(6, 10))
    } else {
        digits.to_owned()
    };
    html! { span class="bevan-nowrap" { (shown) } }
}

/// The word for a sex.
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "Female",
        Sex::Male => "Male",
        Sex::Other => "Other",
        Sex::Unknown => "Not recorded",
    }
}

/// Sex and age as a tile says them: `F 79`.
pub fn sex_age(sex: Sex, age: Option<u16>) -> String {
    let letter = match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Other => "X",
        Sex::Unknown => "?",
    };
    age.map_or_else(|| letter.to_owned(), |age| format!("{letter} {age}"))
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
        assert_eq!(clock24(at("2026-06-20T22:07:00Z")), "23:07");
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

    #[test]
    fn precision_is_never_added() {
        assert_eq!(when(When::Year(1958)), "1958");
        assert_eq!(when(When::Month(1958, 3)), "March 1958");
        assert_eq!(when_day(When::Instant(at("2026-06-20T23:30:00Z"))), "21 June 2026");
        assert_eq!(when(When::Month(1958, 0)), " 1958", "an impossible month is left out, not guessed");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(15_585), "15,585");
        assert_eq!(grouped(-1_000), "-1,000");
        assert_eq!(grouped(999), "999");
        assert_eq!(
            nhs_number("9990079196").into_string(),
            "<span class=\"bevan-nowrap\">999 007 9196</span>"
        );
        assert_eq!(sex_age(Sex::Female, Some(79)), "F 79");
    }
}
