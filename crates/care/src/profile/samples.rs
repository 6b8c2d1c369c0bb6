//! Sample profiles, hostile values included, for pages to be tested and looked at with.

use super::decide::{Change, Refusal, decide};
use super::{Channel, Format, Preferences, Profile};
use crate::view::When;
use fhir::json::Value;
use jiff::civil::date;

impl Profile {
    /// Somebody who chose everything.
    pub fn sample() -> Self {
        Self {
            name: "Alex Example <script>alert(1)</script>".into(),
            born: Some(When::Day(date(1958, 3, 1))),
            nhs_number: Some("9990079196".into()),
            address: vec!["1 High Street".into(), "Exampleton".into(), "ZZ1 1ZZ".into()],
            phones: vec!["07700 900123".into()],
            emails: vec!["alex@example.org".into()],
            preferences: Preferences {
                channel: Some(Channel::Letter),
                format: Format::LargePrint,
                language: Some("Polish".into()),
                interpreter: true,
            },
        }
    }

    /// Somebody of whom nothing is recorded but a name.
    pub fn sample_empty() -> Self {
        Self {
            name: "Sam Example".into(),
            born: None,
            nhs_number: None,
            address: Vec::new(),
            phones: Vec::new(),
            emails: Vec::new(),
            preferences: Preferences::default(),
        }
    }
}

/// Decides as for somebody who has a mobile phone and no email.
pub(super) fn change(change: &Change) -> Result<(), Refusal> {
    let phone = Value::object([
        ("system", Value::from("phone")),
        ("use", Value::from("mobile")),
        ("value", Value::from("07700 900123")),
    ]);
    let patient =
        Value::object([("resourceType", Value::from("Patient")), ("telecom", Value::Array(vec![phone]))]);
    decide(&patient, change, "2026-11-22").map(|_| ())
}
