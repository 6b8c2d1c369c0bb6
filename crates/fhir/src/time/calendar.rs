//! The proleptic Gregorian calendar in integers, for years 1 to 9999.
//!
//! Days are counted here rather than through a time library because FHIR's year 9999 lies outside the range
//! of most timestamp types.

/// Days in a month; 0 for a month that does not exist.
pub(super) fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days from 1970-01-01 to the given day (era arithmetic with March as the first month).
pub(super) fn days_from_civil(year: i16, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The day that lies so many days after 1970-01-01; `None` outside years 1 to 9999.
pub(super) fn civil_from_days(days: i64) -> Option<(i16, u8, u8)> {
    let shifted = days.checked_add(719_468)?;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = u8::try_from(day_of_year - (153 * shifted_month + 2) / 5 + 1).ok()?;
    let month = u8::try_from(if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 }).ok()?;
    let year = i16::try_from(year_of_era + era * 400 + i64::from(month <= 2)).ok()?;
    (1..=9999).contains(&year).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_both_ways() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
        for days in (-719_162..2_932_896).step_by(97) {
            let (year, month, day) = civil_from_days(days).unwrap();
            assert_eq!(days_from_civil(year, month, day), days);
            assert!(day >= 1 && day <= days_in_month(year, month));
        }
        assert_eq!(civil_from_days(2_932_897), None);
        assert_eq!(civil_from_days(i64::MAX), None);
    }

    #[test]
    fn knows_leap_years() {
        assert_eq!([1900, 2000, 2023, 2024].map(|y| days_in_month(y, 2)), [28, 29, 28, 29]);
    }
}
