//! A number as a search writes it, with the range its digits imply: `100` is [99.5, 100.5), `100.00` is
//! [99.995, 100.005), `1e2` is [95, 105) (<https://hl7.org/fhir/R4/search.html#number>).

use crate::json::{Number, Text};
use rust_decimal::Decimal;

/// A number and the half-open range of values that it equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implied {
    /// The digits as written.
    pub text: Text,
    /// The exact value.
    pub value: Decimal,
    /// The least value that it equals.
    pub low: Decimal,
    /// The least value above that it no longer equals.
    pub high: Decimal,
}

impl Implied {
    /// Reads a number; `None` when it is none or has more digits than a decimal holds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let value = Number::from_literal(text)?.as_decimal()?;
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        // The specification's own range for `1e2` is [95, 105): with an exponent one more digit counts.
        let fraction =
            mantissa.split_once('.').map_or(usize::from(exponent != "0"), |(_, digits)| digits.len());
        let unit = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction).ok()?)?;
        if !(-26..=26).contains(&unit) {
            return None;
        }
        let half = Decimal::from_scientific(&format!("5e{}", unit - 1)).ok()?;
        let (low, high) = (value.checked_sub(half)?, value.checked_add(half)?);
        Some(Self { text: Text::new(text), value, low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implies_the_precision_of_its_digits() {
        let table = [
            ("100", "99.5", "100.5"),
            ("100.00", "99.995", "100.005"),
            ("1e2", "95", "105"),
            ("-5.4", "-5.45", "-5.35"),
            ("0", "-0.5", "0.5"),
            ("5.40e-3", "0.005395", "0.005405"),
        ];
        for (text, low, high) in table {
            let implied = Implied::parse(text).unwrap();
            assert_eq!(implied.low, low.parse::<Decimal>().unwrap(), "{text}");
            assert_eq!(implied.high, high.parse::<Decimal>().unwrap(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "abc", "1,5", "0x1", "1e99", "1e-99", "1e999999999999", "NaN", "--1", "1 "] {
            assert_eq!(Implied::parse(text), None, "{text}");
        }
    }
}
