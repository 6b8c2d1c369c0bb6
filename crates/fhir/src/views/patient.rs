//! A patient (<https://hl7.org/fhir/R4/patient.html>).

use super::datatypes::{
    Address, CodeableConcept, ContactPoint, Identifier, Reference, concept, concepts, reference, references,
};
use super::human_name::HumanName;
use super::view::{resource_views, text, views};
use crate::json::Value;
use crate::nhs_number::NhsNumber;
use crate::systems;

resource_views! {
    /// A person who receives care.
    Patient,
}

views! {
    /// Someone to reach on a patient's behalf.
    Contact,
}

impl<'a> Patient<'a> {
    /// Whether the record is in use. A record that does not say so is.
    #[must_use]
    pub fn active(self) -> bool {
        self.0.get("active").and_then(Value::as_bool) != Some(false)
    }

    /// Every name.
    pub fn names(self) -> impl Iterator<Item = HumanName<'a>> {
        self.0.items("name").iter().map(HumanName)
    }

    /// The name to call the patient by: the usual one, else the official one, else the first that is not old.
    #[must_use]
    pub fn name(self) -> Option<HumanName<'a>> {
        let of_use = |wanted: &str| self.names().find(|n| n.use_() == Some(wanted));
        let current = || self.names().find(|n| !matches!(n.use_(), Some("old" | "maiden")));
        of_use("usual").or_else(|| of_use("official")).or_else(current).or_else(|| self.names().next())
    }

    /// The identifier that holds the NHS number.
    #[must_use]
    pub fn nhs_number_identifier(self) -> Option<Identifier<'a>> {
        self.identifiers().find(|i| i.is_of(systems::NHS_NUMBER) && i.use_() != Some("old"))
    }

    /// The NHS number, when there is one that passes its check.
    #[must_use]
    pub fn nhs_number(self) -> Option<NhsNumber> {
        NhsNumber::from_canonical(self.nhs_number_identifier()?.identifier()?)
    }

    /// How far the NHS number was verified (`01` is present and verified), whatever system states it.
    #[must_use]
    pub fn nhs_number_status(self) -> Option<&'a str> {
        let status = self.nhs_number_identifier()?.extension(systems::NHS_NUMBER_VERIFICATION)?;
        concept(status, "valueCodeableConcept")?.codings().find_map(|c| c.code())
    }

    /// `male`, `female`, `other` or `unknown`.
    #[must_use]
    pub fn gender(self) -> Option<&'a str> {
        text(self.0, "gender")
    }

    /// The date of birth, perhaps only a year or month.
    #[must_use]
    pub fn birth_date(self) -> Option<&'a str> {
        text(self.0, "birthDate")
    }

    /// Whether the patient is known to have died.
    #[must_use]
    pub fn is_deceased(self) -> bool {
        self.deceased_at().is_some() || self.0.get("deceasedBoolean").and_then(Value::as_bool) == Some(true)
    }

    /// When the patient died, if that was recorded.
    #[must_use]
    pub fn deceased_at(self) -> Option<&'a str> {
        text(self.0, "deceasedDateTime")
    }

    /// Every address.
    pub fn addresses(self) -> impl Iterator<Item = Address<'a>> {
        self.0.items("address").iter().map(Address)
    }

    /// The home address, else the first that is not old.
    #[must_use]
    pub fn address(self) -> Option<Address<'a>> {
        let home = self.addresses().find(|a| a.use_() == Some("home"));
        home.or_else(|| self.addresses().find(|a| a.use_() != Some("old")))
    }

    /// Telephone numbers and the like.
    pub fn telecoms(self) -> impl Iterator<Item = ContactPoint<'a>> {
        self.0.items("telecom").iter().map(ContactPoint)
    }

    /// The general practice or practitioner.
    pub fn general_practitioners(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "generalPractitioner")
    }

    /// The organisation that keeps the record.
    #[must_use]
    pub fn managing_organization(self) -> Option<Reference<'a>> {
        reference(self.0, "managingOrganization")
    }

    /// Civil status.
    #[must_use]
    pub fn marital_status(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "maritalStatus")
    }

    /// People to reach.
    pub fn contacts(self) -> impl Iterator<Item = Contact<'a>> {
        self.0.items("contact").iter().map(Contact)
    }

    /// Languages, the preferred one marked `true`.
    pub fn languages(self) -> impl Iterator<Item = (CodeableConcept<'a>, bool)> {
        let preferred = |c: &Value| c.get("preferred").and_then(Value::as_bool) == Some(true);
        let all = self.0.items("communication").iter();
        all.filter_map(move |c| Some((concept(c, "language")?, preferred(c))))
    }

    /// The record that replaced this one after a merge.
    #[must_use]
    pub fn replaced_by(self) -> Option<Reference<'a>> {
        let link = self.0.items("link").iter().find(|l| text(l, "type") == Some("replaced-by"))?;
        reference(link, "other")
    }

    /// The records that this one replaced.
    pub fn replaces(self) -> impl Iterator<Item = Reference<'a>> {
        let links = self.0.items("link").iter().filter(|l| text(l, "type") == Some("replaces"));
        links.filter_map(|l| reference(l, "other"))
    }
}

impl<'a> Contact<'a> {
    /// What the person is to the patient.
    pub fn relationships(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "relationship")
    }

    /// The person's name.
    #[must_use]
    pub fn name(self) -> Option<HumanName<'a>> {
        self.0.get("name").map(HumanName)
    }

    /// How to reach the person.
    pub fn telecoms(self) -> impl Iterator<Item = ContactPoint<'a>> {
        self.0.items("telecom").iter().map(ContactPoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    fn patient() -> Value {
        let text = r#"{"resourceType": "Patient", "id": "1", "deceasedDateTime": "2024-01-01",
            "identifier": [
                {"system": "urn:mrn", "value": "123"},
                {"use": "old", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990237573"},
                {"system": "https://fhir.nhs.uk/id/nhs-number", "value": "9990079196", "extension": [
                    {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                     "valueCodeableConcept": {"coding": [{"system": "urn:x", "code": "01"}]}}]}],
            "name": [{"use": "old", "family": "Before"}, {"use": "official", "family": "Now"}],
            "address": [{"use": "old", "text": "A"}, {"use": "temp", "line": ["1 High Street"], "postalCode": "ZZ1 1ZZ"}],
            "link": [{"other": {"reference": "Patient/2"}, "type": "replaced-by"}]}"#;
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn reads_a_patient() {
        let value = patient();
        let patient = Patient::of(&value).unwrap();
        assert_eq!(patient.nhs_number().unwrap().grouped(), "999 007 9196");
        assert_eq!(patient.nhs_number_status(), Some("01"));
        assert_eq!(patient.name().unwrap().family(), Some("Now"));
        assert!(patient.active() && patient.is_deceased());
        assert_eq!(patient.address().unwrap().envelope().collect::<Vec<_>>(), ["1 High Street", "ZZ1 1ZZ"]);
        assert_eq!(patient.replaced_by().unwrap().id_of("Patient"), Some("2"));
        assert_eq!(patient.replaces().count(), 0);
        assert_eq!(patient.value(), &value);
    }

    #[test]
    fn another_resource_is_no_patient() {
        assert!(Patient::of(&Value::object([("resourceType", Value::from("Group"))])).is_none());
    }
}
