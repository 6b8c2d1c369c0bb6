//! PID and PD1 to a person. The key is the source's own number: an NHS number is never one.

use super::time::moment;
use crate::fields::{field, plain, some_coded, trimmed};
use crate::mapping::{Frame, Unmappable};
use care::patient_flow::{
    Address, Clinician, Contact, Demographics, Field, Identifier, Name, PatientKey, Subject, Warning,
};
use fhir::nhs_number::NhsNumber;
use hl7v2::{Message, Part, Segment};

/// The person of the first PID.
pub fn subject(message: &Message<'_>, frame: &Frame) -> Result<Subject, Unmappable> {
    let person = message.segment(b"PID").ok_or(Unmappable::NoSegment("PID"))?;
    subject_in(&person, message, frame)
}

/// The person of a PID.
pub fn subject_in(person: &Segment<'_>, message: &Message<'_>, frame: &Frame) -> Result<Subject, Unmappable> {
    let identifiers: Vec<Identifier> =
        person.field(3).repetitions().filter_map(|one| identifier(&one)).collect();
    let older = || identifier(&person.field(2)).or_else(|| identifier(&person.field(4)));
    let (identifiers, key) = match key_of(&identifiers, frame) {
        Some(key) => (identifiers, key),
        None => {
            let older = older().ok_or(Unmappable::NoPatient)?;
            let key = key_of(std::slice::from_ref(&older), frame).ok_or(Unmappable::NoPatient)?;
            (vec![older], key)
        }
    };
    let identifiers = identifiers
        .into_iter()
        .map(|one| Identifier { authority: authority_of(&one, frame), ..one })
        .collect();
    Ok(Subject { key, identifiers, demographics: demographics(person, message) })
}

/// The key in a field such as MRG-1.
pub fn key_in(part: &Part<'_>, frame: &Frame) -> Option<PatientKey> {
    let identifiers: Vec<Identifier> = part.repetitions().filter_map(|one| identifier(&one)).collect();
    key_of(&identifiers, frame)
}

/// What is odd about the person's identifiers.
pub fn warnings(message: &Message<'_>) -> Vec<Warning> {
    let person = message.segment(b"PID");
    let identifiers = person.into_iter().flat_map(|person| person.field(3).repetitions());
    let wrong = identifiers
        .filter_map(|one| identifier(&one))
        .any(|one| is_nhs(&one) && NhsNumber::parse(&one.value).is_err());
    wrong.then_some(Warning::NhsNumberInvalid).into_iter().collect()
}

fn identifier(part: &Part<'_>) -> Option<Identifier> {
    let component = |number| plain(&part.component(number));
    let value = Some(component(1)).filter(|value| !value.is_empty())?;
    Some(Identifier { value, authority: component(4), kind: component(5) })
}

fn is_nhs(identifier: &Identifier) -> bool {
    identifier.authority.eq_ignore_ascii_case("NHS")
}

/// The source's own number: a medical record number first, then any number but NHS and social security numbers. A
/// message with nothing but an NHS number gets a key of its own source, so that nobody is linked by it.
fn key_of(identifiers: &[Identifier], frame: &Frame) -> Option<PatientKey> {
    let local = |one: &&Identifier| !is_nhs(one) && one.kind != "SS" && one.kind != "NH";
    let record = |one: &&Identifier| local(one) && matches!(one.kind.as_str(), "MR" | "PI" | "PT" | "MRN");
    let chosen = identifiers.iter().find(record).or_else(|| identifiers.iter().find(local));
    let chosen = chosen.or_else(|| identifiers.first())?;
    let authority =
        if is_nhs(chosen) { format!("{} NHS", frame.source.facility) } else { authority_of(chosen, frame) };
    Some(PatientKey { authority, number: chosen.value.clone() })
}

fn authority_of(identifier: &Identifier, frame: &Frame) -> String {
    if is_nhs(identifier) {
        "NHS".into()
    } else if identifier.authority.is_empty() {
        frame.source.facility.clone()
    } else {
        identifier.authority.clone()
    }
}

fn demographics(person: &Segment<'_>, message: &Message<'_>) -> Demographics {
    let mut unreadable = Vec::new();
    let gp = message.segment(b"PD1").map(|more| more.field(3));
    let died = trimmed(&person.field(30)).map(|flag| flag == "Y");
    let contacts = [13, 14].map(|number| person.field(number));
    let deleted = contacts.iter().all(Part::is_null);
    let spoken = contacts.iter().any(|part| !part.is_empty());
    let numbers: Vec<Contact> = contacts
        .iter()
        .zip(["home", "work"])
        .flat_map(|(part, usage)| part.repetitions().filter_map(move |one| contact(&one, usage)))
        .collect();
    Demographics {
        names: field(&person.field(5), |part| repeated(part, name)),
        birth: field(&person.field(7), |part| moment(part, &mut unreadable)),
        gender: field(&person.field(8), gender),
        addresses: field(&person.field(11), |part| repeated(part, address)),
        contacts: match (deleted, spoken, numbers.is_empty()) {
            (true, ..) => Field::Delete,
            (_, true, false) => Field::Set(numbers),
            _ => Field::Absent,
        },
        language: field(&person.field(15), some_coded),
        marital: field(&person.field(16), |part| {
            some_coded(part).map(|mut coded| {
                if coded.system.is_empty() {
                    coded.system = "HL70002".into();
                }
                coded
            })
        }),
        ethnicity: field(&person.field(22), some_coded),
        deceased: died.into(),
        died_at: match died {
            Some(false) => Field::Absent,
            _ => field(&person.field(29), |part| moment(part, &mut unreadable)),
        },
        practice: gp.map(|part| field(&part, practice)).unwrap_or_default(),
        nhs_number_status: status(&person.field(32)).into(),
    }
}

