//! Names of people (<https://hl7.org/fhir/R4/datatypes.html#HumanName>).

use super::read::{text, texts};
use crate::json::Value;

/// A name of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HumanName<'a>(pub &'a Value);

impl<'a> HumanName<'a> {
    /// `usual`, `official`, `nickname`, `old`, …
    #[must_use]
    pub fn use_(self) -> Option<&'a str> {
        text(self.0, "use")
    }

    /// The family name.
    #[must_use]
    pub fn family(self) -> Option<&'a str> {
        text(self.0, "family")
    }

    /// Given names in order.
    pub fn given(self) -> impl Iterator<Item = &'a str> {
        texts(self.0, "given")
    }

    /// As lists and banners write it: `OKORO, Amara`. The whole text when there are no parts.
    #[must_use]
    pub fn formal(self) -> Option<String> {
        let given: Vec<&str> = self.given().collect();
        match (self.family(), given.join(" ")) {
            (Some(family), given) if given.is_empty() => Some(family.to_uppercase()),
            (Some(family), given) => Some(format!("{}, {given}", family.to_uppercase())),
            (None, given) if given.is_empty() => text(self.0, "text").map(str::to_owned),
            (None, given) => Some(given),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::build;

    #[test]
    fn names_are_shown_family_first() {
        let name = build::human_name("Okoro", &["Amara", "Jo"], Some("Mrs"));
        assert_eq!(HumanName(&name).formal().as_deref(), Some("OKORO, Amara Jo"));
        let text = Value::object([("text", Value::from("Unknown Man"))]);
        assert_eq!(HumanName(&text).formal().as_deref(), Some("Unknown Man"));
    }
}
