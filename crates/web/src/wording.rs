//! Values in the words of a page: dates, times, ages, numbers, sex. The rules are those of the NHS service manual:
//! `6 August 2018`, `5:30pm`, `midday`, NHS numbers as 3-3-4. What patients read of them is worded by the catalogue;
//! the short forms of staff pages stand here. Never decides anything; local time is Europe/London.

use care::view::{Sex, When};
pub use catalogue::dates::{
    ago, clock, day, is_midnight, local, moment, month_and_year, month_of_year, weekday, weekday_of_week,
};
pub use catalogue::grouped;
use jiff::{Timestamp, civil::Date};
use maud::{Markup, html};

/// `14:05`, for staff.
pub fn clock24(at: Timestamp) -> String {
    local(at).strftime("%H:%M").to_string()
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
        When::Month(year, month) => month_of_year(year, month),
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

/// `1 bed`, `2 beds`.
pub fn plural(count: i64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(count)) }
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

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn staff_read_the_clock_of_london() {
        assert_eq!(clock24(at("2026-06-20T22:07:00Z")), "23:07");
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
        assert_eq!(
            nhs_number("9990079196").into_string(),
            "<span class=\"bevan-nowrap\">999 007 9196</span>"
        );
        assert_eq!(sex_age(Sex::Female, Some(79)), "F 79");
    }
}
