//! AllergyIntolerance from a folded person. A withdrawn allergy stays, inactive.

use super::super::clinical::AllergyAction;
use super::super::moment::Moment;
use super::super::people::Person;
use super::patient::patient_id;
use super::{Draft, concept, concept_of, draft, list, reference};
use fhir::json::Value;
use fhir::{identity, systems};

/// The person's allergies.
pub fn allergies(person: &Person) -> impl Iterator<Item = Value> {
    person.allergies.iter().filter_map(|allergy| {
        let code = concept(&allergy.substance)?;
        let key = &person.key;
        let words = &allergy.substance;
        let id = identity::resource_id(
            "allergy",
            &key.authority,
            &[&key.number, &words.system, &words.code, &words.display],
        );
        let stated = allergy.action == AllergyAction::State;
        let clinical = if stated { "active" } else { "inactive" };
        let verification =
            if allergy.verification.is_empty() { "unconfirmed" } else { &allergy.verification };
        let mut resource = Draft::resource("AllergyIntolerance", &id, Some("UKCore-AllergyIntolerance"));
        if verification != "entered-in-error" {
            resource.set("clinicalStatus", concept_of(systems::ALLERGY_CLINICAL, clinical, ""));
        }
        let category = Some(&allergy.category).filter(|category| !category.is_empty());
        resource
            .set("verificationStatus", concept_of(systems::ALLERGY_VERIFICATION, verification, ""))
            .maybe("category", category.map(|category| list([Value::from(category.as_str())])))
            .maybe("criticality", Some(allergy.criticality.as_str()))
            .set("code", code)
            .set("patient", reference("Patient", &patient_id(key)))
            .maybe("onsetDateTime", allergy.onset.as_ref().map(Moment::to_fhir));
        let told: Vec<Value> = allergy
            .reactions
            .iter()
            .filter(|words| !words.trim().is_empty())
            .map(|words| Value::object([("text", Value::from(words.trim()))]))
            .collect();
        if !told.is_empty() {
            let mut reaction = draft();
            reaction
                .set("manifestation", Value::Array(told))
                .maybe("severity", Some(allergy.severity.as_str()));
            resource.set("reaction", list([reaction.done()]));
        }
        Some(resource.done())
    })
}
