//! Pages on self-care and on conditions: short texts as data, checked when they are loaded, each with the day of its review.
//!
//! The texts in this crate are a demonstration and say so; a deployer's own take their place. Nothing here is about any one
//! person, and nothing needs the record.

use crate::services;
use serde::Deserialize;

/// What a library is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Whether it is a demonstration that must not be used for care. Every page then says so.
    pub demonstration: bool,
    /// Who wrote it and who stands for it.
    pub source: String,
}

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What one can do oneself.
    SelfCare,
    /// Living with a condition that one knows of.
    Condition,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Paragraphs.
    #[serde(default)]
    pub text: Vec<String>,
    /// Lines of a list.
    #[serde(default)]
    pub list: Vec<String>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its id, which stands in addresses.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Its heading.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// When a person last read all of it, `YYYY-MM-DD`.
    pub reviewed: String,
    /// When it is to be read again.
    pub next_review: String,
    /// Its parts.
    pub sections: Vec<Section>,
    /// When to get help, and which.
    pub worse: Vec<String>,
    /// Kinds of service that help.
    #[serde(default)]
    pub services: Vec<services::Kind>,
}

/// Every page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    library: About,
    #[serde(default, rename = "topic")]
    topics: Vec<Topic>,
}

/// Why a library is refused.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is larger than any library should be.
    #[error("the self-care pages are larger than {} MiB", LIMIT_BYTES >> 20)]
    TooLarge,
    /// It is not TOML, or a key is unknown, missing or of the wrong kind.
    #[error("the self-care pages cannot be read: {0}")]
    Malformed(#[from] toml::de::Error),
    /// It can be read, and breaks rules: all of them are named.
    #[error("the self-care pages are refused:\n  {}", .0.join("\n  "))]
    Broken(Vec<String>),
}

/// A library may be this large.
const LIMIT_BYTES: usize = 8 << 20;

impl Library {
    /// Reads and checks a library.
    ///
    /// # Errors
    /// [`LoadError`] names every rule that it breaks, with the place.
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        if text.len() > LIMIT_BYTES {
            return Err(LoadError::TooLarge);
        }
        let library: Self = toml::from_str(text)?;
        let faults = library.faults();
        if faults.is_empty() { Ok(library) } else { Err(LoadError::Broken(faults)) }
    }

    /// The demonstration pages of this crate.
    ///
    /// # Errors
    /// Never, as a test shows.
    pub fn demonstration() -> Result<Self, LoadError> {
        Self::parse(include_str!("../../pathways/advice.toml"))
    }

    /// What it is.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.library
    }

    /// The pages of a kind, by title.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Vec<&Topic> {
        let mut topics: Vec<&Topic> = self.topics.iter().filter(|topic| topic.kind == kind).collect();
        topics.sort_by(|a, b| a.title.cmp(&b.title));
        topics
    }

    /// A page.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (at, topic) in self.topics.iter().enumerate() {
            let mut add = |what: &str| faults.push(format!("topic {}: {what}", topic.id));
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if topic.id.is_empty() || topic.id.len() > 60 || !topic.id.bytes().all(plain) {
                add("its id must be 1 to 60 small letters, digits and hyphens");
            }
            if self.topics.iter().take(at).any(|other| other.id == topic.id) {
                add("stands there twice");
            }
            let texts = [&topic.title, &topic.summary].into_iter().chain(&topic.worse);
            if texts.chain(topic.sections.iter().map(|one| &one.heading)).any(|text| text.trim().is_empty()) {
                add("a text is empty");
            }
            if topic.worse.is_empty() {
                add("does not say when to get help");
            }
            if topic.sections.iter().any(|one| one.text.is_empty() && one.list.is_empty()) {
                add("a section says nothing");
            }
            let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
            match (day(&topic.reviewed), day(&topic.next_review)) {
                (Some(reviewed), Some(next)) if reviewed < next => {}
                _ => add("needs the day of its review and a later day of the next, as YYYY-MM-DD"),
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Pathways;

    #[test]
    fn the_demonstration_pages_keep_every_rule() {
        let library = Library::demonstration().unwrap();
        assert!(library.about().demonstration);
        assert!(library.of(Kind::SelfCare).len() >= 6 && library.of(Kind::Condition).len() >= 3);
    }

    #[test]
    fn the_demonstration_outcomes_name_pages_that_exist() {
        let (set, library) = (Pathways::demonstration().unwrap(), Library::demonstration().unwrap());
        for outcome in set.outcomes() {
            for id in &outcome.advice {
                assert!(library.topic(id).is_some(), "outcome {} names {id}", outcome.id);
            }
        }
    }

    #[test]
    fn faults_are_named() {
        let text = include_str!("../../pathways/advice.toml");
        let cases = [
            ("id = \"back-pain\"", "id = \"hay-fever\"", "topic hay-fever: stands there twice"),
            (
                "next_review = \"2027-11-20\"",
                "next_review = \"2025-11-20\"",
                "topic high-temperature: needs the day",
            ),
            ("title = \"Hay fever\"", "title = \" \"", "topic hay-fever: a text is empty"),
            (
                "{ heading = \"If it lasts\", text = [",
                "{ heading = \"If it lasts\", list = [], text = [], x = [",
                "unknown field",
            ),
        ];
        for (from, to, expected) in cases {
            let error = Library::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
