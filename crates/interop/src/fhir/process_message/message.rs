//! A message bundle: its header first, its parts found by their addresses (<https://hl7.org/fhir/R4/messaging.html>).

use crate::fhir::refusal::Refusal;
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Object, Text, Value};
use fhir::systems::DATA_ABSENT_REASON_EXTENSION;
use fhir::time::{DateTime, Kind, default_zone};
use fhir::views::{HumanName, Reference, Resource, build};
use jiff::Timestamp;

/// A message whose first entry is a header.
pub(crate) struct Message(Value);

impl Message {
    /// Takes a document that is a message.
    pub fn read(bundle: Value) -> Result<Self, Refusal> {
        let refuse =
            |text: &str, at: &str| Err(Refusal::bad_request(Issue::error(IssueCode::Structure, text).at(at)));
        if (&bundle).type_() != Some("Bundle") || bundle.text_at(&["type"]) != Some("message") {
            return refuse("a message is a Bundle of type message", "Bundle.type");
        }
        let message = Self(bundle);
        if message.header().type_() != Some("MessageHeader") {
            return refuse("the first entry of a message is its MessageHeader", "Bundle.entry[0]");
        }
        Ok(message)
    }

    /// The header.
    pub fn header(&self) -> &Value {
        static NONE: Value = Value::Null;
        self.0.items("entry").first().and_then(|entry| entry.get("resource")).unwrap_or(&NONE)
    }

    /// The code of its event.
    pub fn event(&self) -> Option<&str> {
        self.header().text_at(&["eventCoding", "code"])
    }

    /// Its id: that of the bundle's identifier, which stays the same when it is sent again.
    pub fn id(&self) -> Option<&str> {
        self.0.text_at(&["identifier", "value"])
    }

    /// The id of the bundle itself.
    pub fn bundle_id(&self) -> Option<&str> {
        self.0.text_at(&["id"])
    }

    /// Under which address a resource of the message stands in it.
    pub fn address(&self, resource: &Value) -> Option<&str> {
        let is_it = |entry: &&Value| entry.get("resource").is_some_and(|one| std::ptr::eq(one, resource));
        self.0.items("entry").iter().find(is_it)?.text_at(&["fullUrl"])
    }

    /// When it was made, as far as the bundle says.
    pub fn timestamp(&self) -> Option<Timestamp> {
        let updated = || self.0.text_at(&["meta", "lastUpdated"]);
        moment(self.0.text_at(&["timestamp"]).or_else(updated)?)
    }

    /// Its resources of a type.
    pub fn resources(&self, type_: &str) -> impl Iterator<Item = &Value> {
        let resources = self.0.items("entry").iter().filter_map(|entry| entry.get("resource"));
        resources.filter(move |one| one.type_() == Some(type_))
    }

