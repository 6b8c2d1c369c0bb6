//! NHS numbers: ten digits with a modulus 11 check
//! (<https://www.datadictionary.nhs.uk/attributes/nhs_number.html>).
//!
//! Passing the check is not identity: placeholders pass it too, so linking must ask [`NhsNumber::is_placeholder`]. A
//! number is personal: it must never stand in a log, a URL or an error; the type's `Debug` hides it.

use std::fmt;

/// Ten digits that pass the check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber([u8; 10]);

/// Why an entry is not an NHS number, in the order in which the reasons are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NhsNumberError {
    /// Nothing was entered.
    #[error("Enter an NHS number")]
    Empty,
    /// It has the form of a National Insurance number.
    #[error("This looks like a National Insurance number. Enter a 10 digit NHS number")]
    NationalInsurance,
    /// It holds something other than digits.
    #[error("NHS number must only contain numbers")]
    NotDigits,
    /// It has fewer or more than ten digits.
    #[error("NHS number must be 10 digits")]
    Length,
    /// The tenth digit does not fit the others.
    #[error("Enter a valid NHS number, check the last digit")]
    CheckDigit,
}

impl NhsNumber {
    /// Reads what a person typed: spaces and dashes of every usual kind are passed over.
    ///
    /// # Errors
    /// The first reason, in the order of [`NhsNumberError`]; its text is the message for the field.
    pub fn parse(entry: &str) -> Result<Self, NhsNumberError> {
        let kept: String = entry.trim().chars().filter(|c| !is_separator(*c)).collect();
        if kept.is_empty() {
            return Err(NhsNumberError::Empty);
        }
        if is_national_insurance(&kept) {
            return Err(NhsNumberError::NationalInsurance);
        }
        if !kept.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NhsNumberError::NotDigits);
        }
        let digits: [u8; 10] = kept.as_bytes().try_into().map_err(|_| NhsNumberError::Length)?;
        if passes(digits) { Ok(Self(digits)) } else { Err(NhsNumberError::CheckDigit) }
    }

    /// Whether the text is exactly ten digits that pass the check: the canonical form, nothing stripped.
    #[must_use]
    pub fn is_valid(canonical: &str) -> bool {
        Self::from_canonical(canonical).is_some()
    }

    /// Reads the canonical form: exactly ten digits, nothing stripped.
    #[must_use]
    pub fn from_canonical(canonical: &str) -> Option<Self> {
        let digits: [u8; 10] = canonical.as_bytes().try_into().ok()?;
        (digits.iter().all(u8::is_ascii_digit) && passes(digits)).then_some(Self(digits))
    }

    /// The number that begins with these nine digits; `None` when no tenth digit can be right (about one in eleven),
    /// or when they are not nine digits.
    #[must_use]
    pub fn completing(nine: &str) -> Option<Self> {
        let first: [u8; 9] = nine.as_bytes().try_into().ok()?;
        let check = first.iter().all(u8::is_ascii_digit).then(|| check_digit(first))??;
        let mut digits = [check; 10];
        digits.iter_mut().zip(first).for_each(|(slot, digit)| *slot = digit);
        Some(Self(digits))
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits as people read them: `999 007 9196`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let text = self.as_str();
        let part = |range| text.get(range).unwrap_or_default();
        format!("{} {} {}", part(0..3), part(3..6), part(6..10))
    }

    /// Whether it lies in 999 000 0000 to 999 999 9999, which is never issued: required for invented people,
    /// refused for real ones.
    #[must_use]
    pub fn is_test_range(&self) -> bool {
        self.0.starts_with(b"999")
    }

    /// Whether it passes the check but stands for nobody: one digit ten times over, or a countdown.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        let [first, ..] = self.0;
        self.0.iter().all(|d| *d == first) || &self.0 == b"9876543210"
    }

    /// Whether records may be linked on it (with other evidence): no placeholder, and not on the given list.
    #[must_use]
    pub fn may_link(&self, deny_list: &[NhsNumber]) -> bool {
        !self.is_placeholder() && !deny_list.contains(self)
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

/// ASCII space, no-break, thin and narrow no-break spaces, hyphen-minus and the dashes U+2010 to U+2015.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '-' | '\u{2010}'..='\u{2015}')
}

/// Two letters, six digits, and a letter from A to D, in any case.
fn is_national_insurance(kept: &str) -> bool {
    let [a, b, digits @ .., suffix] = kept.as_bytes() else { return false };
    a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && digits.len() == 6
        && digits.iter().all(u8::is_ascii_digit)
        && matches!(suffix.to_ascii_uppercase(), b'A'..=b'D')
}