fn repeated<T>(part: &Part<'_>, read: impl Fn(&Part<'_>) -> Option<T>) -> Option<Vec<T>> {
    let all: Vec<T> = part.repetitions().filter_map(|one| read(&one)).collect();
    (!all.is_empty()).then_some(all)
}

/// XPN.
fn name(part: &Part<'_>) -> Option<Name> {
    let component = |number| plain(&part.component(number));
    let more = component(3);
    let given = std::iter::once(component(2)).chain(more.split(' ').map(str::to_owned));
    let usage = match component(7).as_str() {
        "L" => "official",
        "D" | "" => "usual",
        "M" | "B" => "maiden",
        "N" => "nickname",
        "A" | "S" => "anonymous",
        "T" => "temp",
        _ => "",
    };
    let name = Name {
        family: component(1),
        given: given.filter(|name| !name.is_empty()).collect(),
        prefix: component(5),
        suffix: component(4),
        usage: usage.into(),
    };
    (!name.family.is_empty() || !name.given.is_empty()).then_some(name)
}

/// PID-8, table 0001.
fn gender(part: &Part<'_>) -> Option<String> {
    let gender = match trimmed(part)?.to_ascii_uppercase().as_str() {
        "M" | "MALE" | "1" => "male",
        "F" | "FEMALE" | "2" => "female",
        "O" | "A" | "N" | "9" => "other",
        _ => "unknown",
    };
    Some(gender.into())
}

/// XAD.
fn address(part: &Part<'_>) -> Option<Address> {
    let component = |number| plain(&part.component(number));
    let usage = match component(7).as_str() {
        "H" | "HOME" | "P" => "home",
        "B" | "O" => "work",
        "C" | "TM" => "temp",
        "BA" => "old",
        _ => "",
    };
    let address = Address {
        lines: [component(1), component(2)].into_iter().filter(|line| !line.is_empty()).collect(),
        city: component(3),
        district: component(4),
        postcode: component(5),
        country: component(6),
        usage: usage.into(),
    };
    let told = !address.lines.is_empty() || !address.city.is_empty() || !address.postcode.is_empty();
    told.then_some(address)
}

/// XTN: the number in component 1, an e-mail address in 4, the parts of a number in 6 and 7, anything in 12.
fn contact(part: &Part<'_>, usage: &str) -> Option<Contact> {
    let component = |number| plain(&part.component(number));
    let (equipment, email) = (component(3), component(4));
    let parts = format!("{} {}", component(6), component(7)).trim().to_owned();
    let number = [component(1), parts, component(12)].into_iter().find(|text| !text.is_empty());
    let is_mail = equipment.eq_ignore_ascii_case("Internet") || equipment.eq_ignore_ascii_case("X.400");
    let (system, value) = match number {
        _ if !email.is_empty() && (is_mail || email.contains('@')) => ("email", email),
        Some(number) if number.contains('@') => ("email", number),
        Some(number) => (if equipment == "FX" { "fax" } else { "phone" }, number),
        None => return None,
    };
    let usage = match component(2).as_str() {
        "WPN" => "work",
        "PRN" => "home",
        _ if equipment == "CP" => "mobile",
        _ => usage,
    };
    Some(Contact { system: system.into(), value, usage: usage.into() })
}

/// PD1-3 XON: name, code in component 10 or 3.
fn practice(part: &Part<'_>) -> Option<Clinician> {
    let component = |number| plain(&part.component(number));
    let code = [component(10), component(3)].into_iter().find(|code| !code.is_empty()).unwrap_or_default();
    let practice = Clinician { code, name: component(1) };
    (!practice.name.is_empty() || !practice.code.is_empty()).then_some(practice)
}

/// PID-32: the tracing status `NSTS01` to `NSTS08`, or its two digits.
fn status(part: &Part<'_>) -> Option<String> {
    part.repetitions().find_map(|one| {
        let text = trimmed(&one)?;
        let digits = text.strip_prefix("NSTS").unwrap_or(&text);
        let known = digits.len() == 2 && matches!(digits.parse::<u8>(), Ok(1..=8));
        known.then(|| digits.to_owned())
    })
}
