//! Names of people (<https://hl7.org/fhir/R4/datatypes.html#HumanName>).

use super::datatypes::Period;
use super::view::{text, texts, views};

views! {
    /// A name of a person.
    HumanName,
}

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

    /// Titles.
    pub fn prefixes(self) -> impl Iterator<Item = &'a str> {
        texts(self.0, "prefix")
    }

    /// When it was in use.
    #[must_use]
    pub fn period(self) -> Option<Period<'a>> {
        self.0.get("period").map(Period)
    }

    /// Title, given names and family name; the whole text when there are no parts.
    #[must_use]
    pub fn display(self) -> String {
        let parts: Vec<&str> = self.prefixes().chain(self.given()).chain(self.family()).collect();
        if parts.is_empty() { text(self.0, "text").unwrap_or_default().to_owned() } else { parts.join(" ") }
    }

    /// As a patient banner writes it: `OKORO, Amara (Mrs)`. The whole text when there are no parts.
    #[must_use]
    pub fn formal(self) -> String {
        let given: Vec<&str> = self.given().collect();
        let family = self.family().unwrap_or_default().to_uppercase();
        let mut shown = match (family.is_empty(), given.is_empty()) {
            (true, true) => return text(self.0, "text").unwrap_or_default().to_owned(),
            (true, false) => given.join(" "),
            (false, true) => family,
            (false, false) => format!("{family}, {}", given.join(" ")),
        };
        if let Some(title) = self.prefixes().next() {
            shown.push_str(" (");
            shown.push_str(title);
            shown.push(')');
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;
    use crate::views::build;

    #[test]
    fn names_are_shown_in_two_ways() {
        let name = build::human_name("Okoro", &["Amara", "Jo"], Some("Mrs"));
        assert_eq!(HumanName(&name).display(), "Mrs Amara Jo Okoro");
        assert_eq!(HumanName(&name).formal(), "OKORO, Amara Jo (Mrs)");
        let text = Value::object([("text", Value::from("Unknown Man"))]);
        assert_eq!(
            (HumanName(&text).display(), HumanName(&text).formal()),
            ("Unknown Man".into(), "Unknown Man".into())
        );
    }
}
