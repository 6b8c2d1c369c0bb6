//! Patient from a folded person.

use super::super::moment::Moment;
use super::super::people::{Direction, Person};
use super::super::person::{Address, Contact, Identifier, Name, PatientKey};
use super::{Draft, concept, concept_of, draft, identifier, list, own_system, reference};
use fhir::json::Value;
use fhir::nhs_number::NhsNumber;
use fhir::ods::OdsCode;
use fhir::{identity, systems};

/// The id of the Patient known by that key.
#[must_use]
pub fn patient_id(key: &PatientKey) -> String {
    identity::patient(&key.authority, &key.number)
}

/// The Patient.
#[must_use]
pub fn patient(person: &Person) -> Value {
    let known = &person.known;
    let in_force = || person.links.iter().filter(|link| !link.parked);
    let replaced = in_force().any(|link| link.direction == Direction::ReplacedBy);
    let mut patient = Draft::resource("Patient", &patient_id(&person.key), Some("UKCore-Patient"));
    let ethnicity = known.ethnicity.as_ref().and_then(concept).map(|code| {
        list([Value::object([
            ("url", Value::from(systems::ETHNIC_CATEGORY)),
            ("valueCodeableConcept", code),
        ])])
    });
    patient
        .maybe("extension", ethnicity)
        .maybe("identifier", Some(identifiers(person)))
        .set("active", person.active && !replaced)
        .maybe("name", known.names.as_ref().map(|names| list(names.iter().filter_map(name))))
        .maybe("telecom", known.contacts.as_ref().map(|contacts| list(contacts.iter().filter_map(telecom))))
        .maybe("gender", known.gender.clone())
        .maybe("birthDate", known.birth.as_ref().map(date));
    match (&known.died_at, known.deceased) {
        (Some(died), _) => patient.set("deceasedDateTime", died.to_fhir()),
        (None, Some(dead)) => patient.set("deceasedBoolean", dead),
        (None, None) => &mut patient,
    };
    patient
        .maybe("address", known.addresses.as_ref().map(|all| list(all.iter().filter_map(address))))
        .maybe("maritalStatus", known.marital.as_ref().and_then(concept));
    if let Some(language) = known.language.as_ref().and_then(concept) {
        patient.set("communication", list([Value::object([("language", language)])]));
    }
    if let Some(practice) = &known.practice {
        let ods = OdsCode::parse(&practice.code);
        let mut organisation = draft();
        organisation
            .maybe("identifier", ods.map(|code| identifier(systems::ODS, code.as_str())))
            .maybe("display", Some(practice.name.as_str()));
        let organisation = organisation.done();
        let told = organisation.as_object().is_some_and(|object| !object.is_empty());
        patient.maybe("generalPractitioner", told.then(|| list([organisation])));
    }
    patient.maybe(
        "link",
        Some(list(in_force().map(|link| {
            let kind = match link.direction {
                Direction::ReplacedBy => "replaced-by",
                Direction::Replaces => "replaces",
            };
            Value::object([
                ("other", reference("Patient", &patient_id(&link.other))),
                ("type", Value::from(kind)),
            ])
        }))),
    );
    patient.done()
}

/// A birth date has no time, whatever the source wrote.
fn date(moment: &Moment) -> String {
    moment.to_fhir().chars().take(10).collect()
}

/// The person's own number first, a checked NHS number with its status, the rest, then numbers of records that
/// gave way to this one. A number that claims to be an NHS number and fails its check stays a number of its source.
fn identifiers(person: &Person) -> Value {
    let status = person.known.nhs_number_status.as_deref();
    let is_own = |one: &Identifier| one.authority == person.key.authority && one.value == person.key.number;
    let own = person.identifiers.iter().filter(|one| is_own(one));
    let others = person.identifiers.iter().filter(|one| !is_own(one));
    let numbered = own.chain(others).map(|one| render(one, person, status));
    let bare = person.identifiers.is_empty().then(|| numbered_by(&person.key, "usual"));
    let gave_way = person
        .links
        .iter()
        .filter(|link| !link.parked && link.direction == Direction::Replaces)
        .map(|link| numbered_by(&link.other, "old"));
    list(bare.into_iter().chain(numbered).chain(gave_way))
}

fn numbered_by(key: &PatientKey, usage: &str) -> Value {
    let mut number = draft();
    number
        .set("use", usage)
        .set("system", own_system(&key.authority, "patient"))
        .set("value", key.number.as_str());
    number.done()
}

fn render(one: &Identifier, person: &Person, status: Option<&str>) -> Value {
    let mut number = draft();
    let nhs = NhsNumber::parse(&one.value).ok().filter(|_| one.authority.eq_ignore_ascii_case("NHS"));
    if let Some(nhs) = nhs {
        // 02: present, not traced. 03: a placeholder such as 9999999999, to be traced.
        let status = status.unwrap_or(if nhs.is_placeholder() { "03" } else { "02" });
        let code = concept_of(systems::NHS_NUMBER_VERIFICATION_STATUS, status, "");
        number
            .set(
                "extension",
                list([Value::object([
                    ("url", Value::from(systems::NHS_NUMBER_VERIFICATION)),
                    ("valueCodeableConcept", code),
                ])]),
            )
            .set("system", systems::NHS_NUMBER)
            .set("value", nhs.as_str());
        return number.done();
    }
    let owner = if one.authority.is_empty() { &person.key.authority } else { &one.authority };
    let is_own = one.value == person.key.number && *owner == person.key.authority;
    let kind = one.kind.trim();
    let coded = !kind.is_empty() && !kind.chars().any(char::is_whitespace);
    number
        .maybe("use", is_own.then_some("usual"))
        .maybe("type", coded.then(|| concept_of(systems::IDENTIFIER_TYPE, kind, "")))
        .set("system", own_system(owner, "patient"))
        .set("value", one.value.trim());
    number.done()
}

fn some(draft: &mut Draft) -> Option<Value> {
    Some(draft.done()).filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
}

fn name(name: &Name) -> Option<Value> {
    let given = name.given.iter().filter(|given| !given.trim().is_empty());
    let one = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(|text| list([text.into()]));
    some(
        draft()
            .maybe("use", Some(name.usage.as_str()))
            .maybe("family", Some(name.family.trim()))
            .maybe("given", Some(list(given.map(|given| Value::from(given.trim())))))
            .maybe("prefix", one(&name.prefix))
            .maybe("suffix", one(&name.suffix)),
    )
}

fn address(address: &Address) -> Option<Value> {
    let lines = address.lines.iter().filter(|line| !line.trim().is_empty());
    some(
        draft()
            .maybe("use", Some(address.usage.as_str()))
            .maybe("line", Some(list(lines.map(|line| Value::from(line.trim())))))
            .maybe("city", Some(address.city.trim()))
            .maybe("district", Some(address.district.trim()))
            .maybe("postalCode", Some(address.postcode.trim()))
            .maybe("country", Some(address.country.trim())),
    )
}

fn telecom(contact: &Contact) -> Option<Value> {
    let told = !contact.value.trim().is_empty();
    let mut telecom = draft();
    telecom
        .maybe("system", Some(contact.system.as_str()))
        .maybe("value", Some(contact.value.trim()))
        .maybe("use", Some(contact.usage.as_str()));
    told.then(|| telecom.done())
}
