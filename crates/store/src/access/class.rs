//! Resource types in the groups that access rules speak of.

use fhir::definitions::definitions;

/// A group of resource types that one rule treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Says nothing about a patient: organisations, places, staff, definitions.
    Reference,
    /// Who a patient is, and when they come: what a reception desk needs.
    Administrative,
    /// What is wrong with a patient and what was done: every other type of the Patient compartment.
    Clinical,
    /// Free and booked times of staff and rooms.
    Diary,
    /// Who looked at what.
    Audit,
    /// Belongs to no single patient, or to several at once (`Group`, `Binary`, `Bundle`): closed to people.
    Other,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 6] =
        [Self::Reference, Self::Administrative, Self::Clinical, Self::Diary, Self::Audit, Self::Other];

    /// The class of a resource type. A name R4 does not know is [`Class::Other`].
    #[must_use]
    pub fn of(resource_type: &str) -> Self {
        match resource_type {
            name if REFERENCE_TYPES.contains(&name) => Self::Reference,
            "Patient"
            | "RelatedPerson"
            | "Appointment"
            | "AppointmentResponse"
            | "Encounter"
            | "EpisodeOfCare"
            | "Coverage" => Self::Administrative,
            "Schedule" | "Slot" => Self::Diary,
            "AuditEvent" => Self::Audit,
            "Group" => Self::Other,
            name if definitions().compartment_params("Patient", name).is_empty() => Self::Other,
            _ => Self::Clinical,
        }
    }

    /// The resource types of the class, in alphabetical order.
    pub fn types(self) -> impl Iterator<Item = &'static str> {
        definitions().resource_types().filter(move |name| Self::of(name) == self)
    }
}

/// Types that every signed-in actor may read.
pub(crate) const REFERENCE_TYPES: &[&str] = &[
    "ActivityDefinition",
    "CapabilityStatement",
    "CatalogEntry",
    "ChargeItemDefinition",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DeviceDefinition",
    "Endpoint",
    "EventDefinition",
    "GraphDefinition",
    "HealthcareService",
    "ImplementationGuide",
    "InsurancePlan",
    "Library",
    "Location",
    "Measure",
    "Medication",
    "MedicationKnowledge",
    "MessageDefinition",
    "NamingSystem",
    "ObservationDefinition",
    "OperationDefinition",
    "Organization",
    "OrganizationAffiliation",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "SearchParameter",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Substance",
    "SubstanceSpecification",
    "TerminologyCapabilities",
    "TestScript",
    "ValueSet",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_types_exist_and_are_sorted() {
        assert!(REFERENCE_TYPES.is_sorted());
        assert!(REFERENCE_TYPES.iter().all(|name| definitions().is_resource(name)));
    }

    #[test]
    fn every_type_has_one_class() {
        let all: usize = Class::ALL.iter().map(|class| class.types().count()).sum();
        assert_eq!(all, definitions().resource_types().count());
    }

    #[test]
    fn patients_data_is_never_reference_data() {
        // Practitioner and the like are in no Patient compartment.
        for name in REFERENCE_TYPES {
            assert!(definitions().compartment_params("Patient", name).is_empty(), "{name}");
        }
        assert_eq!(Class::of("Observation"), Class::Clinical);
        assert_eq!(Class::of("Binary"), Class::Other);
        assert_eq!(Class::of("Nonsense"), Class::Other);
    }
}
