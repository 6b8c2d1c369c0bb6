//! The Patient resource: UKCore-Patient with NHS number, verification status, ethnic category and language needs.

use super::Chart;
use crate::compose::{
    NHS_NUMBER, UK_CORE, coding, extension, hl7_coded, identifier, list, named_reference, object, one,
    postal_address, resource, telecom, text, uk_coded,
};
use crate::names::Sex;
use fhir::json::Value;

/// The namespace of a trust's own patient numbers.
fn mrn_system(ods: &str) -> String {
    format!("https://bevan.example/id/{}/patient", ods.to_lowercase())
}

pub(super) fn patient(chart: &Chart<'_>) -> Value {
    let person = chart.person;
    let identifiers = nhs_number(chart).into_iter().chain(hospital_number(chart));
    let given = std::iter::once(person.given).chain(person.middle).map(Value::from);
    let name = Value::object([
        ("use", Value::from("official")),
        ("family", Value::from(person.family)),
        ("given", list(given)),
        ("prefix", list([Value::from(person.title)])),
    ]);
    let telecoms: Vec<Value> = person
        .mobile
        .iter()
        .map(|number| telecom("phone", number, "mobile"))
        .chain(person.landline.iter().map(|number| telecom("phone", number, "home")))
        .chain(person.email.iter().map(|mail| telecom("email", mail, "home")))
        .collect();
    let died = person.death.map(|day| Value::from(day.to_string()));
    let practice = chart.world.organisations().get(person.practice);
    resource(
        "Patient",
        &person.patient_id,
        [
            ("extension", Some(extensions(chart))),
            ("identifier", Some(list(identifiers))),
            ("active", Some(Value::from(true))),
            ("name", one(name)),
            ("telecom", (!telecoms.is_empty()).then_some(Value::Array(telecoms))),
            ("gender", text(if person.sex == Sex::Female { "female" } else { "male" })),
            ("birthDate", Some(Value::from(person.birth.to_string()))),
            ("deceasedDateTime", died),
            ("address", one(postal_address(&person.address, "home"))),
            (
                "maritalStatus",
                Some(uk_coded("UKCore-PersonMaritalStatusEngland", person.marital.0, person.marital.1)),
            ),
            ("communication", communication(chart)),
            (
                "generalPractitioner",
                practice.and_then(|p| one(named_reference("Organization", &p.id, &p.name))),
            ),
        ],
    )
}

fn nhs_number(chart: &Chart<'_>) -> Option<Value> {
    let number = chart.person.nhs_number.as_deref()?;
    let status = extension(
        "NHSNumberVerificationStatus",
        "valueCodeableConcept",
        uk_coded("UKCore-NHSNumberVerificationStatusEngland", "01", "Number present and verified"),
    );
    Some(object([("extension", one(status)), ("system", text(NHS_NUMBER)), ("value", text(number))]))
}

fn hospital_number(chart: &Chart<'_>) -> Option<Value> {
    let trust = chart.world.trusts().get(chart.person.trust)?;
    let mut own = identifier(&mrn_system(&trust.ods), &chart.person.mrn);
    if let Some(own) = own.as_object_mut() {
        own.insert("type", hl7_coded("v2-0203", "MR", "Medical record number"));
        own.insert("assigner", named_reference("Organization", &trust.id, &trust.name));
    }
    Some(own)
}

fn extensions(chart: &Chart<'_>) -> Value {
    let person = chart.person;
    let (code, meaning) = person.ethnicity;
    let ethnic = extension(
        "EthnicCategory",
        "valueCodeableConcept",
        uk_coded("UKCore-EthnicCategoryEngland", code, meaning),
    );
    let (sex, display) = if person.sex == Sex::Female { ("female", "Female") } else { ("male", "Male") };
    let birth_sex = extension(
        "BirthSex",
        "valueCodeableConcept",
        crate::compose::coded("http://hl7.org/fhir/administrative-gender", sex, display),
    );
    let unnumbered = person.nhs_number.is_none().then(|| {
        extension(
            "NHSNumberUnavailableReason",
            "valueCodeableConcept",
            uk_coded("UKCore-NHSNumberUnavailableReason", "nhs-number-not-known", "NHS number not known"),
        )
    });
    let interpreter = person.language.is_some().then(|| {
        Value::object([
            ("url", Value::from("http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired")),
            ("valueBoolean", Value::from(true)),
        ])
    });
    let died = person.death.map(|day| {
        let status = uk_coded(
            "UKCore-DeathNotificationStatus",
            "2",
            "Formal - death notice received from Registrar of Deaths",
        );
        let part = |url: &str, name: &'static str, value: Value| {
            Value::object([("url", Value::from(url)), (name, value)])
        };
        Value::object([
            (
                "extension",
                list([
                    part("deathNotificationStatus", "valueCodeableConcept", status),
                    part("systemEffectiveDate", "valueDateTime", Value::from(day.to_string())),
                ]),
            ),
            ("url", Value::from(format!("{UK_CORE}Extension-UKCore-DeathNotificationStatus"))),
        ])
    });
    list([ethnic, birth_sex].into_iter().chain(unnumbered).chain(interpreter).chain(died))
}

fn communication(chart: &Chart<'_>) -> Option<Value> {
    let (code, name) = chart.person.language?;
    let language = Value::object([("coding", list([coding("urn:ietf:bcp:47", code, name)]))]);
    one(Value::object([("language", language), ("preferred", Value::from(true))]))
}
