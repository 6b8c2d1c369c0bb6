//! Organisations and people who give care (<https://hl7.org/fhir/R4/organization.html>,
//! <https://hl7.org/fhir/R4/practitioner.html>).

use super::datatypes::{Address, CodeableConcept, ContactPoint, Reference, concept, concepts, reference};
use super::human_name::HumanName;
use super::view::{resource_views, text};
use crate::json::Value;
use crate::ods::OdsCode;
use crate::systems;

resource_views! {
    /// A trust, practice, pharmacy, …
    Organization,
    /// A person who gives care.
    Practitioner,
}

impl<'a> Organization<'a> {
    /// Its name.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        text(self.0, "name")
    }

    /// Its ODS code, when it has one of the right form.
    #[must_use]
    pub fn ods_code(self) -> Option<OdsCode> {
        let identifier = self.identifiers().find(|i| i.is_of(systems::ODS))?;
        OdsCode::parse(identifier.identifier()?)
    }

    /// Whether it is in use. One that does not say so is.
    #[must_use]
    pub fn active(self) -> bool {
        self.0.get("active").and_then(Value::as_bool) != Some(false)
    }

    /// What sort of organisation.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "type")
    }

    /// The organisation it belongs to.
    #[must_use]
    pub fn part_of(self) -> Option<Reference<'a>> {
        reference(self.0, "partOf")
    }

    /// Addresses.
    pub fn addresses(self) -> impl Iterator<Item = Address<'a>> {
        self.0.items("address").iter().map(Address)
    }

    /// Telephone numbers and the like.
    pub fn telecoms(self) -> impl Iterator<Item = ContactPoint<'a>> {
        self.0.items("telecom").iter().map(ContactPoint)
    }
}

impl<'a> Practitioner<'a> {
    /// The name: the usual one, else the first.
    #[must_use]
    pub fn name(self) -> Option<HumanName<'a>> {
        let names = || self.0.items("name").iter().map(HumanName);
        names().find(|n| n.use_() == Some("usual")).or_else(|| names().next())
    }

    /// Whether the person is in practice. One who does not say so is.
    #[must_use]
    pub fn active(self) -> bool {
        self.0.get("active").and_then(Value::as_bool) != Some(false)
    }

    /// Qualifications and registrations.
    pub fn qualifications(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        self.0.items("qualification").iter().filter_map(|q| concept(q, "code"))
    }

    /// The identifier of that system, such as a GMC number.
    #[must_use]
    pub fn identifier_of(self, system: &str) -> Option<&'a str> {
        self.identifiers().find(|i| i.is_of(system))?.identifier()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::build;

    #[test]
    fn an_organisation_is_known_by_its_code() {
        let identifier = build::identifier("https://fhir.nhs.uk/id/ods-organization-code", "r0a");
        let value = Value::object([
            ("resourceType", Value::from("Organization")),
            ("identifier", Value::Array(vec![identifier])),
            ("active", Value::from(false)),
        ]);
        let organization = Organization::of(&value).unwrap();
        assert_eq!(organization.ods_code().unwrap().as_str(), "R0A");
        assert!(!organization.active());
    }
}
