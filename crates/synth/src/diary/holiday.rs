//! Days on which surgeries of England and Wales are closed: the bank holidays by their rules (Banking and Financial
//! Dealings Act 1971 and the yearly proclamations). One-off holidays are not known here.

use crate::calendar::Day;

/// Whether a day is a bank holiday.
pub(super) fn is_bank_holiday(day: Day) -> bool {
    let (year, _, _) = day.date();
    let easter = easter(year);
    [
        moved(Day::of(year, 1, 1)),
        easter.plus(-2),
        easter.plus(1),
        first_monday(Day::of(year, 5, 1)),
        first_monday(Day::of(year, 5, 25)),
        first_monday(Day::of(year, 8, 25)),
        moved(Day::of(year, 12, 25)),
        boxing_day(year),
    ]
    .contains(&day)
}

/// A holiday at a weekend is kept on the next Monday.
fn moved(day: Day) -> Day {
    if day.is_weekend() { first_monday(day) } else { day }
}

/// The second day of Christmas gives way to the first.
fn boxing_day(year: i32) -> Day {
    let christmas = moved(Day::of(year, 12, 25));
    let day = moved(Day::of(year, 12, 26));
    if day == christmas { day.plus(1) } else { day }
}

/// The first Monday on or after a day.
fn first_monday(from: Day) -> Day {
    // 1970-01-01 was a Thursday.
    from.plus((4 - from.0).rem_euclid(7))
}

/// Easter Sunday of the Gregorian calendar (Butcher's rule).
fn easter(year: i32) -> Day {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Day::of(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dates as published by GOV.UK for England and Wales.
    #[test]
    fn holidays_are_those_that_were_published() {
        let published = [
            (2026, 1, 1),
            (2026, 4, 3),
            (2026, 4, 6),
            (2026, 5, 4),
            (2026, 5, 25),
            (2026, 8, 31),
            (2026, 12, 25),
            (2026, 12, 28),
            (2027, 1, 1),
            (2027, 3, 26),
            (2027, 3, 29),
            (2027, 5, 3),
            (2027, 5, 31),
            (2027, 8, 30),
            (2027, 12, 27),
            (2027, 12, 28),
        ];
        let found: Vec<_> = (0..730)
            .map(|ahead| Day::of(2026, 1, 1).plus(ahead))
            .filter(|day| is_bank_holiday(*day))
            .map(Day::date)
            .collect();
        assert_eq!(found, published);
    }
}
