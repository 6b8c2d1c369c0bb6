//! `System.Quantity`: a decimal with a UCUM unit or a calendar duration.

use super::ucum::{self, Measure};
use crate::json::{Text, Value};
use crate::systems;
use crate::time;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, with the digits it was written with.
    pub value: Decimal,
    /// The UCUM code, or the word of a calendar duration; `1` when there is no unit.
    pub unit: Text,
    /// The calendar duration, when it was written as one (`1 month`, not `1 'mo'`).
    pub calendar: Option<time::Unit>,
}

impl Quantity {
    /// A quantity with a UCUM unit.
    #[must_use]
    pub fn of_unit(value: Decimal, unit: &str) -> Self {
        Self { value, unit: Text::new(if unit.is_empty() { "1" } else { unit }), calendar: None }
    }

    /// A calendar duration.
    #[must_use]
    pub fn of_calendar(value: Decimal, word: &str, unit: time::Unit) -> Self {
        Self { value, unit: Text::new(word), calendar: Some(unit) }
    }

    /// A FHIR `Quantity` element that has a value.
    #[must_use]
    pub fn of_element(element: &Value) -> Option<Self> {
        let value = element.get("value")?.as_number()?.as_decimal()?;
        let text = |name: &str| element.get(name).and_then(Value::as_str);
        let code = text("code").filter(|_| text("system") == Some(systems::UCUM));
        Some(Self::of_unit(value, code.or(text("unit")).or(text("code")).unwrap_or("1")))
    }

