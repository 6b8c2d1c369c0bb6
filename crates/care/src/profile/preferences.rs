//! Preferences in a Patient resource: UK Core's contact preference (method and written format, with its codes where it has
//! one and words where it has none), `communication` for the language, and `patient-interpreterRequired`.
//! <https://simplifier.net/hl7fhirukcorer4/extension-ukcore-contactpreference>

use super::{Channel, Format, Preferences};
use fhir::json::{Object, Value};

const CONTACT: &str = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference";
const METHOD: &str = "PreferredContactMethod";
const WRITTEN: &str = "PreferredWrittenCommunicationFormat";
const METHODS: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod";
const FORMATS: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat";
const INTERPRETER: &str = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";
const LANGUAGES: &str = "urn:ietf:bcp:47";

/// Channels with UK Core's code and display, where it has one.
const CHANNELS: [(Channel, Option<&str>, &str); 4] = [
    (Channel::App, None, "App"),
    (Channel::Email, Some("4"), "E-mail"),
    (Channel::Text, None, "Text message"),
    (Channel::Letter, Some("1"), "Letter"),
];

/// Formats in the same way; the standard one is no entry at all.
const SHAPES: [(Format, Option<&str>, &str); 4] = [
    (Format::LargePrint, Some("11"), "Large print"),
    (Format::Braille, Some("12"), "Braille"),
    (Format::Audio, Some("13"), "Audio tape"),
    (Format::EasyRead, None, "Easy Read"),
];

/// Languages by their English names, with codes of BCP 47. Others are kept in words.
const TONGUES: [(&str, &str); 20] = [
    ("ar", "Arabic"),
    ("bfi", "British Sign Language"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("cy", "Welsh"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("it", "Italian"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("so", "Somali"),
    ("ta", "Tamil"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
];

/// What a person chose.
pub fn preferences(patient: &Value) -> Preferences {
    Preferences {
        channel: chosen(patient, METHOD, &CHANNELS),
        format: chosen(patient, WRITTEN, &SHAPES).unwrap_or_default(),
        language: language(patient),
        interpreter: patient
            .items("extension")
            .iter()
            .find(|one| is(one, INTERPRETER))
            .and_then(|one| one.get("valueBoolean")?.as_bool())
            .unwrap_or(false),
    }
}

fn is(extension: &Value, url: &str) -> bool {
    extension.get("url").and_then(Value::as_str) == Some(url)
}

fn chosen<T: Copy>(patient: &Value, part: &str, known: &[(T, Option<&str>, &str)]) -> Option<T> {
    let contact = patient.items("extension").iter().find(|one| is(one, CONTACT))?;
    let concept = contact.items("extension").iter().find(|one| is(one, part))?.get("valueCodeableConcept")?;
    let code = concept.items("coding").first().and_then(|coding| coding.get("code")?.as_str());
    let words = concept.get("text").and_then(Value::as_str);
    let fits = |(_, its, display): &&(T, Option<&str>, &str)| {
        (code.is_some() && code == *its) || (code.is_none() && words == Some(display))
    };
    known.iter().find(fits).map(|(one, ..)| *one)
}

fn language(patient: &Value) -> Option<String> {
    let all = patient.items("communication");
    let preferred = all.iter().find(|one| one.get("preferred").and_then(Value::as_bool) == Some(true));
    let concept = preferred.or(all.first())?.get("language")?;
    let coding = concept.items("coding").first();
    let code = coding.and_then(|coding| coding.get("code")?.as_str());
    let known = code.and_then(|code| TONGUES.iter().find(|(one, _)| *one == code)).map(|(_, name)| *name);
    let display = coding.and_then(|coding| coding.get("display")?.as_str());
    let name = known.or_else(|| concept.get("text")?.as_str()).or(display)?;
    (name != "English").then(|| name.to_owned())
}

/// Puts a channel in.
pub(super) fn set_channel(patient: &mut Object, channel: Channel) {
    let found = CHANNELS.iter().find(|(one, ..)| *one == channel);
    set_part(patient, METHOD, found.map(|(_, code, words)| concept(METHODS, *code, words)));
}

/// Puts a format in; the standard one takes the entry away.
pub(super) fn set_format(patient: &mut Object, format: Format) {
    let found = SHAPES.iter().find(|(one, ..)| *one == format);
    set_part(patient, WRITTEN, found.map(|(_, code, words)| concept(FORMATS, *code, words)));
}

/// Puts language and interpreter in. Other languages that somebody speaks stay, no longer preferred.
pub(super) fn set_language(patient: &mut Object, language: &str, interpreter: bool) {
    let known = TONGUES.iter().find(|(_, name)| name.eq_ignore_ascii_case(language));
    let named = match known {
        Some((code, name)) => concept(LANGUAGES, Some(code), name),
        None => Value::object([("text", Value::from(language))]),
    };
    let mut all = taken(patient, "communication");
    all.retain(|one| one.get("language") != Some(&named));
    for one in all.iter_mut().filter_map(Value::as_object_mut) {
        one.remove("preferred");
    }
    all.insert(0, Value::object([("language", named), ("preferred", Value::from(true))]));
    patient.insert("communication", Value::Array(all));
    let mut extensions = taken(patient, "extension");
    extensions.retain(|one| !is(one, INTERPRETER));
    extensions
        .push(Value::object([("url", Value::from(INTERPRETER)), ("valueBoolean", Value::from(interpreter))]));
    patient.insert("extension", Value::Array(extensions));
}

fn concept(system: &str, code: Option<&str>, words: &str) -> Value {
    match code {
        None => Value::object([("text", Value::from(words))]),
        Some(code) => {
            let coding = Value::object([
                ("system", Value::from(system)),
                ("code", Value::from(code)),
                ("display", Value::from(words)),
            ]);
            Value::object([("coding", Value::Array(vec![coding]))])
        }
    }
}

/// Puts one part of the contact preference in, or takes it away; everything beside it stays as it is.
fn set_part(patient: &mut Object, part: &str, value: Option<Value>) {
    let mut extensions = taken(patient, "extension");
    let at = extensions.iter().position(|one| is(one, CONTACT));
    let mut contact = match at {
        Some(at) => extensions.remove(at),
        None => Value::object([("url", Value::from(CONTACT))]),
    };
    if let Some(contact) = contact.as_object_mut() {
        let mut parts = taken(contact, "extension");
        parts.retain(|one| !is(one, part));
        parts.extend(
            value.map(|value| Value::object([("url", Value::from(part)), ("valueCodeableConcept", value)])),
        );
        if !parts.is_empty() {
            contact.insert("extension", Value::Array(parts));
        }
    }
    // An extension holds either parts or a value: one without any would not be FHIR.
    if !contact.items("extension").is_empty() {
        extensions.insert(at.unwrap_or(extensions.len()), contact);
    }
    if !extensions.is_empty() {
        patient.insert("extension", Value::Array(extensions));
    }
}

/// The items of a member, taken out of the document.
fn taken(object: &mut Object, name: &str) -> Vec<Value> {
    match object.remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}
