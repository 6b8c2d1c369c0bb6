//! Views of the common data types (<https://hl7.org/fhir/R4/datatypes.html>).

use super::read::{concept, text, texts};
use crate::json::Value;
use crate::systems::same_system;

/// A concept: codings that mean the same, and the words that were used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeableConcept<'a>(pub &'a Value);

/// One code of one system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coding<'a>(pub &'a Value);

/// A business identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identifier<'a>(pub &'a Value);

/// A pointer to another resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a>(pub &'a Value);

/// From a moment to a moment, either end open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period<'a>(pub &'a Value);

/// A postal address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a>(pub &'a Value);

impl<'a> CodeableConcept<'a> {
    /// The words the author used.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        text(self.0, "text")
    }

    /// The codings.
    pub fn codings(self) -> impl Iterator<Item = Coding<'a>> {
        self.0.items("coding").iter().map(Coding)
    }

    /// The code in that system.
    #[must_use]
    pub fn code(self, system: &str) -> Option<&'a str> {
        self.codings().find(|c| c.system() == Some(system))?.code()
    }

    /// Whether one of the codings has that code, whatever its system.
    #[must_use]
    pub fn has_code(self, code: &str) -> bool {
        self.codings().any(|coding| coding.code() == Some(code))
    }

    /// What to show: the author's words, else the first coding with a display, else the first code.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        let shown = || self.codings().find_map(Coding::display);
        self.text().or_else(shown).or_else(|| self.codings().find_map(Coding::code))
    }
}

impl<'a> Coding<'a> {
    /// The code system.
    #[must_use]
    pub fn system(self) -> Option<&'a str> {
        text(self.0, "system")
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> Option<&'a str> {
        text(self.0, "code")
    }

    /// The system's words for the code.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        text(self.0, "display")
    }
}

impl<'a> Identifier<'a> {
    /// Who gives out such identifiers.
    #[must_use]
    pub fn system(self) -> Option<&'a str> {
        text(self.0, "system")
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(self) -> Option<&'a str> {
        text(self.0, "value")
    }

    /// `usual`, `official`, `temp`, `secondary` or `old`.
    #[must_use]
    pub fn use_(self) -> Option<&'a str> {
        text(self.0, "use")
    }

    /// What sort of identifier it is.
    #[must_use]
    pub fn type_(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "type")
    }

    /// Whether it is of that system, the known variant spelling included.
    #[must_use]
    pub fn is_of(self, system: &str) -> bool {
        self.system().is_some_and(|s| same_system(s, system))
    }
}

impl<'a> Reference<'a> {
    /// The literal reference.
    #[must_use]
    pub fn reference(self) -> Option<&'a str> {
        text(self.0, "reference")
    }

    /// The words that name the target.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        text(self.0, "display")
    }

    /// The target's business identifier.
    #[must_use]
    pub fn identifier(self) -> Option<Identifier<'a>> {
        self.0.get("identifier").map(Identifier)
    }

    /// Type and id of a target on this server: `Patient/1`, also with a version.
    #[must_use]
    pub fn target(self) -> Option<(&'a str, &'a str)> {
        let mut parts = self.reference()?.split('/');
        let (type_, id) = (parts.next()?, parts.next()?);
        let local = type_.starts_with(|c: char| c.is_ascii_uppercase()) && !id.is_empty();
        let rest = parts.next();
        (local && (rest.is_none() || rest == Some("_history"))).then_some((type_, id))
    }

    /// The id of a target on this server, when it is of that type.
    #[must_use]
    pub fn id_of(self, type_: &str) -> Option<&'a str> {
        self.target().filter(|(t, _)| *t == type_).map(|(_, id)| id)
    }
}

impl<'a> Period<'a> {
    /// The first moment, as written.
    #[must_use]
    pub fn start(self) -> Option<&'a str> {
        text(self.0, "start")
    }

    /// The last moment, as written; absent while it goes on.
    #[must_use]
    pub fn end(self) -> Option<&'a str> {
        text(self.0, "end")
    }
}

impl<'a> Address<'a> {
    /// `home`, `work`, `temp`, `old` or `billing`.
    #[must_use]
    pub fn use_(self) -> Option<&'a str> {
        text(self.0, "use")
    }

    /// Street lines.
    pub fn lines(self) -> impl Iterator<Item = &'a str> {
        texts(self.0, "line")
    }

    /// Town or city.
    #[must_use]
    pub fn city(self) -> Option<&'a str> {
        text(self.0, "city")
    }

    /// County.
    #[must_use]
    pub fn district(self) -> Option<&'a str> {
        text(self.0, "district")
    }

    /// Postcode.
    #[must_use]
    pub fn postal_code(self) -> Option<&'a str> {
        text(self.0, "postalCode")
    }

    /// Every line as on an envelope: the street lines, city, district and postcode, or the whole text.
    pub fn envelope(self) -> impl Iterator<Item = &'a str> {
        let parts = [self.city(), self.district(), self.postal_code()];
        let mut lines: Vec<&str> = self.lines().chain(parts.into_iter().flatten()).collect();
        if lines.is_empty() {
            lines.extend(text(self.0, "text").iter().flat_map(|t| t.lines()));
        }
        lines.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::build;

    #[test]
    fn a_concept_shows_the_authors_words_first() {
        let mut concept = build::codeable_concept("urn:s", "c", "Display");
        assert_eq!(CodeableConcept(&concept).display(), Some("Display"));
        concept.as_object_mut().unwrap().insert("text", Value::from("Words"));
        let view = CodeableConcept(&concept);
        assert_eq!((view.display(), view.code("urn:s")), (Some("Words"), Some("c")));
        assert!(view.has_code("c") && !view.has_code("d"));
    }

    #[test]
    fn a_reference_names_a_target_on_this_server() {
        for (text, target) in [
            ("Patient/1", Some(("Patient", "1"))),
            ("Patient/1/_history/2", Some(("Patient", "1"))),
            ("https://example.org/Patient/1", None),
            ("urn:uuid:1", None),
            ("#p", None),
            ("Patient", None),
        ] {
            let value = Value::object([("reference", Value::from(text))]);
            assert_eq!(Reference(&value).target(), target, "{text}");
        }
    }
}