    /// Reads `4.0`, `4 'mg'` and `4 days`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let signs = text.len() - text.trim_start_matches(['+', '-']).len();
        let number =
            text.bytes().skip(signs).take_while(|b| b.is_ascii_digit() || *b == b'.').count() + signs;
        let (digits, rest) = text.split_at_checked(number)?;
        let digits = digits.strip_prefix('+').unwrap_or(digits);
        if signs > 1 || !digits.ends_with(|c: char| c.is_ascii_digit()) || digits.starts_with('.') {
            return None;
        }
        let value = Decimal::from_str_exact(digits).ok()?;
        let unit = rest.trim();
        if unit.is_empty() {
            return Some(Self::of_unit(value, "1"));
        }
        if let Some(code) = unit.strip_prefix('\'').and_then(|u| u.strip_suffix('\'')) {
            return (!code.is_empty() && !code.contains('\'')).then(|| Self::of_unit(value, code));
        }
        Some(Self::of_calendar(value, unit, time::Unit::of_word(unit)?))
    }

    /// The order of two quantities in a common unit; `None` when there is none.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let (a, b) = self.common(other)?;
        Some(a.cmp(&b))
    }

    /// FHIRPath `~`: equal at the precision of the less precise.
    #[must_use]
    pub fn equivalent(&self, other: &Self) -> bool {
        let months = |of: &Self| of.months().or_else(|| of.ucum_months());
        let common = self.common(other).or_else(|| Some((months(self)?, months(other)?)));
        common.is_some_and(|(a, b)| super::equality::decimals_equivalent(a, b))
    }

    /// Whether the units measure the same thing.
    #[must_use]
    pub fn comparable(&self, other: &Self) -> bool {
        self.common(other).is_some()
    }

    /// The same quantity in another UCUM unit.
    #[must_use]
    pub fn converted(&self, unit: &str) -> Option<Self> {
        let target = ucum::measure(unit)?;
        let value = self.measure()?.convert(self.value, &target)?;
        Some(Self::of_unit(value, unit))
    }

    /// The product, in base units unless one side has no unit.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        if other.unit == "1" || self.unit == "1" {
            let (unit, calendar) =
                if other.unit == "1" { (&self.unit, self.calendar) } else { (&other.unit, other.calendar) };
            let value = self.value.checked_mul(other.value)?;
            return Some(Self { value, unit: unit.clone(), calendar });
        }
        let (a, b) = (self.measure()?, other.measure()?);
        let value = a.to_base(self.value)?.checked_mul(b.to_base(other.value)?)?;
        Some(Self::of_unit(value, &a.times(&b)?.base_unit()))
    }

    /// The quotient, in base units unless the units are the same or one side has none.
    #[must_use]
    pub fn divided_by(&self, other: &Self) -> Option<Self> {
        if other.unit == "1" || self.unit == other.unit {
            let value = self.value.checked_div(other.value)?;
            return Some(if other.unit == "1" {
                Self { value, unit: self.unit.clone(), calendar: self.calendar }
            } else {
                Self::of_unit(value, "1")
            });
        }
        let (a, b) = (self.measure()?, other.measure()?);
        let value = a.to_base(self.value)?.checked_div(b.to_base(other.value)?)?;
        Some(Self::of_unit(value, &a.over(&b)?.base_unit()))
    }

    /// The sum in the unit of the left side.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let right = if self.unit == other.unit || self.calendar.is_some() && self.calendar == other.calendar {
            other.value
        } else {
            other.measure()?.convert(other.value, &self.measure()?)?
        };
        Some(Self { value: self.value.checked_add(right)?, ..self.clone() })
    }

    /// The same quantity with another number.
    #[must_use]
    pub fn with_value(&self, value: Decimal) -> Self {
        Self { value, ..self.clone() }
    }

    fn common(&self, other: &Self) -> Option<(Decimal, Decimal)> {
        if self.unit == other.unit && self.calendar.is_some() == other.calendar.is_some() {
            return Some((self.value, other.value));
        }
        if let (Some(a), Some(b)) = (self.months(), other.months()) {
            return Some((a, b));
        }
        let (a, b) = (self.measure()?, other.measure()?);
        Some((a.to_base(self.value)?, b.convert_to_base_of(other.value, &a)?))
    }

    /// Calendar years and months in months; they have no fixed length in other units.
    fn months(&self) -> Option<Decimal> {
        match self.calendar? {
            time::Unit::Year => self.value.checked_mul(Decimal::from(12)),
            time::Unit::Month => Some(self.value),
            _ => None,
        }
    }

    fn ucum_months(&self) -> Option<Decimal> {
        match self.unit.as_str() {
            "a" => self.value.checked_mul(Decimal::from(12)),
            "mo" => Some(self.value),
            _ => None,
        }
    }

    fn measure(&self) -> Option<Measure> {
        let code = match self.calendar {
            None => self.unit.as_str(),
            Some(time::Unit::Week) => "wk",
            Some(time::Unit::Day) => "d",
            Some(time::Unit::Hour) => "h",
            Some(time::Unit::Minute) => "min",
            Some(time::Unit::Second) => "s",
            Some(time::Unit::Millisecond) => "ms",
            Some(time::Unit::Year | time::Unit::Month) => return None,
        };
        ucum::measure(code)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar {
            Some(_) => write!(f, "{} {}", self.value, self.unit),
            None => write!(f, "{} '{}'", self.value, self.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn reads_and_writes() {
        for text in ["1 'mg'", "1.50 'wk'", "3 days", "-4 '1'"] {
            assert_eq!(q(text).to_string(), text);
        }
        assert_eq!(q("7").to_string(), "7 '1'");
        for text in ["", "mg", "1 wk", "1.a", "1.", ".5", "--1", "1 'm' 's'", "1 ''", "é"] {
            assert!(Quantity::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn compares_across_units() {
        assert_eq!(q("4.0 'g'").compare(&q("4000 'mg'")), Some(Ordering::Equal));
        assert_eq!(q("6 days").compare(&q("1 week")), Some(Ordering::Less));
        assert_eq!(q("1 year").compare(&q("12 months")), Some(Ordering::Equal));
        assert_eq!(q("1 year").compare(&q("1 'a'")), None);
        assert_eq!(q("1 'cm'").compare(&q("1 's'")), None);
        assert!(q("1 year").equivalent(&q("1 'a'")));
        assert!(q("4 'g'").equivalent(&q("4040 'mg'")));
    }

    #[test]
    fn calculates() {
        assert_eq!(
            q("2.0 'cm'").times(&q("2.0 'm'")).unwrap().compare(&q("0.040 'm2'")),
            Some(Ordering::Equal)
        );
        assert_eq!(q("4.0 'g'").divided_by(&q("2.0 'm'")).unwrap().to_string(), "2 'g/m'");
        assert_eq!(q("1 'm'").plus(&q("50 'cm'")).unwrap().to_string(), "1.50 'm'");
        assert!(q("1 'm'").divided_by(&q("0 's'")).is_none());
    }
}
