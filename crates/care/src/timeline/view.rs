//! What the timeline prints.

use crate::view::{Section, When};
use jiff::Timestamp;

/// A year of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// When it was read.
    pub read_at: Timestamp,
    /// The year shown; `None` where nothing is recorded at all.
    pub year: Option<i16>,
    /// The nearest earlier year with something in it.
    pub earlier: Option<i16>,
    /// The nearest later year with something in it.
    pub later: Option<i16>,
    /// What happened, newest first.
    pub happenings: Section<Happening>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: When,
    /// What sort of thing.
    pub kind: Kind,
    /// What, in the recorded words.
    pub title: String,
    /// What it is in plain words, where known.
    pub plain: Option<String>,
    /// Where, or by whom, in words.
    pub place: Option<String>,
    /// Id of the entry; its page stands under its kind.
    pub id: String,
}

/// What sort of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A visit or stay began.
    Visit,
    /// A test was made.
    Result,
    /// A condition began.
    Condition,
    /// A medicine was prescribed.
    Medicine,
    /// A vaccination was given.
    Vaccination,
    /// An operation or other procedure.
    Procedure,
    /// An allergy was written down.
    Allergy,
    /// A letter or summary was written.
    Document,
    /// A scan was made.
    Scan,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::view::SAMPLE_NOW;
    use jiff::civil::date;

    impl Timeline {
        /// A year with one of everything.
        pub fn sample() -> Self {
            let kinds = [
                Kind::Visit,
                Kind::Result,
                Kind::Condition,
                Kind::Medicine,
                Kind::Vaccination,
                Kind::Procedure,
                Kind::Allergy,
                Kind::Document,
                Kind::Scan,
            ];
            let happenings = kinds.into_iter().zip((1..=9).rev()).map(|(kind, month)| Happening {
                at: When::Day(date(2026, month, 3)),
                kind,
                title: format!("Something <b>of kind {kind:?}</b>"),
                plain: Some("in plain words".into()),
                place: Some("Example Hospital Trust".into()),
                id: "sample-1".into(),
            });
            Self {
                read_at: SAMPLE_NOW,
                year: Some(2026),
                earlier: Some(2023),
                later: None,
                happenings: Section::whole(happenings.collect()),
            }
        }

        /// Nothing is recorded.
        pub fn sample_empty() -> Self {
            let happenings = Section::whole(Vec::new());
            Self { read_at: SAMPLE_NOW, year: None, earlier: None, later: None, happenings }
        }

        /// The year could not be read.
        pub fn sample_failed() -> Self {
            Self { happenings: Section::Failed, ..Self::sample() }
        }
    }
}
