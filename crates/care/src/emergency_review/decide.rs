//! What a privacy officer may find about an emergency access. Pure.

use super::accesses::Span;
use super::document::Review;
use catalogue::say;

/// Characters that the officer writes to the person.
pub const WORDS_MAX: usize = 500;

/// What came of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It was right to open the record.
    Justified,
    /// It was not.
    NotJustified,
    /// Whoever opened it was asked why; the review goes on.
    Asked,
}

impl Finding {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Justified, Self::NotJustified, Self::Asked];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not-justified",
            Self::Asked => "asked",
        }
    }

    /// The one of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether the review ends with it.
    pub fn is_final(self) -> bool {
        self != Self::Asked
    }

    /// What the person reads.
    pub fn to_patient(self) -> &'static str {
        match self {
            Self::Justified => say("record-review-justified"),
            Self::NotJustified => say("record-review-not-justified"),
            Self::Asked => say("record-review-asked"),
        }
    }
}

/// Why a finding is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody reviews what they did themselves.
    #[error("it was the reviewer's own access")]
    Own,
    /// Somebody was faster.
    #[error("it was reviewed before")]
    Reviewed,
    /// The record was opened again since the page was read.
    #[error("there is more to it than was shown")]
    More,
    /// A person whose record was opened without right is told what follows from it.
    #[error("the words to the person are missing")]
    WordsMissing,
    /// The words to the person are too long.
    #[error("the words to the person are too long")]
    WordsTooLong,
}

/// Whether a finding may be recorded about an access, of which the officer had seen everything up to `seen` (microseconds).
pub(super) fn review(
    span: &Span,
    (officer, seen): (&str, i64),
    (finding, words): (Finding, &str),
    reviews: &[Review],
) -> Result<(), Refusal> {
    if span.agent == officer {
        return Err(Refusal::Own);
    }
    if !span.waits(reviews) {
        return Err(Refusal::Reviewed);
    }
    if span.until > seen {
        return Err(Refusal::More);
    }
    match words.chars().count() {
        0 if finding == Finding::NotJustified => Err(Refusal::WordsMissing),
        length if length > WORDS_MAX => Err(Refusal::WordsTooLong),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_not_to_record_a_finding() {
        let span = Span {
            first: 1,
            agent: "Practitioner/nurse".into(),
            name: String::new(),
            role: String::new(),
            organisation: String::new(),
            patient: "p".into(),
            reason: String::new(),
            from: 0,
            until: 60,
            types: Vec::new(),
            changed: false,
        };
        let done = Review {
            agent: span.agent.clone(),
            patient: span.patient.clone(),
            until: jiff::Timestamp::from_microsecond(60).unwrap(),
            at: jiff::Timestamp::from_microsecond(90).unwrap(),
            by: String::new(),
            finding: Finding::Justified,
            words: String::new(),
        };
        let asked = Review { finding: Finding::Asked, ..done.clone() };
        let long = "x".repeat(WORDS_MAX + 1);
        let limit = "x".repeat(WORDS_MAX);
        for (officer, seen, finding, words, reviews, expected) in [
            ("o", 60, Finding::Justified, "", vec![], Ok(())),
            ("o", 60, Finding::Asked, "", vec![], Ok(())),
            ("o", 60, Finding::NotJustified, "We are sorry", vec![], Ok(())),
            ("o", 60, Finding::NotJustified, "", vec![], Err(Refusal::WordsMissing)),
            ("o", 60, Finding::Justified, limit.as_str(), vec![], Ok(())),
            ("o", 60, Finding::Justified, long.as_str(), vec![], Err(Refusal::WordsTooLong)),
            ("o", 59, Finding::Justified, "", vec![], Err(Refusal::More)),
            ("o", 60, Finding::Justified, "", vec![done], Err(Refusal::Reviewed)),
            ("o", 60, Finding::Justified, "", vec![asked], Ok(())),
            ("Practitioner/nurse", 60, Finding::Justified, "", vec![], Err(Refusal::Own)),
        ] {
            assert_eq!(
                review(&span, (officer, seen), (finding, words), &reviews),
                expected,
                "{officer} {finding:?}"
            );
        }
    }

    #[test]
    fn codes_lead_back() {
        assert!(Finding::ALL.iter().all(|one| Finding::of_code(one.code()) == Some(*one)));
        assert_eq!(Finding::of_code("fine"), None);
    }
}
