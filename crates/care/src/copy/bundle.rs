//! A FHIR document of a record: a Bundle whose first entry is a Composition with a chapter for each kind of entry, and whose
//! other entries are all that the chapters name (<https://hl7.org/fhir/R4/documents.html>). Pure.
//!
//! The document stands by itself: entries get `urn:uuid` addresses, every reference to one of them is rewritten to its address,
//! and a reference to anything else on this server keeps only its words. Nothing else of an entry is changed.

use crate::words::{concept, name};
use catalogue::{fill, say};
use fhir::identity;
use fhir::json::{Object, Value};
use fhir::views::{ImagingStudy, MedicationEntry, Resource, build};
use jiff::Timestamp;
use std::collections::HashMap;

/// What a document is made of.
pub(super) struct Contents<'a> {
    /// The Patient.
    pub person: &'a Value,
    /// The chapters, in order.
    pub chapters: &'a [Chapter<'a>],
    /// Who and where the entries name.
    pub named: &'a [Value],
    /// When the document is made.
    pub now: Timestamp,
}

/// A chapter.
pub(super) struct Chapter<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its LOINC code.
    pub code: &'a str,
    /// Its entries; `None` where the reader may not see them.
    pub entries: Option<Vec<Value>>,
}

/// The document.
pub(super) fn bundle(contents: &Contents<'_>) -> Value {
    let chapters = contents.chapters.iter().flat_map(|chapter| chapter.entries.iter().flatten());
    let all: Vec<&Value> = std::iter::once(contents.person).chain(chapters).chain(contents.named).collect();
    let addresses: HashMap<String, String> =
        all.iter().filter_map(|one| Some((key(one)?, address(&key(one)?)))).collect();
    let now = Value::from(contents.now.to_string());
    let id = contents.person.id().unwrap_or_default();
    let own = identity::resource_id("record-copy", id, &[&contents.now.to_string()]);
    let mut entries = vec![entry(&format!("urn:uuid:{own}"), composition(contents, &own))];
    let mut seen = std::collections::HashSet::new();
    for one in all {
        let Some(address) =
            key(one).filter(|key| seen.insert(key.clone())).and_then(|key| addresses.get(&key))
        else {
            continue;
        };
        entries.push(entry(address, one.clone()));
    }
    for one in &mut entries {
        rewrite(one, &addresses);
    }
    Value::object([
        ("resourceType", Value::from("Bundle")),
        ("identifier", build::identifier("urn:ietf:rfc:3986", &format!("urn:uuid:{own}"))),
        ("type", Value::from("document")),
        ("timestamp", now),
        ("entry", Value::Array(entries)),
    ])
}

fn entry(address: &str, resource: Value) -> Value {
    Value::object([("fullUrl", Value::from(address)), ("resource", resource)])
}

fn composition(contents: &Contents<'_>, id: &str) -> Value {
    let patient = build::reference("Patient", contents.person.id().unwrap_or_default());
    let title = fill("record-copy-heading", &[("name", name(contents.person).into())]);
    Value::object([
        ("resourceType", Value::from("Composition")),
        ("id", Value::from(id)),
        ("status", Value::from("final")),
        ("type", build::codeable_concept(fhir::systems::LOINC, "60591-5", "Patient summary Document")),
        ("subject", patient.clone()),
        ("date", Value::from(contents.now.to_string())),
        ("author", Value::Array(vec![patient])),
        ("title", Value::from(title)),
        ("section", Value::Array(contents.chapters.iter().map(section).collect())),
    ])
}

fn section(chapter: &Chapter<'_>) -> Value {
    let mut section = Object::new();
    section.insert("title", Value::from(chapter.title));
    section.insert("code", build::codeable_concept(fhir::systems::LOINC, chapter.code, chapter.title));
    let entries = chapter.entries.as_deref().unwrap_or_default();
    let words: Vec<String> = entries.iter().map(in_words).collect();
    let nothing = match &chapter.entries {
        None => Some(say("record-copy-not-open")),
        Some(entries) if entries.is_empty() => Some(say("record-copy-nothing")),
        Some(_) => None,
    };
    section.insert("text", narrative(&words, nothing));
    match nothing {
        Some(words) => section.insert("emptyReason", build::concept_text(words)),
        None => {
            let references = entries.iter().filter_map(|one| Some(build::reference(one.type_()?, one.id()?)));
            section.insert("entry", Value::Array(references.collect()))
        }
    };
    Value::Object(section)
}

