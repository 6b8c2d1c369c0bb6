//! Labels of confidentiality (`meta.security`, <https://hl7.org/fhir/R4/security-labels.html>) on what the house writes. What
//! is said about something sensitive is as sensitive; what a person is told about those who act for them or looked at
//! their record is restricted to that person. Whoever acts for them is kept from it by the store.

use fhir::json::{Object, Text, Value};
use fhir::views::build;

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// The document as nobody reads it who acts for its person.
pub(crate) fn restricted(document: Value) -> Value {
    with(document, &[build::coding(CONFIDENTIALITY, "R", "restricted")])
}

/// The document with every label of another that it is about.
pub(crate) fn inherited(document: Value, about: &Value) -> Value {
    let labels = about.at(&["meta"]).map(|meta| meta.items("security")).unwrap_or_default();
    with(document, labels)
}

fn with(mut document: Value, labels: &[Value]) -> Value {
    let own = document.at(&["meta"]).map(|meta| meta.items("security")).unwrap_or_default();
    let new: Vec<Value> = labels.iter().filter(|label| !own.contains(label)).cloned().collect();
    if new.is_empty() {
        return document;
    }
    let all: Vec<Value> = own.iter().cloned().chain(new).collect();
    if let Some(members) = document.as_object_mut() {
        let mut meta = match members.remove("meta") {
            Some(Value::Object(meta)) => meta,
            _ => Object::new(),
        };
        meta.insert(Text::from("security"), Value::Array(all));
        members.insert(Text::from("meta"), Value::Object(meta));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    fn read(text: &str) -> Value {
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn labels_are_added_once_and_nothing_else_changes() {
        let about = read(r#"{"meta":{"security":[{"code":"SEX"},{"code":"R"}],"versionId":"4"}}"#);
        let plain = read(r#"{"resourceType":"Basic","meta":{"tag":[{"code":"due"}]},"id":"a"}"#);
        let once = inherited(plain.clone(), &about);
        assert_eq!(inherited(once.clone(), &about), once);
        let meta = once.at(&["meta"]).unwrap();
        assert_eq!((meta.items("security").len(), meta.items("tag").len()), (2, 1));
        assert_eq!(meta.get("versionId"), None, "of another's meta only the labels are taken");
        assert_eq!(inherited(plain.clone(), &read("{}")), plain);
        assert_eq!(restricted(restricted(plain)).at(&["meta"]).unwrap().items("security").len(), 1);
    }
}
