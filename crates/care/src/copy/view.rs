//! What the readable copy prints.

use crate::record::Record;
use crate::results::Outcome;
use crate::view::Section;

/// A whole record.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// Every section but the results.
    pub record: Record,
    /// Every report.
    pub results: Section<Outcome>,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::results::Feed;

    impl Copy {
        /// A record with something in each section.
        pub fn sample() -> Self {
            Self { record: Record::sample(), results: Feed::sample().results }
        }

        /// A record in which nothing is recorded.
        pub fn sample_empty() -> Self {
            Self { record: Record::sample_empty(), results: Feed::sample_empty().results }
        }
    }
}
