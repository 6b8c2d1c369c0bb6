//! Emergency access to one record that the reader's work does not open: a reason, one patient, four hours, a notice on every
//! page, and a line in the patient's own access log. Never says whether there is a record.

use crate::component::{Button, ErrorLine, ErrorSummary, Label, Look, Textarea, warning_callout};
use crate::layout::{Document, token_field};
use crate::pages::address;
use crate::session::{EMERGENCY, Emergency, Session};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use maud::html;

/// What the audit log calls a refusal of emergency access.
pub const NO_REASON: &str = "emergency access without a sufficient reason";

const SHORTEST: usize = 10;
const LONGEST: usize = 500;

/// The page.
pub fn break_glass(visit: &Visit) -> Outcome {
    Answer::page(break_glass_page(visit.id(), &visit.token, visit.restored.text("reason"), None))
}

/// Opens the record, or says what is wrong with the reason. What is refused is audited too.
pub async fn break_glass_ask(state: &State, visit: &Visit) -> Outcome {
    let reason = visit.form.text("reason");
    if let Some(wrong) = wrong_reason(reason) {
        state.care.refused(&visit.actor()?, NO_REASON).await?;
        let page = break_glass_page(visit.id(), &visit.token, reason, Some(wrong));
        return Ok(Answer::Refused(Box::new(page)));
    }
    grant(visit, visit.id(), reason)
}

/// What is wrong with a reason.
pub fn wrong_reason(reason: &str) -> Option<&'static str> {
    match reason.chars().count() {
        0 => Some("Enter why you need this record now"),
        length if length < SHORTEST => Some("Say why in at least 10 characters"),
        length if length > LONGEST => Some("Say why in 500 characters or fewer"),
        _ => None,
    }
}

/// Gives this session emergency access to one record, and leads there.
pub fn grant(visit: &Visit, patient: &str, reason: &str) -> Outcome {
    let until = visit.now.checked_add(EMERGENCY).map_err(|_| Problem::Failed)?;
    let emergency = Emergency { patient: patient.into(), reason: reason.to_owned(), until };
    let session = Session { emergency: Some(emergency), ..visit.session()?.clone() };
    let place = format!("/staff/patients/{}", address(patient));
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), place))
}

/// What emergency access means, before it is used.
pub fn warning() -> maud::Markup {
    warning_callout("Important: this is recorded", html! {
        p {
            "Use this only to care for somebody who needs it now. Your name, role and reason are written to the "
            "patient’s access log, which the patient can read."
        }
        p { "It opens one record for 4 hours." }
    }.into())
}

/// The question for the reason.
pub fn reason_box(reason: &str, wrong: Option<&str>) -> Textarea {
    Textarea {
        label: Label {
            size: Some(crate::component::Size::S),
            ..Label::new("Why do you need this record now?")
        },
        hint: Some("For example, brought in unconscious, need allergies before treatment".into()),
        error: wrong.map(Into::into),
        name: "reason".to_owned(),
        value: reason.to_owned(),
        rows: Some(3),
        ..Textarea::default()
    }
}

/// Prints the page.
pub fn break_glass_page(patient: &str, token: &str, reason: &str, wrong: Option<&str>) -> Document {
    let body = html! {
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, "reason")])) }
        h1 { "Emergency access" }
        (warning())
        form method="post" action={ "/staff/patients/" (address(patient)) "/break-glass" } novalidate {
            (token_field(token))
            (reason_box(reason, wrong))
            (Button { look: Look::Warning, ..Button::new("Open the record") })
        }
        p { a href="/staff/patients" { "Find a patient" } }
    };
    Document { refused: wrong.is_some(), ..Document::new("Emergency access", body) }
}
