//! A patient (<https://hl7.org/fhir/R4/patient.html>).

use super::Resource;
use super::datatypes::{Address, Reference};
use super::human_name::HumanName;
use super::read::{reference, references, text};
use crate::json::Value;
use crate::systems;

/// A person who receives care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patient<'a>(pub &'a Value);

impl<'a> Resource<'a> for Patient<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Patient<'a> {
    /// Every name.
    pub fn names(self) -> impl Iterator<Item = HumanName<'a>> {
        self.0.items("name").iter().map(HumanName)
    }

    /// The name to call the patient by: the official one, else the usual one, else the first that is in use.
    #[must_use]
    pub fn name(self) -> Option<HumanName<'a>> {
        let of_use = |wanted: &str| self.names().find(|name| name.use_() == Some(wanted));
        let current = || self.names().find(|n| !matches!(n.use_(), Some("old" | "maiden" | "nickname")));
        of_use("official").or_else(|| of_use("usual")).or_else(current)
    }

    /// The NHS number as recorded, whether it passes its check or not.
    #[must_use]
    pub fn nhs_number(self) -> Option<&'a str> {
        let mut numbers = self.identifiers().filter(|one| one.is_of(systems::NHS_NUMBER));
        numbers.find(|one| one.use_() != Some("old"))?.identifier()
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

    /// The general practice or practitioner.
    pub fn general_practitioners(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "generalPractitioner")
    }

    /// The ids of records linked in that way: `replaced-by`, `replaces`, `refer` or `seealso`.
    pub fn linked(self, kind: &str) -> impl Iterator<Item = &'a str> {
        let links = self.0.items("link").iter().filter(move |link| text(link, "type") == Some(kind));
        links.filter_map(|link| reference(link, "other")?.id_of("Patient"))
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
        let patient = Patient(&value);
        assert_eq!(patient.nhs_number(), Some("9990079196"));
        assert_eq!(patient.name().unwrap().family(), Some("Now"));
        assert_eq!(patient.deceased_at(), Some("2024-01-01"));
        assert_eq!(patient.address().unwrap().envelope().collect::<Vec<_>>(), ["1 High Street", "ZZ1 1ZZ"]);
        assert_eq!(patient.linked("replaced-by").collect::<Vec<_>>(), ["2"]);
        assert_eq!(patient.linked("replaces").count(), 0);
        assert_eq!(patient.value(), &value);
    }
}
