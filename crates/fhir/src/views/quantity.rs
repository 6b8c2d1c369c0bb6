//! Measured amounts (<https://hl7.org/fhir/R4/datatypes.html#Quantity>).

use super::view::{text, views};
use crate::json::Number;

views! {
    /// An amount with its unit.
    Quantity,
}

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

    /// The unit for people.
    #[must_use]
    pub fn unit(self) -> Option<&'a str> {
        text(self.0, "unit")
    }

    /// The unit's code system.
    #[must_use]
    pub fn system(self) -> Option<&'a str> {
        text(self.0, "system")
    }

    /// The unit's code.
    #[must_use]
    pub fn code(self) -> Option<&'a str> {
        text(self.0, "code")
    }

    /// The amount for people: `<5.0 mmol/L`.
    #[must_use]
    pub fn display(self) -> String {
        let number = self.number().map(Number::as_str).unwrap_or_default();
        let amount = format!("{}{number}", self.comparator().unwrap_or_default());
        match self.unit().or(self.code()) {
            Some(unit) if unit != "1" => format!("{amount} {unit}"),
            _ => amount,
        }
    }
}