/// A line for people: what, and when.
fn in_words(entry: &Value) -> String {
    let what = entry.code().and_then(concept);
    let what = what.or_else(|| MedicationEntry(entry).medication_name().map(str::to_owned));
    let what = what.or_else(|| entry.text_at(&["vaccineCode", "text"]).map(str::to_owned));
    let what = what.or_else(|| entry.text_at(&["title"]).map(str::to_owned));
    let what = what.or_else(|| ImagingStudy(entry).procedure_codes().find_map(concept));
    let what = what.or_else(|| ImagingStudy(entry).description().map(str::to_owned));
    let what = what.or_else(|| entry.kind().or_else(|| entry.reasons().next()).and_then(concept));
    let what =
        what.or_else(|| entry.items("type").iter().map(fhir::views::CodeableConcept).find_map(concept));
    let what = what.unwrap_or_else(|| entry.type_().unwrap_or_default().to_owned());
    let paths: [&[&str]; 8] = [
        &["effectiveDateTime"],
        &["onsetDateTime"],
        &["authoredOn"],
        &["occurrenceDateTime"],
        &["performedDateTime"],
        &["period", "start"],
        &["started"],
        &["date"],
    ];
    match paths.iter().find_map(|path| entry.text_at(path)) {
        Some(when) => format!("{what}, {}", when.get(..10).unwrap_or(when)),
        None => what,
    }
}

fn narrative(words: &[String], nothing: Option<&str>) -> Value {
    let lines = match nothing {
        Some(words) => format!("<p>{words}.</p>"),
        None => {
            let lines: Vec<String> = words.iter().map(|one| format!("<li>{}</li>", escape(one))).collect();
            format!("<ul>{}</ul>", lines.concat())
        }
    };
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{lines}</div>");
    Value::object([("status", Value::from("generated")), ("div", Value::from(div))])
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn key(one: &Value) -> Option<String> {
    Some(format!("{}/{}", one.type_()?, one.id()?))
}

fn address(key: &str) -> String {
    let (type_, id) = key.split_once('/').unwrap_or((key, ""));
    format!("urn:uuid:{}", identity::resource_id("copied", type_, &[id]))
}

/// Calls for every literal reference in a document.
pub(super) fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter() {
                match member.as_str().filter(|_| name == "reference") {
                    Some(literal) => found(literal),
                    None => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Points every reference to an entry of the document at its address there. A reference to anything else on this server keeps
/// its words and loses its target: whoever is given the copy cannot follow it, and the id of another person's entry is nobody
/// else's to carry about.
fn rewrite(value: &mut Value, addresses: &HashMap<String, String>) {
    match value {
        Value::Object(object) => {
            let literal = object.get("reference").and_then(Value::as_str).filter(|literal| is_local(literal));
            match literal.map(|literal| addresses.get(literal)) {
                Some(Some(address)) => {
                    object.insert("reference", Value::from(address.as_str()));
                }
                Some(None) => {
                    object.remove("reference");
                    if object.is_empty() {
                        object.insert("display", Value::from(say("record-copy-elsewhere")));
                    }
                }
                None => {}
            }
            object.iter_mut().for_each(|(_, member)| rewrite(member, addresses));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, addresses)),
        _ => {}
    }
}

/// Whether a reference is to something on this server: `Type/id`, and neither contained nor elsewhere.
fn is_local(literal: &str) -> bool {
    !literal.starts_with('#') && !literal.starts_with("urn:") && !literal.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn a_document_is_sound_and_stands_by_itself() {
        let person = read(r#"{"resourceType":"Patient","id":"p","name":[{"family":"Sample"}]}"#);
        let condition = read(
            r#"{"resourceType":"Condition","id":"c","code":{"text":"Asthma <b>& more</b>"},"onsetDateTime":"2020-05-01",
                "subject":{"reference":"Patient/p"},"recorder":{"reference":"Practitioner/d"},
                "asserter":{"reference":"Patient/another"},"encounter":{"reference":"Encounter/hidden","display":"A visit"}}"#,
        );
        let doctor = read(r#"{"resourceType":"Practitioner","id":"d"}"#);
        let chapters = [
            Chapter { title: "Health conditions", code: "11450-4", entries: Some(vec![condition]) },
            Chapter { title: "Allergies", code: "48765-2", entries: Some(Vec::new()) },
            Chapter { title: "Medicines", code: "10160-0", entries: None },
        ];
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let bundle = bundle(&Contents {
            person: &person,
            chapters: &chapters,
            named: std::slice::from_ref(&doctor),
            now,
        });
        let issues = fhir::validate::structural(&bundle);
        assert!(issues.is_empty(), "{issues:?}");
        let entries = bundle.items("entry");
        assert_eq!(entries.len(), 4);
        let composition = entries[0].get("resource").unwrap();
        assert_eq!(composition.type_(), Some("Composition"), "a document begins with its composition");
        let addresses: Vec<&str> = entries.iter().filter_map(|one| one.text_at(&["fullUrl"])).collect();
        references(&bundle, &mut |literal| assert!(addresses.contains(&literal), "{literal} leads out"));
        let copied = entries[2].get("resource").unwrap();
        assert_eq!(copied.text_at(&["asserter", "display"]), Some("Not part of this copy"));
        assert_eq!(copied.text_at(&["encounter", "display"]), Some("A visit"));
        let sections = composition.items("section");
        let shown = sections[0].text_at(&["text", "div"]).unwrap();
        assert!(shown.contains("Asthma &lt;b&gt;&amp; more&lt;/b&gt;, 2020-05-01"), "{shown}");
        assert!(sections[1].text_at(&["emptyReason", "text"]).unwrap().contains("No information"));
        assert!(sections[2].text_at(&["emptyReason", "text"]).unwrap().contains("not open"));
    }
}
