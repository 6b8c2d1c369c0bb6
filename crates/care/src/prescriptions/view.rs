//! What the pages about prescriptions print.

use super::authorisation::Why;
use super::{ItemStatus, Stage};
use crate::view::Section;
use fhir::time::default_zone;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// A person's prescriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescriptions {
    /// When they were read.
    pub read_at: Timestamp,
    /// Repeat medicines, those that can be ordered first.
    pub repeats: Section<Repeat>,
    /// Requests that wait for the surgery, or were refused not long ago; newest first.
    pub requests: Section<Request>,
    /// Prescriptions of the last year, newest first.
    pub prescriptions: Section<Prescription>,
    /// The pharmacy that prescriptions go to.
    pub pharmacy: Option<Place>,
}

/// A repeat medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// Its id.
    pub id: String,
    /// The medicine.
    pub name: String,
    /// How to take it.
    pub dose: Option<String>,
    /// How much is handed out at a time.
    pub quantity: Option<String>,
    /// When it was issued last.
    pub issued_on: Option<Date>,
    /// When it must be reviewed.
    pub review_on: Option<Date>,
    /// Whether that is soon.
    pub review_is_near: bool,
    /// How many more issues there are.
    pub left: Option<i64>,
    /// Why it cannot be ordered now; `None` when it can.
    pub not_now: Option<Why>,
}

/// A request for repeat medicines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id, which the medicines in it share.
    pub id: String,
    /// When it was made.
    pub asked_at: Option<Timestamp>,
    /// What the person wrote to the surgery.
    pub note: Option<String>,
    /// Each medicine and what became of it.
    pub lines: Vec<RequestLine>,
    /// The pharmacy that it was for, by name.
    pub pharmacy: Option<String>,
}

/// One medicine of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// Id of the proposal.
    pub id: String,
    /// The medicine.
    pub name: String,
    /// How to take it.
    pub dose: Option<String>,
    /// What became of it.
    pub answer: RequestAnswer,
}

/// What became of a medicine of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestAnswer {
    /// The surgery has not answered.
    Waiting,
    /// It was prescribed.
    Approved,
    /// It was not ordered.
    Refused(Why),
}

impl Request {
    /// Whether the surgery has still to answer.
    pub fn is_waiting(&self) -> bool {
        self.lines.iter().any(|line| line.answer == RequestAnswer::Waiting)
    }
}

/// A prescription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescription {
    /// Its short-form id.
    pub id: String,
    /// When it was written.
    pub written_on: Option<Date>,
    /// Who wrote it.
    pub prescriber: Option<String>,
    /// The pharmacy that it is for.
    pub pharmacy: Option<Place>,
    /// Its items.
    pub items: Vec<Item>,
}

impl Prescription {
    /// Whether nothing more is to be waited for, so that it belongs to what was: each item is at its end, or was sent so long ago
    /// that it has come. Post brings no notice, so nobody ever says that it did.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let sent_until = now.checked_sub(UNDERWAY).unwrap_or(Timestamp::MIN);
        let written =
            self.written_on.and_then(|on| Some(on.to_zoned(default_zone().clone()).ok()?.timestamp()));
        self.items.iter().all(|item| match item.status {
            ItemStatus::Dispatched => item.since.or(written).is_some_and(|at| at <= sent_until),
            status => status.stage() == Stage::Over,
        })
    }
}

/// How long what was sent is shown as being on its way.
const UNDERWAY: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A prescribed item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The medicine.
    pub name: String,
    /// How to take it.
    pub dose: Option<String>,
    /// How much.
    pub quantity: Option<String>,
    /// How far it is.
    pub status: ItemStatus,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// A pharmacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// ODS code.
    pub ods: String,
    /// Name.
    pub name: String,
    /// Lines of the address.
    pub address: Vec<String>,
    /// Telephone.
    pub telephone: Option<String>,
}

/// One page of `/prescriptions/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum One {
    /// A prescription.
    Prescription(Prescription),
    /// A request.
    Request(Request),
}

/// Requests that wait for a surgery, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// When it was read.
    pub read_at: Timestamp,
    /// The requests.
    pub requests: Section<Waiting>,
}

/// One request in the surgery's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Id of the request.
    pub id: String,
    /// Who asks, `FAMILY, Given`.
    pub patient: String,
    /// Their date of birth.
    pub born: Option<Date>,
    /// When.
    pub asked_at: Option<Timestamp>,
    /// The medicines.
    pub medicines: Vec<String>,
    /// Whether there is a note.
    pub has_note: bool,
}

/// One request as the surgery sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// When it was read.
    pub read_at: Timestamp,
    /// Id of the request.
    pub id: String,
    /// Who asks, `FAMILY, Given`.
    pub patient: String,
    /// Their date of birth.
    pub born: Option<Date>,
    /// Their NHS number.
    pub nhs_number: Option<String>,
    /// When.
    pub asked_at: Option<Timestamp>,
    /// Who asked, when it was not the patient.
    pub asked_by: Option<String>,
    /// Their note.
    pub note: Option<String>,
    /// The pharmacy that it is for.
    pub pharmacy: Option<String>,
    /// The medicines.
    pub lines: Vec<CaseLine>,
}

/// One medicine of a request as the surgery sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// The line.
    pub line: RequestLine,
    /// When it was issued last.
    pub issued_on: Option<Date>,
    /// When it must be reviewed.
    pub review_on: Option<Date>,
    /// How many more issues there are after this one.
    pub left: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_on_its_way_for_two_weeks() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let item = |status, since: Option<&str>| Item {
            name: "Example".into(),
            dose: None,
            quantity: None,
            status,
            since: since.map(|at| at.parse().unwrap()),
        };
        let over = |written_on: Option<Date>, items: Vec<Item>| {
            let one = Prescription { id: "1".into(), written_on, prescriber: None, pharmacy: None, items };
            one.is_over(now)
        };
        use ItemStatus::{Collected, Dispatched, ReadyToCollect};
        let october = Some(jiff::civil::date(2026, 10, 1));
        for (written, since, expected) in [
            (october, Some("2026-11-08T12:00:01Z"), false),
            (october, Some("2026-11-08T12:00:00Z"), true),
            (october, None, true),
            (Some(jiff::civil::date(2026, 11, 20)), None, false),
            (None, None, false),
        ] {
            assert_eq!(over(written, vec![item(Dispatched, since)]), expected, "{written:?} {since:?}");
        }
        assert!(
            !over(october, vec![item(ReadyToCollect, Some("2026-01-01T00:00:00Z"))]),
            "it waits for them"
        );
        assert!(over(october, vec![item(Collected, None)]));
        let part = vec![item(Dispatched, Some("2026-11-01T00:00:00Z")), item(ReadyToCollect, None)];
        assert!(!over(october, part));
    }
}
