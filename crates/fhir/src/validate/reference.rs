//! The shape of literal references (<https://hl7.org/fhir/R4/references.html#literal>).
//!
//! Whether the target exists is the store's question; this looks at the text alone.

use super::primitive::{is_id, is_oid, is_uuid};
use crate::definitions::{ElementDef, definitions};

/// What is wrong with the text of `Reference.reference`.
pub(super) fn fault(text: &str) -> Option<&'static str> {
    const SHAPE: &str = "is not a relative, absolute, contained, conditional or urn reference";
    if let Some(id) = text.strip_prefix('#') {
        return (!id.is_empty() && !is_id(id)).then_some("names no possible contained resource");
    }
    if let Some(uuid) = text.strip_prefix("urn:uuid:") {
        return (!is_uuid(&uuid.to_ascii_lowercase())).then_some("is not a urn:uuid");
    }
    if let Some(oid) = text.strip_prefix("urn:oid:") {
        return (!is_oid(oid)).then_some("is not a urn:oid");
    }
    if text.starts_with("urn:")
        || text.split_once("://").is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
    {
        return None;
    }
    let Some(type_name) = relative_type(text) else { return Some(SHAPE) };
    (!definitions().is_resource(type_name)).then_some("names no resource type of R4")
}

/// Whether a relative reference names a type that the element does not list. Published records do so often enough
/// (six of the official examples) that it is worth a warning and no more.
pub(super) fn is_of_other_type(element: &ElementDef, text: &str) -> bool {
    let Some(type_name) = relative_type(text).filter(|t| definitions().is_resource(t)) else { return false };
    let mut targets = element.targets().peekable();
    targets.peek().is_some() && !targets.any(|t| t == "Resource" || t == type_name)
}

/// The type in `Type/id`, `Type/id/_history/version` or `Type?criteria`.
fn relative_type(text: &str) -> Option<&str> {
    if let Some((type_name, criteria)) = text.split_once('?') {
        return (!criteria.is_empty()).then_some(type_name);
    }
    let mut parts = text.split('/');
    let type_name = parts.next()?;
    let sound = is_id(parts.next()?)
        && match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => true,
            (Some("_history"), Some(version), None) => is_id(version),
            _ => false,
        };
    sound.then_some(type_name)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_the_shapes() {
        for (text, sound) in [
            ("Patient/1", true),
            ("Patient/1/_history/2", true),
            ("Patient?identifier=x|1", true),
            ("#p", true),
            ("#", true),
            ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", true),
            ("urn:oid:1.2.3", true),
            ("https://example.org/fhir/Patient/1", true),
            ("Patients/1", false),
            ("Patient/", false),
            ("Patient/a b", false),
            ("Patient/1/2", false),
            ("Patient?", false),
            ("Patient", false),
            ("urn:uuid:1", false),
            ("://x", false),
            ("#a b", false),
        ] {
            assert_eq!(fault(text).is_none(), sound, "{text}");
        }
    }
    #[test]
    fn knows_the_types_that_may_stand_on_an_element() {
        let subject = definitions().element("Encounter", "subject").unwrap();
        assert!(is_of_other_type(subject, "Practitioner/1"));
        assert!(!is_of_other_type(subject, "Group/1/_history/1"));
        assert!(!is_of_other_type(subject, "https://example.org/Practitioner/1"));
        let focus = definitions().element("Observation", "focus").unwrap();
        assert!(!is_of_other_type(focus, "Practitioner/1"));
    }
}