fn passes(digits: [u8; 10]) -> bool {
    let [first @ .., last] = digits;
    check_digit(first) == Some(last)
}

/// The tenth digit in ASCII: eleven less the weighted sum modulo eleven, where eleven counts as nought and ten as none.
fn check_digit(first: [u8; 9]) -> Option<u8> {
    let sum: u32 = (2..=10).rev().zip(first).map(|(weight, d)| weight * u32::from(d - b'0')).sum();
    match 11 - sum % 11 {
        11 => Some(b'0'),
        10 => None,
        check => u8::try_from(check).ok().map(|c| c + b'0'),
    }
}

#[cfg(test)]
mod tests {
    use super::NhsNumberError::{CheckDigit, Empty, Length, NationalInsurance, NotDigits};
    use super::*;

    #[test]
    fn accepts_numbers_that_pass() {
        let valid = "9000000009 9000000017 9000000025 9000000033 9990548609 9449305552 9434765919 9912003888
            9434765870 9449310602 9990079196 9990237573 9990316767 9990395950 9990475148 9990554331 9990633525
            9990712719 9991029478 9991108661 9991187855 9991267042 9991346236 9991504613";
        assert_eq!(valid.split_whitespace().count(), 24);
        for number in valid.split_whitespace() {
            assert!(NhsNumber::is_valid(number), "{number}");
            assert_eq!(NhsNumber::parse(number).unwrap().as_str(), number);
            assert_eq!(NhsNumber::completing(&number[..9]), NhsNumber::from_canonical(number));
        }
    }

    #[test]
    fn refuses_numbers_that_fail() {
        for number in ["9991234567", "9000000042", "9000000012", "9000000002", "1234567890"] {
            assert_eq!(NhsNumber::parse(number), Err(CheckDigit), "{number}");
        }
        for first in ["999000000", "999015838", "999142542", "999190056"] {
            assert_eq!(NhsNumber::completing(first), None, "{first}");
            for last in '0'..='9' {
                assert!(!NhsNumber::is_valid(&format!("{first}{last}")));
            }
        }
    }

    #[test]
    fn exactly_one_last_digit_passes_or_none() {
        for first in ["943476591", "999007919", "000000001", "123456789", "401023213"] {
            let passing = ('0'..='9').filter(|d| NhsNumber::is_valid(&format!("{first}{d}"))).count();
            assert_eq!(passing, usize::from(NhsNumber::completing(first).is_some()), "{first}");
        }
    }

    #[test]
    fn placeholders_pass_but_never_link() {
        for digit in '0'..='9' {
            let number = NhsNumber::parse(&digit.to_string().repeat(10)).unwrap();
            assert!(number.is_placeholder() && !number.may_link(&[]));
        }
        assert!(NhsNumber::parse("9876543210").unwrap().is_placeholder());
        let number = NhsNumber::parse("9990079196").unwrap();
        assert!(number.may_link(&[]) && !number.may_link(&[number]));
    }

    #[test]
    fn strips_what_people_type() {
        for entry in [
            " 999 007 9196 ",
            "999-007-9196",
            "999\u{A0}007\u{2009}91\u{202F}96",
            "999\u{2010}007\u{2015}9196",
            "\t9990079196\n",
        ] {
            assert_eq!(
                NhsNumber::parse(entry).map(|n| n.grouped()),
                Ok("999 007 9196".to_owned()),
                "{entry:?}"
            );
        }
    }

    #[test]
    fn messages_come_in_the_order_of_the_standard() {
        for (entry, expected) in [
            ("", Empty),
            (" - ", Empty),
            ("QQ 12 34 56 C", NationalInsurance),
            ("qq123456a", NationalInsurance),
            ("QQ123456E", NotDigits),
            ("999007919X", NotDigits),
            ("+999007919", NotDigits),
            ("９９９００７９１９６", NotDigits),
            ("999007919", Length),
            ("99900791966", Length),
            ("9990079195", CheckDigit),
        ] {
            assert_eq!(NhsNumber::parse(entry), Err(expected), "{entry:?}");
        }
        assert_eq!(Length.to_string(), "NHS number must be 10 digits");
    }

    #[test]
    fn the_canonical_form_is_strict_and_debug_hides_it() {
        assert!(!NhsNumber::is_valid("999 007 9196") && !NhsNumber::is_valid("99900791９6"));
        let number = NhsNumber::parse("9990079196").unwrap();
        assert!(number.is_test_range() && !NhsNumber::parse("9434765919").unwrap().is_test_range());
        assert_eq!(format!("{number:?}"), "NhsNumber(…)");
    }
}
