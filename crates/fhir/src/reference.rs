//! A literal reference taken apart (<https://hl7.org/fhir/R4/references.html#literal>). Nothing is fetched.

use crate::definitions::definitions;

/// What a reference's text points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'t> {
    /// `#id`: a resource contained in the same one; `#` alone is the container.
    Contained(&'t str),
    /// `Patient/1`, or an absolute URL that ends like that.
    Resource {
        /// What stands before the type, without the final slash; empty when relative.
        base: &'t str,
        /// The type of the resource.
        type_: &'static str,
        /// Its id.
        id: &'t str,
        /// The version, after `/_history/`.
        version: Option<&'t str>,
    },
    /// Anything else: a `urn:`, a canonical URL, or text that is no reference.
    Other(&'t str),
}

/// Reads a reference.
#[must_use]
pub fn parse(text: &str) -> Target<'_> {
    if let Some(id) = text.strip_prefix('#') {
        return Target::Contained(id);
    }
    let (rest, version) = match text.split_once("/_history/") {
        Some((rest, version)) => (rest, Some(version)),
        None => (text, None),
    };
    let resource = || {
        let (front, id) = rest.rsplit_once('/')?;
        let (base, name) = front.rsplit_once('/').unwrap_or(("", front));
        let absolute = base.starts_with("http://") || base.starts_with("https://");
        let type_ = definitions().type_(name).filter(|t| definitions().is_resource(t.name))?;
        (is_id(id) && (base.is_empty() && !front.starts_with('/') || absolute))
            .then_some((base, type_.name, id))
    };
    match resource() {
        Some((base, type_, id)) => Target::Resource { base, type_, id, version },
        None => Target::Other(text),
    }
}

/// Whether a text can be the id of a resource (<https://hl7.org/fhir/R4/datatypes.html#id>).
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_references_apart() {
        let resource = |base, id, version| Target::Resource { base, type_: "Patient", id, version };
        assert_eq!(parse("Patient/1"), resource("", "1", None));
        assert_eq!(parse("Patient/1/_history/2"), resource("", "1", Some("2")));
        assert_eq!(parse("http://a.b/fhir/Patient/1"), resource("http://a.b/fhir", "1", None));
        assert_eq!(parse("#p1"), Target::Contained("p1"));
        for other in [
            "urn:uuid:1",
            "http://a.b/ValueSet",
            "Nope/1",
            "Patient/",
            "/Patient/1",
            "",
            "Patient/a b",
            "Patient?identifier=1",
        ] {
            assert_eq!(parse(other), Target::Other(other));
        }
    }
}
