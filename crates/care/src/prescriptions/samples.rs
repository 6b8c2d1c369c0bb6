//! Samples of the views, hostile names included.

use super::authorisation::{Reason, Why};
use super::view::{
    Case, CaseLine, Item, One, Place, Prescription, Prescriptions, Queue, Repeat, Request, RequestAnswer,
    RequestLine, Waiting,
};
use super::{ItemStatus, Stage};
use crate::view::{SAMPLE_NOW, Section, minutes_ago};
use jiff::civil::{Date, date};

fn today() -> Date {
    super::read::today(SAMPLE_NOW)
}

fn line(id: &str, name: &str, answer: RequestAnswer) -> RequestLine {
    RequestLine { id: id.into(), name: name.into(), dose: Some("One tablet once a day".into()), answer }
}

fn refused() -> Why {
    Why { reason: Reason::TooEarly, on: Some(date(2026, 12, 1)), words: None }
}

fn request() -> Request {
    Request {
        id: "sample-1".into(),
        asked_at: Some(minutes_ago(90)),
        note: Some("I am away from <b>Friday</b>".into()),
        pharmacy: Some("Sample Pharmacy".into()),
        lines: vec![
            line("a", "Amlodipine 5mg tablets", RequestAnswer::Waiting),
            line("b", "Ramipril 5mg capsules", RequestAnswer::Refused(refused())),
            line("c", "Metformin 500mg tablets", RequestAnswer::Approved),
        ],
    }
}

fn prescription(id: &str, statuses: &[ItemStatus]) -> Prescription {
    let item = |(at, status): (usize, &ItemStatus)| Item {
        name: format!("Sample medicine {at} <5mg> tablets"),
        dose: Some("One tablet in the morning".into()),
        quantity: Some("28 tablets".into()),
        status: *status,
        since: Some(minutes_ago(60 * 20)),
    };
    Prescription {
        id: id.into(),
        written_on: Some(date(2026, 11, 18)),
        prescriber: Some("Dr Sam Sample".into()),
        pharmacy: Some(Place::sample()),
        items: statuses.iter().enumerate().map(item).collect(),
    }
}

impl Place {
    /// A pharmacy.
    pub fn sample() -> Self {
        Self {
            ods: "sample-1".into(),
            name: "Sample & Daughters Pharmacy".into(),
            address: vec!["1 Example Street".into(), "Sampleton".into(), "QB1 1AA".into()],
            telephone: Some("01632 960001".into()),
        }
    }
}

impl Prescriptions {
    /// Repeats of every kind, one request, and prescriptions of all thirteen statuses.
    pub fn sample() -> Self {
        let repeat = |id: &str, name: &str, not_now: Option<Why>| Repeat {
            id: id.into(),
            name: name.into(),
            dose: Some("One tablet once a day".into()),
            quantity: Some("28 tablets".into()),
            issued_on: Some(date(2026, 10, 20)),
            review_on: Some(date(2026, 12, 4)),
            review_is_near: true,
            left: Some(2),
            not_now,
        };
        let all = Reason::ALL.into_iter().enumerate().map(|(at, reason)| {
            let on = (!matches!(reason, Reason::Other)).then(today);
            repeat(
                &at.to_string(),
                "A medicine that cannot be ordered",
                Some(Why { reason, on, words: None }),
            )
        });
        let mut repeats = vec![repeat("ramipril", "Ramipril <5mg> capsules", None)];
        repeats.extend(all);
        let over = |status: &ItemStatus| status.stage() == Stage::Over;
        let (past, going): (Vec<ItemStatus>, Vec<ItemStatus>) =
            ItemStatus::ALL.iter().partition(|one| over(one));
        Self {
            read_at: SAMPLE_NOW,
            repeats: Section::whole(repeats),
            requests: Section::whole(vec![request()]),
            prescriptions: Section::whole(vec![
                prescription("24F5DA-A83008-7EFE6Z", &going),
                prescription("998244-A83008-238DCD", &past),
            ]),
            pharmacy: Some(Place::sample()),
        }
    }

    /// Prescriptions that this reader may not see, and repeats that could not be read.
    pub fn sample_refused() -> Self {
        Self { repeats: Section::Failed, prescriptions: Section::NoAccess, ..Self::sample_empty() }
    }

    /// Nothing at all.
    pub fn sample_empty() -> Self {
        Self {
            read_at: SAMPLE_NOW,
            repeats: Section::whole(Vec::new()),
            requests: Section::whole(Vec::new()),
            prescriptions: Section::whole(Vec::new()),
            pharmacy: None,
        }
    }
}

impl One {
    /// A prescription with an item of every status.
    pub fn sample() -> Self {
        One::Prescription(prescription("24F5DA-A83008-7EFE6Z", &ItemStatus::ALL))
    }

    /// A request, partly answered.
    pub fn sample_request() -> Self {
        One::Request(request())
    }
}

impl Queue {
    /// Two requests.
    pub fn sample() -> Self {
        let one = |id: &str, patient: &str| Waiting {
            id: id.into(),
            patient: patient.into(),
            born: Some(date(1958, 3, 7)),
            asked_at: Some(minutes_ago(60 * 26)),
            medicines: vec!["Amlodipine 5mg tablets".into(), "Ramipril 5mg capsules".into()],
            has_note: true,
        };
        let waiting = vec![one("sample-1", "EXAMPLE, Alex"), one("sample-2", "<SCRIPT>, Al")];
        Self { read_at: SAMPLE_NOW, requests: Section::whole(waiting) }
    }

    /// Nothing waits.
    pub fn sample_empty() -> Self {
        Self { read_at: SAMPLE_NOW, requests: Section::whole(Vec::new()) }
    }
}

impl Case {
    /// A request with every answer.
    pub fn sample() -> Self {
        let request = request();
        let line = |line: RequestLine| CaseLine {
            line,
            issued_on: Some(date(2026, 10, 20)),
            review_on: Some(date(2026, 12, 4)),
            left: Some(2),
        };
        Self {
            read_at: SAMPLE_NOW,
            id: request.id,
            patient: "EXAMPLE, Alex".into(),
            born: Some(date(1958, 3, 7)),
            nhs_number: Some("9990079196".into()),
            asked_at: request.asked_at,
            asked_by: Some("Kim Example".into()),
            note: request.note,
            pharmacy: request.pharmacy,
            lines: request.lines.into_iter().map(line).collect(),
        }
    }
}
