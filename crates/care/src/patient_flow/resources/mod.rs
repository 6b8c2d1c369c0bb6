//! FHIR R4 resources rendered from the folded state: the same state always gives the same bytes.
//!
//! It must never read a clock or a random number, and never render what the fold did not say. Ids come from
//! `fhir::identity`; systems of our own stand under the deployer's domain. UK Core profiles are named where the
//! resource is one of theirs (<https://simplifier.net/guide/uk-core-implementation-guide-stu2>).

mod allergy;
mod bed;
mod bedside;
mod concern;
mod encounter;
mod location;
mod order;
mod overlay;
mod patient;
mod provenance;
mod report;

pub use allergy::allergies;
pub use bed::{bed_changes, held_by};
pub use concern::{
    Holders, bed_concern_id, closed, concerns, in_words, is_open, open_system, parked, settled,
};
pub use encounter::{conditions, encounter, encounter_id, episode, former, stay_keys};
pub use location::{location_id, location_ids, locations, organization};
pub use order::order;
pub use overlay::Change;
pub use patient::{patient, patient_id};
pub use provenance::provenance;
pub use report::report;

use super::moment::{Moment, Precision};
use super::person::{Clinician, Coded};
use fhir::json::{Object, Value};
use fhir::systems;

/// The root of identifiers and codes that have no public system.
const OWN: &str = "https://bevan.example";

/// An object under construction.
pub(super) struct Draft(Object);

impl Draft {
    /// A resource with its id and, when it has one, its UK Core profile.
    fn resource(type_name: &str, id: &str, profile: Option<&str>) -> Self {
        let mut draft = Self(Object::new());
        draft.set("resourceType", type_name);
        draft.set("id", id);
        if let Some(profile) = profile {
            let url = format!("https://fhir.hl7.org.uk/StructureDefinition/{profile}");
            draft.set("meta", Value::object([("profile", list([Value::from(url)]))]));
        }
        draft
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.0.insert(name, value.into());
        self
    }

    /// Sets a member unless the value is missing, an empty text or an empty list.
    fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) -> &mut Self {
        match value.map(Into::into) {
            None => {}
            Some(Value::String(text)) if text.trim().is_empty() => {}
            Some(Value::Array(items)) if items.is_empty() => {}
            Some(Value::Object(object)) if object.is_empty() => {}
            Some(value) => {
                self.0.insert(name, value);
            }
        }
        self
    }

    fn done(&mut self) -> Value {
        Value::Object(std::mem::take(&mut self.0))
    }
}

fn draft() -> Draft {
    Draft(Object::new())
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

fn reference(type_name: &str, id: &str) -> Value {
    Value::object([("reference", Value::from(format!("{type_name}/{id}")))])
}

fn identifier(system: &str, value: &str) -> Value {
    Value::object([("system", Value::from(system)), ("value", Value::from(value.trim()))])
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    let mut coding = draft();
    coding.maybe("system", Some(system)).maybe("code", Some(code)).maybe("display", Some(display));
    coding.done()
}

fn concept_of(system: &str, code: &str, display: &str) -> Value {
    Value::object([("coding", list([coding(system, code, display)]))])
}

/// A code as its source gave it. Codes that are none (blank inside, or missing) become text.
fn concept(coded: &Coded) -> Option<Value> {
    let code = coded.code.trim();
    let proper = !code.is_empty() && !code.chars().any(char::is_whitespace);
    let display = Some(coded.display.trim()).filter(|text| !text.is_empty());
    let mut concept = draft();
    if proper {
        let system = code_system(&coded.system);
        concept.set("coding", list([coding(&system, code, display.unwrap_or_default())]));
    }
    concept.maybe("text", display.or(Some(code).filter(|_| !proper)));
    Some(concept.done()).filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
}

/// The URI of a code system known by its HL7 name (table 0396), or one of our own.
fn code_system(name: &str) -> String {
    let name = name.trim();
    let table = name.strip_prefix("HL7").or_else(|| name.strip_prefix("Hl7"));
    match name {
        "" => String::new(),
        "LN" => systems::LOINC.into(),
        "SCT" | "SNM" | "SNOMED" | "SNOMED-CT" => systems::SNOMED.into(),
        "I10" | "ICD10" | "ICD-10" => systems::ICD10.into(),
        "UCUM" => systems::UCUM.into(),
        _ if name.contains("://") || name.starts_with("urn:") => name.into(),
        _ => match table.and_then(|digits| digits.parse::<u32>().ok()) {
            Some(number) => format!("http://terminology.hl7.org/CodeSystem/v2-{number:04}"),
            None => format!("{OWN}/code-system/{}", slug(name)),
        },
    }
}

/// A name as it may stand in a URI: lower-case letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.trim().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The system of a source's own numbers, such as `…/id/za1/visit`.
fn own_system(owner: &str, kind: &str) -> String {
    match slug(owner) {
        owner if owner.is_empty() => format!("{OWN}/id/{kind}"),
        owner => format!("{OWN}/id/{owner}/{kind}"),
    }
}

fn extension_url(name: &str) -> String {
    format!("{OWN}/fhir/StructureDefinition/{name}")
}

fn period(from: Option<&Moment>, to: Option<&Moment>) -> Option<Value> {
    let mut period = draft();
    period.maybe("start", from.map(Moment::to_fhir)).maybe("end", to.map(Moment::to_fhir));
    Some(period.done()).filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
}

/// The instant, when the moment is known at least to the minute.
fn instant(moment: &Moment) -> Option<String> {
    (moment.precision >= Precision::Minute).then(|| moment.to_instant())
}

/// Someone named by a message: by code and name, not by a resource we may not have.
fn clinician(clinician: &Clinician, facility: &str) -> Option<Value> {
    let mut person = draft();
    let code = Some(clinician.code.trim()).filter(|code| !code.is_empty());
    person.maybe("identifier", code.map(|code| identifier(&own_system(facility, "practitioner"), code)));
    person.maybe("display", Some(clinician.name.trim()));
    Some(person.done()).filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
}

fn notes(notes: &[String]) -> Option<Value> {
    let texts = notes.iter().filter(|text| !text.trim().is_empty());
    Some(list(texts.map(|text| Value::object([("text", Value::from(text.trim()))]))))
}
