//! What is kept from somebody who acts for another: every type of the record that no category opens, and what is labelled
//! as sensitive. What is new is closed until somebody opens it here.

use super::relationship::{Category, Relationship};
use fhir::json::Text;
use store::Withheld;
use store::access::Class;

/// Who the person is: always open, or nobody could tell whom they act for.
const ALWAYS: &[&str] = &["Patient"];

/// Labels that a carer never sees: restricted and very restricted (v3-Confidentiality).
const RESTRICTED: &[&str] = &["R", "V"];

/// Labels that are kept from whoever acts for somebody under sixteen: sexual and reproductive health, HIV, violence,
/// abuse of substances, mental health, genetics (v3-ActCode, information sensitivity).
const SENSITIVE: &[&str] = &[
    "SEX", "SEXHLTH", "STD", "HIV", "SDV", "SV", "DV", "VIO", "ETH", "ETHUD", "OPIOIDUD", "SUD", "PSY",
    "PSYTHPN", "BH", "MH", "COGN", "DVD", "GDIS", "SICKLE", "TBOO", "PREGNANT", "RH", "SH",
];

/// The types that a category opens.
pub(super) fn opened(category: Category) -> &'static [&'static str] {
    match category {
        Category::Appointments => &["Appointment", "AppointmentResponse", "ServiceRequest", "EpisodeOfCare"],
        Category::Medicines => {
            &["MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration"]
        }
        Category::Record => &[
            "AllergyIntolerance",
            "CarePlan",
            "CareTeam",
            "Composition",
            "Condition",
            "DocumentReference",
            "Encounter",
            "EpisodeOfCare",
            "Goal",
            "Immunization",
            "ImmunizationRecommendation",
            "MedicationStatement",
            "Procedure",
        ],
        Category::Results => &["DiagnosticReport", "ImagingStudy", "Media", "Observation", "Specimen"],
        Category::Messages => &["Communication", "CommunicationRequest"],
    }
}

/// What a relationship does not show.
pub(super) fn withheld(relationship: &Relationship, minor: bool) -> Withheld {
    let open = |name: &str| {
        ALWAYS.contains(&name) || relationship.categories.iter().any(|one| opened(*one).contains(&name))
    };
    let all = Class::Administrative.types().chain(Class::Clinical.types());
    let labels = RESTRICTED.iter().chain(if minor { SENSITIVE } else { &[] });
    Withheld {
        types: all.filter(|name| !open(name)).map(Text::from).collect(),
        labels: labels.map(|label| Text::from(*label)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::samples;

    fn closed(categories: &[Category], minor: bool) -> Withheld {
        withheld(&Relationship { categories: categories.to_vec(), ..samples::relationship() }, minor)
    }

    #[test]
    fn only_what_a_category_names_is_open() {
        let medicines = closed(&[Category::Medicines], false);
        let is_closed = |name: &str| medicines.types.iter().any(|closed| closed == name);
        assert!(!is_closed("Patient") && !is_closed("MedicationRequest"));
        for name in [
            "Condition",
            "Observation",
            "Appointment",
            "Consent",
            "RelatedPerson",
            "Communication",
            "Provenance",
        ] {
            assert!(is_closed(name), "{name}");
        }
    }

    #[test]
    fn who_else_may_look_and_who_hides_is_never_open() {
        let all = closed(Category::ALL, false);
        for name in ["Consent", "RelatedPerson", "Flag", "Provenance", "QuestionnaireResponse"] {
            assert!(all.types.iter().any(|closed| closed == name), "{name}");
        }
    }

    #[test]
    fn sensitive_labels_are_kept_back_under_sixteen() {
        let has =
            |minor: bool, label: &str| closed(Category::ALL, minor).labels.iter().any(|one| one == label);
        assert!(has(true, "SEX") && has(true, "HIV") && has(true, "R") && has(false, "R") && has(false, "V"));
        assert!(!has(false, "SEX"));
    }

    #[test]
    fn every_type_named_exists() {
        for category in Category::ALL {
            for name in opened(*category) {
                assert!(matches!(Class::of(name), Class::Administrative | Class::Clinical), "{name}");
            }
        }
    }
}
