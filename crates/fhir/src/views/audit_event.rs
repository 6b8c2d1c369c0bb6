//! Who did what with whose record (<https://hl7.org/fhir/R4/auditevent.html>).

use super::datatypes::{CodeableConcept, Coding, Reference, concepts, reference};
use super::view::{resource_views, text, views};
use crate::json::Value;

resource_views! {
    /// One access to the record.
    AuditEvent,
}

views! {
    /// A person or system that took part.
    AuditAgent,
    /// What was accessed.
    AuditEntity,
}

impl<'a> AuditEvent<'a> {
    /// The kind of event.
    #[must_use]
    pub fn type_(self) -> Option<Coding<'a>> {
        self.0.get("type").map(Coding)
    }

    /// The interaction.
    pub fn subtypes(self) -> impl Iterator<Item = Coding<'a>> {
        self.0.items("subtype").iter().map(Coding)
    }

    /// Create `C`, read `R`, update `U`, delete `D`, execute `E`.
    #[must_use]
    pub fn action(self) -> Option<&'a str> {
        text(self.0, "action")
    }

    /// When it was recorded.
    #[must_use]
    pub fn recorded(self) -> Option<&'a str> {
        text(self.0, "recorded")
    }

    /// `0` success, `4` minor, `8` serious, `12` major failure.
    #[must_use]
    pub fn outcome(self) -> Option<&'a str> {
        text(self.0, "outcome")
    }

    /// Why the access was made.
    pub fn purposes(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "purposeOfEvent")
    }

    /// Who took part.
    pub fn agents(self) -> impl Iterator<Item = AuditAgent<'a>> {
        self.0.items("agent").iter().map(AuditAgent)
    }

    /// Who asked for the access.
    #[must_use]
    pub fn requestor(self) -> Option<AuditAgent<'a>> {
        self.agents().find(|a| a.is_requestor())
    }

    /// What was accessed.
    pub fn entities(self) -> impl Iterator<Item = AuditEntity<'a>> {
        self.0.items("entity").iter().map(AuditEntity)
    }
}

impl<'a> AuditAgent<'a> {
    /// Who.
    #[must_use]
    pub fn who(self) -> Option<Reference<'a>> {
        reference(self.0, "who")
    }

    /// The name for people.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        text(self.0, "name").or_else(|| self.who()?.display())
    }

    /// Whether this agent asked for the access.
    #[must_use]
    pub fn is_requestor(self) -> bool {
        self.0.get("requestor").and_then(Value::as_bool) == Some(true)
    }

    /// Roles.
    pub fn roles(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "role")
    }

    /// Why the agent did it.
    pub fn purposes(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "purposeOfUse")
    }
}

impl<'a> AuditEntity<'a> {
    /// The resource.
    #[must_use]
    pub fn what(self) -> Option<Reference<'a>> {
        reference(self.0, "what")
    }

    /// The part it played: patient `1`, query `24`, …
    #[must_use]
    pub fn role(self) -> Option<Coding<'a>> {
        self.0.get("role").map(Coding)
    }

    /// What it is, in words.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        text(self.0, "name")
    }
}
