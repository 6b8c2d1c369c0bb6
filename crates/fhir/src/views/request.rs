//! An order or referral (<https://hl7.org/fhir/R4/servicerequest.html>).

use super::datatypes::{
    CodeableConcept, Identifier, Reference, concept, concepts, notes, reference, references,
};
use super::view::{resource_views, text};
use super::when::When;

resource_views! {
    /// An order or referral.
    ServiceRequest,
}

impl<'a> ServiceRequest<'a> {
    /// `draft`, `active`, `on-hold`, `revoked`, `completed`, `entered-in-error` or `unknown`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// `proposal`, `plan`, `order`, …
    #[must_use]
    pub fn intent(self) -> Option<&'a str> {
        text(self.0, "intent")
    }

    /// `routine`, `urgent`, `asap` or `stat`.
    #[must_use]
    pub fn priority(self) -> Option<&'a str> {
        text(self.0, "priority")
    }

    /// What is asked for.
    #[must_use]
    pub fn code(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "code")
    }

    /// Laboratory, imaging, referral, …
    pub fn categories(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "category")
    }

    /// The patient.
    #[must_use]
    pub fn subject(self) -> Option<Reference<'a>> {
        reference(self.0, "subject")
    }

    /// The stay.
    #[must_use]
    pub fn encounter(self) -> Option<Reference<'a>> {
        reference(self.0, "encounter")
    }

    /// When it should be done.
    #[must_use]
    pub fn occurrence(self) -> Option<When<'a>> {
        When::choice(self.0, "occurrence")
    }

    /// When it was written.
    #[must_use]
    pub fn authored_on(self) -> Option<&'a str> {
        text(self.0, "authoredOn")
    }

    /// Who asks.
    #[must_use]
    pub fn requester(self) -> Option<Reference<'a>> {
        reference(self.0, "requester")
    }

    /// Who is asked.
    pub fn performers(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "performer")
    }

    /// Why.
    pub fn reasons(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "reasonCode")
    }

    /// The id that orders written together share.
    #[must_use]
    pub fn requisition(self) -> Option<Identifier<'a>> {
        self.0.get("requisition").map(Identifier)
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        notes(self.0)
    }
}
