//! Emergency access by NHS number, for somebody whom the organisation is not caring for yet: the number and a reason open
//! that one record for four hours. Whether a record exists is said only to somebody who gave a reason.

use super::break_glass::{NO_REASON, grant, reason_box, warning, wrong_reason};
use crate::component::{Button, Content, ErrorLine, ErrorSummary, Input, Label, Look, Size};
use crate::layout::{Document, token_field};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use care::patient_search::Ask;
use maud::html;

const PLACE: &str = "/staff/emergency";

/// What is wrong with the two answers; the third says that nobody has the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wrong {
    number: Option<&'static str>,
    reason: Option<&'static str>,
}

/// The page, with the NHS number that was searched for last.
pub fn emergency(visit: &Visit) -> Outcome {
    let searched = visit.session()?.search.as_ref().map(|search| search.words.as_str()).unwrap_or_default();
    let number = if matches!(Ask::parse(searched, None), Ok(Ask::NhsNumber(_))) { searched } else { "" };
    Ok(Answer::Page(Box::new(emergency_page(&visit.token, (number, ""), Wrong::default()))))
}

/// Opens the record of that number, or says what is wrong.
pub async fn emergency_find(state: &State, visit: &Visit) -> Outcome {
    let (typed, reason) = (visit.form.text("number"), visit.form.text("reason"));
    let asked = Ask::parse(typed, None);
    let mut wrong = Wrong { number: None, reason: wrong_reason(reason) };
    let Ok(Ask::NhsNumber(number)) = asked else {
        wrong.number = Some("Enter an NHS number of 10 digits whose last digit fits the others");
        state.care.refused(&visit.actor()?, "emergency access without a valid NHS number").await?;
        return refused(visit, (typed, reason), wrong);
    };
    if wrong.reason.is_some() {
        state.care.refused(&visit.actor()?, NO_REASON).await?;
        return refused(visit, (typed, reason), wrong);
    }
    match state.care.emergency(&visit.actor()?, &number).await? {
        Some(patient) => grant(visit, &patient, reason),
        None => {
            let what = "emergency access to an NHS number that no record has";
            state.care.refused(&visit.actor()?, what).await?;
            wrong.number = Some("No record has this NHS number. Check it digit by digit");
            refused(visit, (typed, reason), wrong)
        }
    }
}

fn refused(visit: &Visit, typed: (&str, &str), wrong: Wrong) -> Outcome {
    Ok(Answer::Refused(Box::new(emergency_page(&visit.token, typed, wrong))))
}

/// Prints the page.
pub fn emergency_page(token: &str, (number, reason): (&str, &str), wrong: Wrong) -> Document {
    let lines = [(wrong.number, "number"), (wrong.reason, "reason")];
    let lines: Vec<ErrorLine> =
        lines.iter().filter_map(|(words, field)| Some(ErrorLine::new((*words)?, field))).collect();
    let refused = !lines.is_empty();
    let input = Input {
        label: Label { size: Some(Size::S), ..Label::new("NHS number") },
        hint: Some("10 digits, for example 999 007 9196".into()),
        error: wrong.number.map(Content::from),
        name: "number".to_owned(),
        value: Some(number.to_owned()).filter(|number| !number.is_empty()),
        width: Some(20),
        autocomplete: Some("off".to_owned()),
        spellcheck: Some(false),
        ..Input::default()
    };
    let body = html! {
        @if refused { (ErrorSummary::new(lines)) }
        h1 { "Emergency access" }
        (warning())
        form method="post" action=(PLACE) novalidate {
            (token_field(token))
            (input)
            (reason_box(reason, wrong.reason))
            (Button { look: Look::Warning, ..Button::new("Open the record") })
        }
        p { a href="/staff/patients" { "Find a patient" } }
    };
    Document { refused, ..Document::new("Emergency access", body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_above_and_beside_and_what_was_typed_is_kept() {
        let wrong = Wrong { number: Some("Check it"), reason: Some("Say why") };
        let page = emergency_page("t", ("999 007", "short"), wrong);
        let html = page.body.into_string();
        assert!(page.refused);
        assert_eq!(html.matches("Check it").count(), 2);
        assert_eq!(html.matches("Say why").count(), 2);
        assert!(html.contains("value=\"999 007\"") && html.contains(">short</textarea>"), "{html}");
    }
}