    /// The resource that a reference points to, by its address or by type and id.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        let of_entry = |entry: &&Value| {
            let resource = entry.get("resource");
            let by_id = || {
                let resource = resource?;
                Some(format!("{}/{}", resource.type_()?, resource.id()?) == reference)
            };
            entry.text_at(&["fullUrl"]) == Some(reference) || by_id() == Some(true)
        };
        self.0.items("entry").iter().find(of_entry)?.get("resource")
    }

    /// A resource without its id and without references into the message: each is replaced by the identifier and the
    /// name of what it pointed to, so that the resource can stand alone.
    pub fn alone(&self, resource: &Value) -> Value {
        let mut alone = self.logical(resource, resource);
        if let Some(members) = alone.as_object_mut() {
            for inner in ["id", "meta", "contained", "text"] {
                members.remove(inner);
            }
        }
        alone
    }

    fn logical(&self, value: &Value, root: &Value) -> Value {
        match value {
            Value::Array(items) => Value::Array(items.iter().map(|one| self.logical(one, root)).collect()),
            Value::Object(members) => {
                let inside =
                    |text: &&str| text.starts_with("urn:") || text.starts_with('#') || text.contains('/');
                match value.text_at(&["reference"]).filter(inside) {
                    Some(reference) => self.identified(value, reference, root),
                    None => Value::Object(self.members(members, root)),
                }
            }
            other => other.clone(),
        }
    }

    fn members(&self, members: &Object, root: &Value) -> Object {
        let mut out = Object::new();
        for (name, value) in members.iter() {
            let medicine = || {
                let target = self.target(value.text_at(&["reference"])?, root)?;
                (name == "medicationReference").then(|| target.get("code").cloned())?
            };
            match medicine() {
                Some(code) => out.insert("medicationCodeableConcept", code),
                None => out.insert(name, self.logical(value, root)),
            };
        }
        out
    }

    fn target<'a>(&'a self, reference: &str, root: &'a Value) -> Option<&'a Value> {
        let mut contained = root.items("contained").iter();
        match reference.strip_prefix('#') {
            Some(id) => contained.find(|one| one.id() == Some(id)),
            None => self.resolve(reference),
        }
    }

    /// A reference by what its target is called, not by where it stands; of one that says nothing of itself, that nothing is known.
    fn identified(&self, known: &Value, reference: &str, root: &Value) -> Value {
        let target = self.target(reference, root);
        let practitioner = target.and_then(|one| one.get("practitioner"));
        // A role is known by the person in it.
        let person = practitioner.map(|one| match one.text_at(&["reference"]) {
            Some(reference) => self.target(reference, root).map_or_else(|| one.clone(), named),
            None => one.clone(),
        });
        let said = person.or_else(|| target.map(named)).unwrap_or(Value::Null);
        let member = |name: &str| known.get(name).or_else(|| said.get(name)).cloned();
        let (identifier, display) = (member("identifier"), member("display"));
        // Whoever shows it says that there is no name, in the words of whoever reads.
        let unknown = identifier.is_none() && display.is_none();
        let absent = || {
            build::one(build::extension(DATA_ABSENT_REASON_EXTENSION, "valueCode", Value::from("unknown")))
        };
        build::object([("extension", unknown.then(absent)), ("identifier", identifier), ("display", display)])
    }
}

/// Identifier and name of a resource, as a reference has them.
pub(crate) fn named(resource: &Value) -> Value {
    let person = resource.items("name").first().map(|name| {
        let prefix = name.items("prefix").iter().filter_map(Value::as_str);
        let name = HumanName(name);
        let parts: Vec<&str> = prefix.chain(name.given()).chain(name.family()).collect();
        parts.join(" ")
    });
    let person = person.filter(|name| !name.is_empty()).map(Value::from);
    let name = person.or_else(|| resource.name_text().map(Value::from));
    build::object([("identifier", resource.items("identifier").first().cloned()), ("display", name)])
}

/// A moment as FHIR writes it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let read = DateTime::parse(Kind::DateTime, text)?;
    Timestamp::from_microsecond(read.range(default_zone()).0).ok()
}

/// The code of the first coding of a concept, of that system.
pub(crate) fn code<'a>(concept: &'a Value, system: &str) -> Option<&'a str> {
    let mut codings = concept.items("coding").iter();
    codings.find(|one| one.text_at(&["system"]) == Some(system))?.text_at(&["code"])
}

/// The value of an identifier of that system, among several or alone.
pub(crate) fn identifier<'a>(resource: &'a Value, member: &str, system: &str) -> Option<&'a str> {
    let known = resource.get(member)?;
    let all = known.as_array().unwrap_or(std::slice::from_ref(known));
    let of_system = |one: &&Value| {
        one.text_at(&["system"]).is_some_and(|known| fhir::systems::same_system(known, system))
    };
    all.iter().find(of_system)?.text_at(&["value"])
}

/// Where a reference points by identifier, of that system.
pub(crate) fn referred<'a>(reference: Reference<'a>, system: &str) -> Option<&'a str> {
    reference.identifier().filter(|one| one.is_of(system))?.identifier()
}

/// A text of a document.
pub(crate) fn text(words: &str) -> Value {
    Value::String(Text::from(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_given_none() {
        let read = |text: &str| fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let message = Message(read(
            r#"{"resourceType":"Bundle","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Practitioner","identifier":[{"value":"G1"}],"name":[{"use":"usual"}]}},
            {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Organization","name":"Clinic"}}]}"#,
        ));
        let request = read(
            r#"{"requester":{"reference":"urn:uuid:1"},"performer":[{"reference":"urn:uuid:2"},
            {"reference":"urn:uuid:3"},{"reference":"urn:uuid:3","display":"Dr A"}]}"#,
        );
        let expected = read(
            r#"{"requester":{"identifier":{"value":"G1"}},"performer":[{"display":"Clinic"},
            {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},
            {"display":"Dr A"}]}"#,
        );
        assert_eq!(message.alone(&request), expected);
    }
}
