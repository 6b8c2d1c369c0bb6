//! Parts of a resource: `_summary` and `_elements` (<https://hl7.org/fhir/R4/search.html#summary>), marked SUBSETTED.
//!
//! Mandatory elements, `id`, `meta` and elements that can change the meaning of the rest always stay. What is so marked is
//! never written: see [`crate::Prepared`].

use fhir::definitions::{ElementDef, definitions};
use fhir::json::{Object, Value};
use fhir::search::{Query, Summary};

/// Whether the query wants less than whole resources.
pub(crate) fn projects(query: &Query) -> bool {
    !query.elements.is_empty() || !matches!(query.summary, Summary::False | Summary::Count)
}

/// The part of a resource that the query wants.
pub(crate) fn project(query: &Query, resource: &Value) -> Value {
    let (Some(object), Some(name)) = (resource.as_object(), resource.text_at(&["resourceType"])) else {
        return resource.clone();
    };
    let of_match = name == query.resource_type;
    let keep = |element: &ElementDef| {
        let always = element.min > 0 || element.modifier || matches!(element.stem(), "id" | "meta");
        let by_summary = match query.summary {
            Summary::True => element.summary,
            Summary::Text => element.stem() == "text",
            Summary::Data => element.stem() != "text",
            Summary::False | Summary::Count => true,
        };
        let by_name = query.elements.is_empty()
            || !of_match
            || query.elements.iter().any(|wanted| wanted == element.stem() || wanted == element.name);
        always || (by_summary && by_name)
    };
    let mut kept = pick(object, name, &keep);
    if query.summary == Summary::True {
        nested(&mut kept, name);
    }
    kept.insert("meta", subsetted(object.get("meta")));
    Value::Object(kept)
}

fn pick(object: &Object, type_name: &str, keep: &dyn Fn(&ElementDef) -> bool) -> Object {
    let wanted = object.iter().filter(|(member, value)| {
        *member == "resourceType"
            || definitions().resolve(type_name, member).is_some_and(|(element, _)| {
                keep(element) && (value.as_array().is_none_or(|items| !items.is_empty()))
            })
    });
    Object::of(wanted.map(|(member, value)| (member, value.clone())))
}

/// Within backbone elements only what is marked as summary, or mandatory, stays.
fn nested(object: &mut Object, type_name: &str) {
    for (member, value) in object.iter_mut() {
        let Some((_, inner)) = definitions().resolve(type_name, member) else { continue };
        if !inner.contains('.') {
            continue;
        }
        let summary = |element: &ElementDef| element.summary || element.min > 0 || element.modifier;
        let narrow = |value: &mut Value| {
            if let Value::Object(part) = value {
                *part = pick(part, inner, &summary);
                nested(part, inner);
            }
        };
        match value {
            Value::Array(items) => items.iter_mut().for_each(narrow),
            single => narrow(single),
        }
    }
}

/// The code system of SUBSETTED.
const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
/// The same before R4.
const SYSTEM_BEFORE: &str = "http://hl7.org/fhir/v3/ObservationValue";
const CODE: &str = "SUBSETTED";

/// Whether a document is marked as a part of a resource, by us or by another server.
pub(crate) fn is_part(document: &Value) -> bool {
    let tags = document.get("meta").map(|meta| meta.items("tag")).unwrap_or_default();
    tags.iter().any(|tag| {
        let system = tag.text_at(&["system"]);
        tag.text_at(&["code"]) == Some(CODE)
            && system.is_none_or(|system| [SYSTEM, SYSTEM_BEFORE].contains(&system))
    })
}

fn subsetted(meta: Option<&Value>) -> Value {
    let mut meta = meta.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut tags = meta.get("tag").and_then(Value::as_array).unwrap_or_default().to_vec();
    tags.push(Value::object([("system", Value::from(SYSTEM)), ("code", Value::from(CODE))]));
    meta.insert("tag", Value::Array(tags));
    Value::Object(meta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse, to_string};
    use fhir::search::Handling;

    fn part(pair: (&str, &str)) -> String {
        let patient = r#"{"resourceType":"Patient","id":"1","meta":{"versionId":"1"},"text":{"status":"empty"},"active":true,"name":[{"family":"A"}],"maritalStatus":{"text":"x"},"contact":[{"gender":"female"}],"communication":[{"language":{"text":"y"}}]}"#;
        let pairs = [(pair.0.to_owned(), pair.1.to_owned())];
        let query = Query::parse("Patient", &pairs, Handling::Strict).unwrap().query;
        let whole = parse(patient.as_bytes(), &Limits::default()).unwrap();
        to_string(&project(&query, &whole))
    }

    const META: &str = r#""meta":{"versionId":"1","tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}"#;

    #[test]
    fn keeps_the_part_that_was_asked_for() {
        let table = [
            (
                ("_elements", "name"),
                format!(
                    r#"{{"resourceType":"Patient","id":"1",{META},"active":true,"name":[{{"family":"A"}}]}}"#
                ),
            ),
            (
                ("_summary", "true"),
                format!(
                    r#"{{"resourceType":"Patient","id":"1",{META},"active":true,"name":[{{"family":"A"}}]}}"#
                ),
            ),
            (
                ("_summary", "text"),
                format!(
                    r#"{{"resourceType":"Patient","id":"1",{META},"text":{{"status":"empty"}},"active":true}}"#
                ),
            ),
            (
                ("_summary", "data"),
                format!(
                    r#"{{"resourceType":"Patient","id":"1",{META},"active":true,"name":[{{"family":"A"}}],"maritalStatus":{{"text":"x"}},"contact":[{{"gender":"female"}}],"communication":[{{"language":{{"text":"y"}}}}]}}"#
                ),
            ),
        ];
        for (pair, expected) in table {
            assert_eq!(part(pair), expected, "{pair:?}");
        }
    }
}
