//! A resource made ready for its commit, away from the writer's thread: validated, taken apart for the indexes and
//! serialised around the place where `meta.versionId` and `meta.lastUpdated` go.

use crate::extract::{Derived, derive};
use crate::search::project;
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Object, Text, Value};

/// A resource ready to be written.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) type_: Text,
    /// The id the client gave.
    pub(crate) id: Option<Text>,
    /// Members of `meta` after the two of ours, each with its leading comma.
    pub(crate) meta: Vec<u8>,
    /// Members after `meta`, each with its leading comma, and the closing brace.
    pub(crate) tail: Vec<u8>,
    pub(crate) derived: Derived,
    /// Whether it says of itself that it is a part of a resource.
    pub(crate) is_part: bool,
}

impl Prepared {
    /// Makes a resource ready. `meta.versionId` and `meta.lastUpdated` are dropped, everything else is kept.
    ///
    /// # Errors
    /// What is wrong with the resource.
    pub fn new(resource: Value) -> Result<Self, Vec<Issue>> {
        let faults: Vec<Issue> =
            fhir::validate::structural(&resource).into_iter().filter(Issue::is_error).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let derived = derive(&resource);
        let is_part = project::is_part(&resource);
        let Value::Object(mut members) = resource else {
            return Err(vec![Issue::error(IssueCode::Structure, "a resource is a JSON object")]);
        };
        let type_ = match members.remove("resourceType") {
            Some(Value::String(name)) => name,
            _ => {
                return Err(vec![
                    Issue::error(IssueCode::Structure, "resourceType is missing").at("resourceType"),
                ]);
            }
        };
        let id = match members.remove("id") {
            None => None,
            Some(Value::String(id)) if is_id(&id) => Some(id),
            Some(_) => {
                let text = "an id is 1 to 64 letters, digits, '-' and '.'";
                return Err(vec![Issue::error(IssueCode::Value, text).at(format!("{type_}.id"))]);
            }
        };
        let meta = match members.remove("meta") {
            None => Vec::new(),
            Some(Value::Object(mut meta)) => {
                for ours in ["versionId", "lastUpdated", "_versionId", "_lastUpdated"] {
                    meta.remove(ours);
                }
                written(&meta)
            }
            Some(_) => {
                return Err(vec![
                    Issue::error(IssueCode::Structure, "meta is an object").at(format!("{type_}.meta")),
                ]);
            }
        };
        let mut tail = written(&members);
        tail.push(b'}');
        Ok(Self { type_, id, meta, tail, derived, is_part })
    }

    /// The resource type.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        &self.type_
    }

    /// The id the client gave.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Refuses a part of a resource, as a search or a read with `_elements` or `_summary` gives it: kept, it would stand over
    /// the whole, whose other elements would be gone.
    ///
    /// # Errors
    /// The reason, with its place in the resource.
    pub(crate) fn whole(&self) -> Result<(), Issue> {
        if !self.is_part {
            return Ok(());
        }
        let text = "this is a part of a resource (meta.tag has SUBSETTED, as _elements and _summary answer), and a part is \
                    not kept in place of the whole: read the whole, change that, and send it";
        Err(Issue::error(IssueCode::BusinessRule, text).at(format!("{}.meta.tag", self.type_)))
    }

    /// The served bytes of this resource under that id and version.
    pub(crate) fn served(&self, id: &str, version: u64, updated: jiff::Timestamp) -> Vec<u8> {
        use std::io::Write as _;
        let mut json = Vec::with_capacity(128 + self.meta.len() + self.tail.len());
        let (type_, meta) = (&self.type_, &self.meta);
        // Writing to a vector cannot fail; ids and type names need no escapes.
        let _ = write!(
            json,
            r#"{{"resourceType":"{type_}","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{updated:.6}""#
        );
        json.extend_from_slice(meta);
        json.push(b'}');
        json.extend_from_slice(&self.tail);
        json
    }
}

/// Whether the text is a FHIR id (<https://hl7.org/fhir/R4/datatypes.html#id>).
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

/// The members of an object without its braces, each with a leading comma.
fn written(members: &Object) -> Vec<u8> {
    if members.is_empty() {
        return Vec::new();
    }
    let mut bytes = fhir::json::to_vec(&Value::Object(members.clone()));
    bytes.pop();
    if let Some(brace) = bytes.first_mut() {
        *brace = b',';
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, canonical, parse};

    #[test]
    fn keeps_everything_but_the_version() {
        let text =
            br#"{"id":"a","resourceType":"Basic","meta":{"versionId":"9","tag":[{"code":"x"}]},"code":{"text":"c"},"extension":[{"url":"http://e","valueDecimal":1.00}]}"#;
        let prepared = Prepared::new(parse(text, &Limits::default()).unwrap()).unwrap();
        let served = prepared.served("b", 3, jiff::Timestamp::UNIX_EPOCH);
        let expected = br#"{"resourceType":"Basic","id":"b","code":{"text":"c"},
            "extension":[{"url":"http://e","valueDecimal":1.00}],
            "meta":{"versionId":"3","lastUpdated":"1970-01-01T00:00:00.000000Z","tag":[{"code":"x"}]}}"#;
        let canonical = |bytes: &[u8]| canonical(&parse(bytes, &Limits::default()).unwrap());
        assert_eq!(canonical(&served), canonical(expected));
    }

    #[test]
    fn refuses_what_is_no_resource() {
        for text in [
            "[]",
            "{}",
            r#"{"resourceType":1}"#,
            r#"{"resourceType":"Basic","id":"a b","code":{"text":"c"}}"#,
            r#"{"resourceType":"Basic","code":{"text":"c"},"nonsense":1}"#,
        ] {
            let value = parse(text.as_bytes(), &Limits::default()).unwrap();
            assert!(Prepared::new(value).is_err(), "{text}");
        }
    }
}
