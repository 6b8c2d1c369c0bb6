//! Which stay a message means: visit number (PV1-19), otherwise account number (PID-18), otherwise alternate visit id
//! (PV1-50), otherwise patient number with admission time. Two stays of a feed that sends none of these cannot be told
//! apart, and the first wins.

use crate::fields::trimmed;
use crate::mapping::Frame;
use care::patient_flow::{StayKey, Subject};
use hl7v2::{Message, Segment};

/// The stay's key; `None` when there is neither PV1 nor number.
pub fn key(message: &Message<'_>, frame: &Frame, subject: &Subject) -> Option<StayKey> {
    let person = message.segment(b"PID")?;
    key_in(message.segment(b"PV1").as_ref(), &person, frame, subject)
}

/// The key from these two segments.
pub fn key_in(
    visit: Option<&Segment<'_>>,
    person: &Segment<'_>,
    frame: &Frame,
    subject: &Subject,
) -> Option<StayKey> {
    let visit = visit?;
    let account = || trimmed(&person.field(18).component(1));
    let alternate = || trimmed(&visit.field(50).component(1));
    let number = visit_number(visit).or_else(account).or_else(alternate).unwrap_or_else(|| {
        let admitted = trimmed(&visit.field(44)).unwrap_or_default();
        format!("{}@{admitted}", subject.key.number)
    });
    Some(StayKey { facility: frame.source.facility.clone(), visit: number })
}

/// PV1-19.
pub fn visit_number(visit: &Segment<'_>) -> Option<String> {
    trimmed(&visit.field(19).component(1))
}
