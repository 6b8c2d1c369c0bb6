//! Bank holidays of England and Wales by rule: the Banking and Financial Dealings Act 1971, Schedule 1, custom for substitute
//! days, and the proclamations that moved or added days. A test holds the rule against the published dates of nine years.
//!
//! A day that is proclaimed in future is not known here until it is added to [`PROCLAIMED`]; services that say nothing
//! about bank holidays are then shown with their usual hours on that day, which is hazard H-SRV-002.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A bank holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankHoliday {
    /// The message that names it.
    pub name: &'static str,
    /// Whether it stands in for a holiday that fell on a weekend.
    pub substitute: bool,
}

/// Days that no rule gives: added, or moved from where the rule puts them.
const PROCLAIMED: &[(i16, i8, i8, &str)] = &[
    (2020, 5, 8, "services-holiday-ve-day"),
    (2022, 6, 2, "services-holiday-spring"),
    (2022, 6, 3, "services-holiday-platinum-jubilee"),
    (2022, 9, 19, "services-holiday-state-funeral"),
    (2023, 5, 8, "services-holiday-coronation"),
];

/// Days on which the rule would put a holiday that was moved.
const MOVED: &[(i16, i8, i8)] = &[(2020, 5, 4), (2022, 5, 30)];

/// The bank holiday on a day.
#[must_use]
pub fn bank_holiday(date: Date) -> Option<BankHoliday> {
    let whole = |name| Some(BankHoliday { name, substitute: false });
    let key = (date.year(), date.month(), date.day());
    if let Some((.., name)) = PROCLAIMED.iter().find(|(y, m, d, _)| (*y, *m, *d) == key) {
        return whole(name);
    }
    if MOVED.contains(&key) {
        return None;
    }
    let easter = easter_sunday(date.year())?;
    if Some(date) == days(easter, (-2).days()) {
        return whole("services-holiday-good-friday");
    }
    if Some(date) == days(easter, 1.day()) {
        return whole("services-holiday-easter-monday");
    }
    if date.weekday() == Weekday::Monday {
        match (date.month(), date.day()) {
            (5, 1..=7) => return whole("services-holiday-early-may"),
            (5, 25..=31) => return whole("services-holiday-spring"),
            (8, 25..=31) => return whole("services-holiday-summer"),
            _ => {}
        }
    }
    fixed(date)
}

/// New Year's Day, Christmas Day and Boxing Day, or the working day that stands in for them.
fn fixed(date: Date) -> Option<BankHoliday> {
    use Weekday::{Monday, Saturday, Sunday, Tuesday};
    let holiday = |name, substitute| Some(BankHoliday { name, substitute });
    let weekend = matches!(date.weekday(), Saturday | Sunday);
    match (date.month(), date.day(), date.weekday()) {
        (1, 1, _) if !weekend => holiday("services-holiday-new-year", false),
        (1, 2 | 3, Monday) => holiday("services-holiday-new-year", true),
        (12, 25, _) if !weekend => holiday("services-holiday-christmas", false),
        (12, 26, _) if !weekend => holiday("services-holiday-boxing-day", false),
        // The 25th was a Saturday: Monday the 27th; a Sunday: Tuesday the 27th, after Boxing Day itself.
        (12, 27, Monday | Tuesday) => holiday("services-holiday-christmas", true),
        // The 26th was a Saturday: Monday the 28th; a Sunday: Tuesday the 28th.
        (12, 28, Monday | Tuesday) => holiday("services-holiday-boxing-day", true),
        _ => None,
    }
}

fn days(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, "Nature" vol. 13, p. 487).
fn easter_sunday(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (a, b, c) = (year_number % 19, year_number / 100, year_number % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// As published on GOV.UK for England and Wales.
    const PUBLISHED: &[(i16, &[(i8, i8)])] = &[
        (2020, &[(1, 1), (4, 10), (4, 13), (5, 8), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2021, &[(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2022, &[(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)]),
        (2023, &[(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2024, &[(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
        (2025, &[(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2026, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, &[(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2028, &[(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    ];

    #[test]
    fn the_rule_gives_the_published_days_and_no_other() {
        for (year, published) in PUBLISHED {
            let expected: Vec<Date> =
                published.iter().map(|(month, day)| date(*year, *month, *day)).collect();
            let computed: Vec<Date> = date(*year, 1, 1)
                .series(1.day())
                .take_while(|day| day.year() == *year)
                .filter(|day| bank_holiday(*day).is_some())
                .collect();
            assert_eq!(computed, expected, "{year}");
        }
    }

    #[test]
    fn a_day_that_stands_in_says_so() {
        assert_eq!(
            bank_holiday(date(2026, 12, 28)),
            Some(BankHoliday { name: "services-holiday-boxing-day", substitute: true })
        );
        assert!(!bank_holiday(date(2026, 12, 25)).unwrap().substitute);
    }
}
