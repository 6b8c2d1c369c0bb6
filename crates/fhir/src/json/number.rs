//! A JSON number kept as the digits it was written with: `1.00` stays `1.00`.

use compact_str::CompactString;
use rust_decimal::Decimal;

/// A number as written. Equality is equality of the literal, because FHIR decimals carry their precision
/// (<https://hl7.org/fhir/R4/datatypes.html#decimal>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(CompactString);

impl Number {
    /// Wraps a literal that follows the JSON grammar; `None` otherwise.
    #[must_use]
    pub fn from_literal(literal: &str) -> Option<Self> {
        is_number(literal.as_bytes()).then(|| Self(CompactString::new(literal)))
    }

    /// Wraps a literal the parser has already checked.
    pub(super) fn from_checked(literal: &str) -> Self {
        Self(CompactString::new(literal))
    }

    /// The digits as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value as a 64-bit integer, when it was written as one (no fraction, no exponent).
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// The value as a decimal of at most 28 significant digits, trailing zeros kept; `None` beyond that.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        if self.0.bytes().any(|b| b == b'e' || b == b'E') {
            Decimal::from_scientific(&self.0).ok()
        } else {
            Decimal::from_str_exact(&self.0).ok()
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(compact_str::format_compact!("{value}"))
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Self(compact_str::format_compact!("{value}"))
    }
}

/// Whether the bytes follow `[-] int [frac] [exp]` of RFC 8259 §6.
pub(super) fn is_number(bytes: &[u8]) -> bool {
    let digits =
        |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes.get(at) == Some(&b'0')) {
        return false;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_digits() {
        for literal in ["0", "-0", "1.00", "1e5", "1E+05", "-12.340e-7", "123456789012345678901234567890"] {
            assert_eq!(Number::from_literal(literal).unwrap().as_str(), literal);
        }
    }

    #[test]
    fn refuses_what_json_refuses() {
        for literal in ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x1", "1 ", "NaN"] {
            assert!(Number::from_literal(literal).is_none(), "{literal}");
        }
    }

    #[test]
    fn reads_as_decimal_and_integer() {
        assert_eq!(Number::from_literal("1.50").unwrap().as_decimal().unwrap().to_string(), "1.50");
        assert_eq!(Number::from_literal("15e-1").unwrap().as_decimal().unwrap().to_string(), "1.5");
        assert_eq!(Number::from_literal("-7").unwrap().as_i64(), Some(-7));
        assert_eq!(Number::from_literal("7.0").unwrap().as_i64(), None);
    }
}
