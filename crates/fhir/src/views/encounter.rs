//! A stay or visit (<https://hl7.org/fhir/R4/encounter.html>).

use super::Resource;
use super::datatypes::{CodeableConcept, Reference};
use super::read::{concepts, reference, text};
use crate::json::Value;

/// A stay or visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encounter<'a>(pub &'a Value);

/// A place a patient was in, or is to be in, during a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncounterLocation<'a>(pub &'a Value);

impl<'a> Resource<'a> for Encounter<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Resource<'a> for EncounterLocation<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Encounter<'a> {
    /// The class's code: inpatient `IMP`, emergency `EMER`, ambulatory `AMB`, …
    #[must_use]
    pub fn class(self) -> Option<&'a str> {
        text(self.0.get("class")?, "code")
    }

    /// What sort of stay.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "type")
    }

    /// Every place, in the order of the document.
    pub fn locations(self) -> impl Iterator<Item = EncounterLocation<'a>> {
        self.0.items("location").iter().map(EncounterLocation)
    }

    /// Where the patient is: the last active place.
    #[must_use]
    pub fn current_location(self) -> Option<EncounterLocation<'a>> {
        self.locations().filter(|place| place.status() == Some("active")).last()
    }

    /// The clinician who answers for the stay, in words.
    #[must_use]
    pub fn attender(self) -> Option<&'a str> {
        let attends = |one: &&Value| concepts(one, "type").any(|role| role.has_code("ATND"));
        let attender = self.0.items("participant").iter().find(attends)?;
        reference(attender, "individual")?.display()
    }

    /// The organisation that provides the care.
    #[must_use]
    pub fn service_provider(self) -> Option<Reference<'a>> {
        reference(self.0, "serviceProvider")
    }
}

impl<'a> EncounterLocation<'a> {
    /// The place.
    #[must_use]
    pub fn location(self) -> Option<Reference<'a>> {
        reference(self.0, "location")
    }

    /// The id of the place's Location.
    #[must_use]
    pub fn location_id(self) -> Option<&'a str> {
        self.location()?.id_of("Location")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn reads_a_stay() {
        let text = r#"{"resourceType": "Encounter", "status": "in-progress", "class": {"code": "IMP"},
            "location": [{"location": {"reference": "Location/a"}, "status": "completed"},
                         {"location": {"reference": "Location/b"}, "status": "active"}],
            "serviceProvider": {"display": "Example Hospital"}}"#;
        let value = parse(text.as_bytes(), &Limits::default()).unwrap();
        let stay = Encounter(&value);
        assert_eq!((stay.status(), stay.class()), (Some("in-progress"), Some("IMP")));
        assert_eq!(stay.current_location().and_then(EncounterLocation::location_id), Some("b"));
        assert_eq!(stay.service_provider().and_then(Reference::display), Some("Example Hospital"));
    }
}
