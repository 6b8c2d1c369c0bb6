//! What the search page prints. An answer never says that somebody exists whom the reader may not see.

use crate::view::{Sex, When};

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matches {
    /// The people found, best first; empty when nobody matched whom the reader may see.
    Found(Vec<Match>),
    /// More than the limit: none are shown, and the reader is asked for more.
    TooMany {
        /// The largest number that is shown.
        limit: u32,
    },
}

/// One person found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Id of the Patient.
    pub patient_id: String,
    /// Name.
    pub name: String,
    /// Date of birth as recorded.
    pub born: Option<When>,
    /// Age in whole years.
    pub age: Option<u16>,
    /// Sex as recorded.
    pub sex: Sex,
    /// NHS number, ten digits.
    pub nhs_number: Option<String>,
    /// Where they are now, in words, when in hospital.
    pub location: Option<String>,
    /// Whether this record was replaced by another in a merge.
    pub replaced: bool,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use jiff::civil::date;

    impl Matches {
        /// Two people with one name, one of them hostile HTML.
        pub fn sample() -> Self {
            let one = Match {
                patient_id: "sample-patient-1".into(),
                name: "EXAMPLE, Alex".into(),
                born: Some(When::Day(date(1958, 3, 7))),
                age: Some(68),
                sex: Sex::Female,
                nhs_number: Some("9990079196".into()),
                location: Some("Ward 7, Bay 1, Bed 1".into()),
                replaced: false,
            };
            let two = Match {
                patient_id: "sample-patient-2".into(),
                name: "EXAMPLE, <script>alert(1)</script>".into(),
                born: Some(When::Year(1958)),
                nhs_number: None,
                location: None,
                replaced: true,
                ..one.clone()
            };
            Self::Found(vec![one, two])
        }
    }
}
