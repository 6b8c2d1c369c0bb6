//! Letters, summaries and other documents (<https://hl7.org/fhir/R4/documentreference.html>,
//! <https://hl7.org/fhir/R4/composition.html>).

use super::Resource;
use super::read::text;
use crate::json::Value;

/// A document that is kept somewhere (DocumentReference).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a>(pub &'a Value);

/// A document made of sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composition<'a>(pub &'a Value);

/// A file, in place or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment<'a>(pub &'a Value);

/// A part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentSection<'a>(pub &'a Value);

impl<'a> Resource<'a> for Document<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Resource<'a> for Composition<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> Document<'a> {
    /// A sentence about it.
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        text(self.0, "description")
    }

    /// Its files.
    pub fn attachments(self) -> impl Iterator<Item = Attachment<'a>> {
        self.0.items("content").iter().filter_map(|one| one.get("attachment")).map(Attachment)
    }
}

impl<'a> Composition<'a> {
    /// Its title.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, "title")
    }

    /// Its sections, outermost ones.
    pub fn sections(self) -> impl Iterator<Item = DocumentSection<'a>> {
        self.0.items("section").iter().map(DocumentSection)
    }
}

impl<'a> Attachment<'a> {
    /// Its title.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, "title")
    }

    /// Its media type.
    #[must_use]
    pub fn content_type(self) -> Option<&'a str> {
        text(self.0, "contentType")
    }

    /// Its bytes in base64, when they are in place.
    #[must_use]
    pub fn inline(self) -> Option<&'a str> {
        text(self.0, "data")
    }

    /// The id of the Binary beside it that holds its bytes, when it names one.
    #[must_use]
    pub fn binary(self) -> Option<&'a str> {
        let id = text(self.0, "url")?.strip_prefix("Binary/")?;
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'.');
        (!id.is_empty() && id.bytes().all(plain)).then_some(id)
    }

    /// How many bytes it is said to have.
    #[must_use]
    pub fn size(self) -> Option<usize> {
        self.0.get("size")?.as_number()?.as_str().parse().ok()
    }
}

impl<'a> DocumentSection<'a> {
    /// Its heading.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, "title")
    }

    /// Its narrative, which is XHTML.
    #[must_use]
    pub fn narrative(self) -> Option<&'a str> {
        text(self.0.get("text")?, "div")
    }
}
