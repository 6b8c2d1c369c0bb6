//! Made-up answers, so that pages can be tested and looked at without a record.

use super::decide::Finding;
use super::view::{Access, Found, Reviews};
use crate::view::{SAMPLE_NOW, Section, minutes_ago};

impl Access {
    /// One that waits.
    pub fn sample() -> Self {
        Self {
            id: String::from("17"),
            who: String::from("Sam Sample"),
            role: String::from("Ward staff"),
            patient: String::from("EXAMPLE, Alex <b>"),
            nhs_number: Some(String::from("9990000018")),
            reason: String::from("Found unconscious in the <i>street</i>, allergies needed before treatment"),
            from: minutes_ago(60 * 26),
            until: minutes_ago(60 * 26 - 14),
            parts: vec![
                String::from("Name and details"),
                String::from("Allergies"),
                String::from("Medicines"),
            ],
            changed: false,
            own: false,
            found: None,
        }
    }

    /// One that was reviewed.
    pub fn sample_done() -> Self {
        let found = Found {
            finding: Finding::NotJustified,
            at: minutes_ago(60 * 3),
            by: String::from("Pat Sample"),
            words: format!("{} We have talked with them.", Finding::NotJustified.to_patient()),
        };
        Self { id: String::from("3"), found: Some(found), changed: true, ..Self::sample() }
    }
}

impl Reviews {
    /// One of each kind.
    pub fn sample() -> Self {
        let found = Found {
            finding: Finding::Asked,
            at: minutes_ago(60),
            by: String::from("Pat Sample"),
            words: Finding::Asked.to_patient().to_owned(),
        };
        let asked = Access { id: String::from("18"), found: Some(found), ..Access::sample() };
        let own =
            Access { id: String::from("19"), own: true, who: String::from("Pat Sample"), ..Access::sample() };
        Self {
            read_at: SAMPLE_NOW,
            waiting: Section::whole(vec![Access::sample(), asked, own]),
            done: Section::whole(vec![Access::sample_done()]),
            older: true,
        }
    }

    /// Nobody ever needed one.
    pub fn sample_empty() -> Self {
        let none = || Section::whole(Vec::new());
        Self { read_at: SAMPLE_NOW, waiting: none(), done: none(), older: false }
    }
}
