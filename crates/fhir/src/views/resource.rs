//! What most resources have, under one word each (<https://hl7.org/fhir/R4/workflow.html#patterns>).

use super::datatypes::{CodeableConcept, Identifier, Period, Reference};
use super::read::{concept, concepts, period, reference, references, text};
use crate::json::Value;

/// A document read as a resource. Every view is one, and so is a plain document whose type does not matter.
pub trait Resource<'a>: Copy {
    /// The document beneath.
    fn value(self) -> &'a Value;

    /// The resource's type.
    fn type_(self) -> Option<&'a str> {
        text(self.value(), "resourceType")
    }

    /// The resource's id.
    fn id(self) -> Option<&'a str> {
        text(self.value(), "id")
    }

    /// `meta.lastUpdated`, an instant.
    fn last_updated(self) -> Option<&'a str> {
        text(self.value().get("meta")?, "lastUpdated")
    }

    /// Whether `meta.tag` holds a tag of that code.
    fn is_tagged(self, code: &str) -> bool {
        let tags = self.value().get("meta").map(|meta| meta.items("tag")).unwrap_or_default();
        tags.iter().any(|tag| text(tag, "code") == Some(code))
    }

    /// The extension whose URL ends so.
    fn extension(self, url: &str) -> Option<&'a Value> {
        let mut all = self.value().items("extension").iter();
        all.find(|one| text(one, "url").is_some_and(|known| known.ends_with(url)))
    }

    /// The contained resource to which a reference such as `#a` points.
    fn contained(self, reference: Reference<'_>) -> Option<&'a Value> {
        let id = reference.reference()?.strip_prefix('#')?;
        self.value().items("contained").iter().find(|one| text(one, "id") == Some(id))
    }

    /// Its business identifiers.
    fn identifiers(self) -> impl Iterator<Item = Identifier<'a>> {
        self.value().items("identifier").iter().map(Identifier)
    }

    /// Its name, where it has one in words.
    fn name_text(self) -> Option<&'a str> {
        text(self.value(), "name")
    }

    /// Where it stands in its life.
    fn status(self) -> Option<&'a str> {
        text(self.value(), "status")
    }

    /// What it is about: the problem, the test, the service.
    fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.value(), "code")
    }

    /// What sort of thing it is.
    fn kind(self) -> Option<CodeableConcept<'a>> {
        concept(self.value(), "type")
    }

    /// When it was made, as written.
    fn date(self) -> Option<&'a str> {
        text(self.value(), "date")
    }

    /// Who wrote it.
    fn authors(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.value(), "author")
    }

    /// The organisation that keeps it.
    fn custodian(self) -> Option<Reference<'a>> {
        reference(self.value(), "custodian")
    }

    /// What sorts it is of.
    fn categories(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.value(), "category")
    }

    /// The patient.
    fn subject(self) -> Option<Reference<'a>> {
        reference(self.value(), "subject").or_else(|| reference(self.value(), "patient"))
    }

    /// The stay.
    fn encounter(self) -> Option<Reference<'a>> {
        reference(self.value(), "encounter")
    }

    /// From when to when.
    fn period(self) -> Option<Period<'a>> {
        period(self.value(), "period")
    }

    /// When it was made available.
    fn issued(self) -> Option<&'a str> {
        text(self.value(), "issued")
    }

    /// When it was written down.
    fn recorded_date(self) -> Option<&'a str> {
        text(self.value(), "recordedDate")
    }

    /// Who answers for it.
    fn performers(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.value(), "performer")
    }

    /// Who asks for it.
    fn requester(self) -> Option<Reference<'a>> {
        reference(self.value(), "requester")
    }

    /// Who took part, where each is named with a function.
    fn actors(self) -> impl Iterator<Item = Reference<'a>> {
        self.value().items("performer").iter().filter_map(|one| reference(one, "actor"))
    }

    /// Notes.
    fn notes(self) -> impl Iterator<Item = &'a str> {
        self.value().items("note").iter().filter_map(|one| text(one, "text"))
    }

    /// Why.
    fn reasons(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.value(), "reasonCode")
    }

    /// The organisation that runs or keeps it.
    fn managing_organization(self) -> Option<Reference<'a>> {
        reference(self.value(), "managingOrganization")
    }
}

impl<'a> Resource<'a> for &'a Value {
    fn value(self) -> &'a Value {
        self
    }
}
