//! NHS numbers of the test range 999 000 0000 to 999 999 9999, each given out once.
//!
//! The range holds a million nine-digit stems. One stem in eleven has no valid check digit (modulus 11), so a
//! million people cannot all have a number: [`CAPACITY`] can, the rest live without one, as UK Core allows. For
//! every five free digits the ninth digit has weight 2 and exactly one value, or none, is excluded: the first nine
//! that are left are used.

/// How many different numbers [`nhs_number`] can give.
pub const CAPACITY: u64 = 900_000;

/// The number at a place of the range, 10 digits; `None` beyond [`CAPACITY`].
#[must_use]
pub fn nhs_number(place: u64) -> Option<String> {
    if place >= CAPACITY {
        return None;
    }
    let (stem, choice) = (99_900_000 + place / 9, place % 9);
    (0..10)
        .filter_map(|last| {
            let nine = stem * 10 + last;
            check_digit(nine).map(|check| format!("{nine}{check}"))
        })
        .nth(choice as usize)
}

/// The check digit of nine digits; `None` where no valid number exists.
fn check_digit(nine: u64) -> Option<u64> {
    let mut rest = nine;
    let mut sum = 0;
    for weight in 2..=10 {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        check => Some(check),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn known_numbers_have_their_check_digit() {
        assert_eq!(check_digit(999_007_919), Some(6));
        assert_eq!(check_digit(900_000_000), Some(9));
        for excluded in [999_000_000, 999_015_838, 999_142_542, 999_190_056] {
            assert_eq!(check_digit(excluded), None, "{excluded}");
        }
    }

    #[test]
    fn every_number_is_valid_and_unique() {
        let mut seen = HashSet::new();
        for place in 0..CAPACITY {
            let number = nhs_number(place).unwrap();
            assert!(number.len() == 10 && number.starts_with("999"), "{number}");
            assert_eq!(check_digit(number[..9].parse().unwrap()), number[9..].parse().ok(), "{number}");
            assert!(seen.insert(number));
        }
        assert_eq!(nhs_number(CAPACITY), None);
    }
}
