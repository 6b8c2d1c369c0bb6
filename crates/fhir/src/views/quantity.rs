//! Measured amounts (<https://hl7.org/fhir/R4/datatypes.html#Quantity>).

use super::read::text;
use crate::json::{Number, Value};

/// An amount with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity<'a>(pub &'a Value);

/// From an amount to an amount, either end open; also a reference range, with its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<'a>(pub &'a Value);

/// An amount to an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio<'a>(pub &'a Value);

impl<'a> Quantity<'a> {
    /// The number, its digits as written.
    #[must_use]
    pub fn number(self) -> Option<&'a Number> {
        self.0.get("value")?.as_number()
    }

    /// `<`, `<=`, `>=` or `>` when the true amount is only bounded.
    #[must_use]
    pub fn comparator(self) -> Option<&'a str> {
        text(self.0, "comparator")
    }

    /// The unit for people, else its code.
    #[must_use]
    pub fn unit(self) -> Option<&'a str> {
        text(self.0, "unit").or_else(|| text(self.0, "code"))
    }
}

impl<'a> Range<'a> {
    /// The least amount.
    #[must_use]
    pub fn low(self) -> Option<Quantity<'a>> {
        self.0.get("low").map(Quantity)
    }

    /// The greatest amount.
    #[must_use]
    pub fn high(self) -> Option<Quantity<'a>> {
        self.0.get("high").map(Quantity)
    }

    /// The range in words.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        text(self.0, "text")
    }
}

impl<'a> Ratio<'a> {
    /// The amount above the line.
    #[must_use]
    pub fn numerator(self) -> Option<Quantity<'a>> {
        self.0.get("numerator").map(Quantity)
    }

    /// The amount below the line.
    #[must_use]
    pub fn denominator(self) -> Option<Quantity<'a>> {
        self.0.get("denominator").map(Quantity)
    }
}
