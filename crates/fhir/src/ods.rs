//! Codes of the Organisation Data Service: who an organisation or a site is
//! (<https://digital.nhs.uk/services/organisation-data-service>).
//!
//! A code has no check digit, so only its form is judged. Codes are never reused, but organisations close and merge:
//! a record keeps the code of its day.

use crate::json::Text;

/// Three to twelve upper-case letters and digits: trust `R0A`, site `RAJ01`, practice `A83008`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OdsCode(Text);

impl OdsCode {
    /// Reads a code, trimmed and put in upper case; `None` when its form is not that of a code.
    #[must_use]
    pub fn parse(entry: &str) -> Option<Self> {
        let code = entry.trim().to_ascii_uppercase();
        Self::is_valid(&code).then(|| Self(code.into()))
    }

    /// Whether the text has the form of a code as it is.
    #[must_use]
    pub fn is_valid(code: &str) -> bool {
        (3..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trust that a five-character hospital site code belongs to: its first three characters. Other codes
    /// say nothing about their parent.
    #[must_use]
    pub fn trust_of_site(&self) -> Option<Self> {
        let hospital = self.0.len() == 5 && self.0.starts_with('R');
        hospital.then(|| self.0.get(..3).map(|trust| Self(trust.into())))?
    }
}

impl std::fmt::Display for OdsCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_of_every_length() {
        for (entry, expected) in [
            ("R0A", Some("R0A")),
            (" raj01 ", Some("RAJ01")),
            ("A83008", Some("A83008")),
            ("R0", None),
            ("R0A-1", None),
            ("R0Å", None),
            ("ABCDEFGHIJKLM", None),
            ("", None),
        ] {
            assert_eq!(OdsCode::parse(entry).as_ref().map(OdsCode::as_str), expected, "{entry:?}");
        }
        assert!(!OdsCode::is_valid("r0a"));
    }

    #[test]
    fn a_hospital_site_names_its_trust() {
        let trust = |code: &str| OdsCode::parse(code).unwrap().trust_of_site().map(|t| t.to_string());
        assert_eq!(trust("RAJ01"), Some("RAJ".to_owned()));
        assert_eq!(trust("FA123"), None);
        assert_eq!(trust("A83008"), None);
    }
}
