//! What the page "Who looked at my record" prints. A name is left out where staff safety needs it; role and
//! organisation never are.

use crate::view::Section;
use jiff::Timestamp;

/// One person's access log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLog {
    /// When it was read.
    pub read_at: Timestamp,
    /// The looks, newest first.
    pub looks: Section<Look>,
}

/// One look at, or change to, the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Who; `None` when the name is withheld.
    pub who: Option<String>,
    /// In which role, in words, for example `Ward staff`.
    pub role: String,
    /// For which organisation, in words.
    pub organisation: String,
    /// Which parts, in words, for example `Test results`.
    pub parts: Vec<String>,
    /// What was done.
    pub what: What,
    /// Why.
    pub reason: Reason,
    /// Whether it was the person's own look.
    pub own: bool,
    /// What came of the review that follows each look in an emergency; `None` for any other look.
    pub review: Option<Review>,
}

/// The review of a look in an emergency by the organisation's privacy officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// It is not recorded yet.
    Waiting,
    /// It has begun: whoever looked was asked why.
    Asked {
        /// What the person is told.
        words: String,
        /// When.
        at: Timestamp,
    },
    /// It is done.
    Done {
        /// What came of it, in the reviewer's words.
        outcome: String,
        /// When.
        at: Timestamp,
    },
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Read.
    Looked,
    /// Found in a search.
    Searched,
    /// Added to, or changed.
    Changed,
    /// Removed.
    Removed,
}

/// Why the record was opened (the purpose of use of the audit event).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// To care for the person.
    Care,
    /// In an emergency, past the usual limits, with the reason that was given.
    Emergency(String),
    /// The person asked.
    PatientRequest,
    /// The person asked, and staff did it in their place: how it was asked ([`store::Asked::code`]).
    OnBehalf(String),
    /// To run the hospital.
    Operations,
    /// Another purpose, in words.
    Other(String),
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::view::{SAMPLE_NOW, minutes_ago};

    impl AccessLog {
        /// Four looks: one a minute ago, one withheld name, one break-glass, one own.
        pub fn sample() -> Self {
            let look = |minutes, who: Option<&str>, role: &str, parts: &[&str], reason| Look {
                at: minutes_ago(minutes),
                who: who.map(Into::into),
                role: role.into(),
                organisation: "Example Hospital Trust".into(),
                parts: parts.iter().map(ToString::to_string).collect(),
                what: What::Looked,
                review: match &reason {
                    Reason::Emergency(_) => Some(Review::Done {
                        outcome: "The look was <b>justified</b>.".into(),
                        at: minutes_ago(20),
                    }),
                    _ => None,
                },
                reason,
                own: false,
            };
            let mut own = look(1500, Some("Alex Example"), "You", &["Medicines"], Reason::PatientRequest);
            own.own = true;
            let looks = vec![
                look(1, Some("Sam Sample"), "Ward manager", &["Summary", "Allergies"], Reason::Care),
                look(190, None, "Ward staff", &["Test results"], Reason::Care),
                look(
                    1440,
                    Some("<script>alert(1)</script>"),
                    "Ward staff",
                    &["Summary"],
                    Reason::Emergency("Brought in unconscious".into()),
                ),
                Look {
                    what: What::Changed,
                    ..look(
                        1600,
                        Some("Kit Sample"),
                        "GP surgery staff",
                        &["Medicines"],
                        Reason::OnBehalf("phone".into()),
                    )
                },
                own,
            ];
            Self { read_at: SAMPLE_NOW, looks: Section::whole(looks) }
        }

        /// A log that could not be read.
        pub fn sample_failed() -> Self {
            Self { read_at: SAMPLE_NOW, looks: Section::Failed }
        }

        /// Nobody has looked.
        pub fn sample_empty() -> Self {
            Self { read_at: SAMPLE_NOW, looks: Section::whole(Vec::new()) }
        }
    }
}
