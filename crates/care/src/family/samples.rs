//! Made-up answers, so that pages can be tested and looked at without a record.

use super::relationship::{Basis, Category, Kin, Relationship, Stage};
use super::standing::{Standing, Why};
use super::view::{Acting, CaredFor, Case, Family, Helper, Waiting};
use crate::view::{SAMPLE_NOW, When, minutes_ago};
use jiff::civil::date;
use store::Role;

/// A mother who acts for a child of eight.
pub(super) fn relationship() -> Relationship {
    Relationship {
        id: "sample-1".into(),
        patient: "sample-child-1".into(),
        carer: "sample-patient-1".into(),
        carer_name: String::from("Alex Example"),
        kin: Kin::Parent,
        basis: Basis::Parental,
        categories: Category::ALL.to_vec(),
        stage: Stage::Approved,
        applied_at: minutes_ago(60 * 24 * 30),
        decided: Some((minutes_ago(60 * 24 * 20), String::from("Dr Sam Sample"))),
        organisation: "XEX02".into(),
        review: None,
        hidden_at: None,
        begins: None,
        lapses: None,
        ended: None,
    }
}

impl Family {
    /// One child in each standing, and three helpers.
    pub fn sample() -> Self {
        let cared = |id: &str, name: &str, standing| CaredFor {
            id: id.into(),
            name: name.into(),
            kin: Some(Kin::Parent),
            standing,
            categories: Category::ALL.to_vec(),
            applied_at: minutes_ago(60 * 24 * 30),
            decided_at: Some(minutes_ago(60 * 24 * 20)),
        };
        let until = Some((date(2031, 4, 2), Why::ReviewDue));
        let later = Standing::Later(When::Day(date(2027, 1, 1)));
        let helper = |id: &str, name: &str, hidden| Helper {
            id: id.into(),
            name: name.into(),
            kin: Kin::Partner,
            basis: Basis::Agreement,
            standing: Standing::Open { minor: false, review: false, until: None },
            hidden,
            categories: vec![Category::Appointments, Category::Medicines],
        };
        Self {
            read_at: SAMPLE_NOW,
            caring: vec![
                cared("sample-1", "Robin Example", Standing::Open { minor: true, review: false, until }),
                cared("sample-2", "Kit Example", Standing::Suspended(Why::ReviewDue)),
                CaredFor {
                    kin: None,
                    decided_at: None,
                    ..cared("sample-3", "Jo Example", Standing::Waiting)
                },
                cared("sample-6", "Kim Example", later),
            ],
            helpers: vec![
                helper("sample-4", "Pat Example", false),
                helper("sample-5", "Lee Example", true),
                Helper { standing: later, ..helper("sample-7", "Max Example", false) },
            ],
        }
    }

    /// Nobody.
    pub fn sample_empty() -> Self {
        Self { read_at: SAMPLE_NOW, caring: Vec::new(), helpers: Vec::new() }
    }
}

impl Acting {
    /// A parent at work for a child.
    pub fn sample() -> Self {
        let one = relationship();
        Self {
            relationship: one.id.to_string(),
            patient: one.patient.to_string(),
            name: String::from("Robin Example"),
            role: Role::Carer {
                patient: one.patient.clone(),
                person: one.carer.clone(),
                relationship: one.id.clone(),
                withheld: super::withheld::withheld(&one, true),
            },
            categories: one.categories,
            in_place: None,
        }
    }
}

impl Waiting {
    /// One application.
    pub fn sample() -> Self {
        Self {
            id: String::from("sample-1"),
            patient_name: String::from("EXAMPLE, Robin"),
            carer_name: String::from("Alex Example"),
            kin: Kin::Parent,
            basis: Basis::Parental,
            applied_at: minutes_ago(60 * 30),
            standing: Standing::Waiting,
        }
    }
}

impl Case {
    /// One application.
    pub fn sample() -> Self {
        Self {
            relationship: Relationship { stage: Stage::Applied, decided: None, ..relationship() },
            patient_name: String::from("EXAMPLE, Robin"),
            born: Some(When::Day(date(2014, 4, 2))),
            age: Some(12),
            nhs_number: Some(String::from("9990000018")),
            standing: Standing::Waiting,
            read_at: SAMPLE_NOW,
        }
    }
}
