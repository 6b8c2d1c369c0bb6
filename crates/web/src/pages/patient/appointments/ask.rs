//! A question to the surgery, for whoever finds no time that suits or does not know what to book.

use super::{refused, under_list};
use crate::component::{
    Action, Button, ErrorLine, ErrorSummary, Label, Size, SummaryList, SummaryRow, Textarea, back_link, panel,
};
use crate::form;
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say, weave};
use care::appointments::{ASK_LIMIT, Answered, Refusal};
use maud::html;

/// The draft that keeps the question.
const DRAFT: &str = "ask-gp";

/// The question.
pub async fn question(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    Answer::page(question_page(visit, draft.answers.text("question"), None))
}

/// Keeps the question and leads on.
pub async fn question_sent(state: &State, visit: &Visit) -> Outcome {
    let text = visit.form.text("question");
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, &["question"]);
    draft.keep(state).await?;
    match text.chars().count() {
        0 => Answer::refused(question_page(visit, text, Some(say("appointments-ask-empty")))),
        length if length > ASK_LIMIT => {
            let error = fill("appointments-note-error", &[("over", (length - ASK_LIMIT).into())]);
            Answer::refused(question_page(visit, text, Some(&error)))
        }
        _ => Answer::see(visit.link("/appointments/ask-gp/check")),
    }
}

fn question_page(visit: &Visit, text: &str, wrong: Option<&str>) -> Document {
    let heading = say("appointments-ask-heading");
    let number = |number: &'static str| html! { a href={ "tel:" (number) } { (number) } };
    let field = Textarea {
        label: Label { size: Some(Size::S), ..Label::new(say("appointments-ask-label")) },
        hint: Some(say("appointments-ask-hint").into()),
        error: wrong.map(Into::into),
        name: "question".to_owned(),
        value: text.to_owned(),
        rows: Some(6),
        ..Textarea::default()
    };
    let body = html! {
        (back_link(say("appointments-back"), &visit.link("/appointments")))
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, "question")])) }
        h1 { (heading) }
        p { (say("appointments-ask-intro")) }
        p { (weave("appointments-urgent", &[("urgent", number("111")), ("emergency", number("999"))])) }
        form method="post" action=(visit.link("/appointments/ask-gp")) novalidate {
            (form::fields(visit))
            (field)
            (Button::new(say("appointments-continue")))
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(heading, body) }
}

/// Everything once more before it is sent.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let text = draft.answers.text("question");
    if text.is_empty() {
        return Answer::see(visit.link("/appointments/ask-gp"));
    }
    let heading = say("appointments-ask-check-heading");
    let row = SummaryRow {
        actions: vec![Action {
            text: say("appointments-change").to_owned(),
            href: visit.link("/appointments/ask-gp"),
            hidden: Some(say("appointments-ask-row").to_lowercase()),
        }],
        ..SummaryRow::new(say("appointments-ask-row"), text)
    };
    let body = html! {
        (back_link(say("appointments-back"), &visit.link("/appointments/ask-gp")))
        h1 { (heading) }
        (SummaryList::new(vec![row]))
        form method="post" action=(visit.link("/appointments/ask-gp/check")) {
            (form::fields(visit))
            (Button::new(say("appointments-ask-send")))
        }
    };
    Answer::page(Document::new(heading, body))
}

/// Sends it.
pub async fn send(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let draft = visit.draft(state, DRAFT).await?;
    let text = draft.answers.text("question").to_owned();
    match state.care.ask_surgery(&actor, &patient, &text, visit.once()?).await? {
        Answered::Done(_) => {
            draft.forget(state).await?;
            Answer::see(visit.link("/appointments/ask-gp/done"))
        }
        // What was written is gone, or was made too long in another window: nothing was sent.
        Answered::Refused { why: Refusal::NoteEmpty | Refusal::NoteTooLong, .. } => {
            Answer::see(visit.link("/appointments/ask-gp"))
        }
        Answered::Refused { why, phone, .. } => refused::sent(visit, why, phone.as_deref()),
    }
}

/// It is sent, and what happens next.
pub fn done(visit: &Visit) -> Outcome {
    let heading = say("appointments-asked-heading");
    let body = html! {
        (panel(heading, &say("appointments-asked").into()))
        h2 class="nhsuk-heading-m" { (say("appointments-next-heading")) }
        p { (say("appointments-asked-next")) }
    };
    Answer::page(under_list(visit, Document::new(heading, body)))
}
