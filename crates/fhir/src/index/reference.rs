//! References and canonicals (<https://hl7.org/fhir/R4/search.html#reference>).

use super::entry::{Entries, IndexValue};
use super::walk::Leaf;
use crate::json::{Text, Value};
use crate::reference::{self, Target};

/// Appends a reference, a canonical, or a resource that stands in the place of a reference.
pub(super) fn append(leaf: &Leaf<'_>, resource: &Value, entries: &mut Entries) {
    match leaf.value {
        Value::String(text) => entries.push(canonical(text)),
        value if value.get("resourceType").is_some() => {
            if let Some(id) = value.get("id").and_then(Value::as_str) {
                let type_ = value.get("resourceType").and_then(Value::as_str);
                entries.push(pointing(type_, id, None, None, None));
            }
        }
        value if leaf.type_ == "Reference" => {
            if let Some(entry) = literal_or_logical(value, resource) {
                entries.push(entry);
            }
        }
        _ => {}
    }
}

/// The id of a patient that the leaf points at by a relative reference.
pub(super) fn local_patient<'a>(leaf: &Leaf<'a>) -> Option<&'a str> {
    match reference::parse(leaf.value.get("reference")?.as_str()?) {
        Target::Resource { base: "", type_: "Patient", id, .. } => Some(id),
        _ => None,
    }
}

fn literal_or_logical(value: &Value, resource: &Value) -> Option<IndexValue> {
    let identifier = value.get("identifier").and_then(|identifier| {
        let text = |name: &str| identifier.get(name).and_then(Value::as_str);
        Some((text("system").map(Text::new), Text::new(text("value")?)))
    });
    let declared = value.get("type").and_then(Value::as_str);
    let Some(text) = value.get("reference").and_then(Value::as_str) else {
        identifier.as_ref()?;
        return Some(pointing(declared, "", None, None, identifier));
    };
    Some(match reference::parse(text) {
        Target::Resource { base, type_, id, version } => {
            pointing(Some(type_), id, version, (!base.is_empty()).then_some(text), identifier)
        }
        Target::Contained(id) => {
            let mut contained = resource.items("contained").iter();
            let found =
                contained.find(|c| c.text_at(&["id"]) == Some(id)).and_then(|c| c.text_at(&["resourceType"]));
            pointing(found.or(declared), text, None, None, identifier)
        }
        Target::Other(_) => pointing(declared, text, None, text.contains(':').then_some(text), identifier),
    })
}

fn canonical(text: &str) -> IndexValue {
    if let Target::Resource { base, type_, id, version } = reference::parse(text)
        && base.is_empty()
    {
        return pointing(Some(type_), id, version, None, None);
    }
    let (url, version) = match text.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (text, None),
    };
    pointing(None, url, version, Some(url), None)
}

fn pointing(
    type_: Option<&str>,
    id: &str,
    version: Option<&str>,
    url: Option<&str>,
    identifier: Option<(Option<Text>, Text)>,
) -> IndexValue {
    IndexValue::Reference {
        type_: type_.map(Text::new),
        id: Text::new(id),
        version: version.map(Text::new),
        url: url.map(Text::new),
        identifier,
    }
}
