//! A new message: to whom, what, check, sent. Answers are kept on the server between the steps.

use super::reply::{SURE, check_page, said, wrong};
use super::worded::{TEXT, area, not_urgent};
use crate::component::{
    Action, Button, Choice, ChoiceLine, Choices, ErrorLine, ErrorSummary, Fieldset, Input, Label, Legend,
    Size, SummaryRow, inset_text,
};
use crate::form::{self, Fields};
use crate::layout::{Document, phone_link};
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::{fill, say, weave};
use care::messages::{self, Addressee, Desk, Refusal, Unsent};
use maud::{Markup, html};

const DRAFT: &str = "message-new";
const TO: &str = "to";
const SUBJECT: &str = "subject";

async fn desk(state: &State, visit: &Visit) -> Result<Desk, Problem> {
    let patient = visit.patient_id()?.to_owned();
    Ok(state.care.message_desk(&visit.actor_for(&patient)?, &patient).await?)
}

fn chosen<'a>(desk: &'a Desk, answers: &Fields) -> Option<&'a Addressee> {
    desk.addressees.iter().find(|one| one.key == answers.text(TO))
}

/// Asks to whom.
pub async fn whom(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let mut answers = draft.answers.clone();
    // A referral's page leads here with its team chosen.
    if let Some(to) = visit.query.get(TO) {
        answers.put(TO, [to]);
    }
    Answer::page(whom_page(&desk(state, visit).await?, (&answers, None), visit))
}

/// Keeps to whom and leads on.
pub async fn whom_sent(state: &State, visit: &Visit) -> Outcome {
    let desk = desk(state, visit).await?;
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, &[TO]);
    if chosen(&desk, &draft.answers).is_none() {
        let words = wrong(Refusal::Nobody);
        return Answer::refused(whom_page(&desk, (&draft.answers, Some(&words)), visit));
    }
    draft.keep(state).await?;
    Answer::see(visit.link("/messages/new/write"))
}

fn whom_page(desk: &Desk, (answers, wrong): (&Fields, Option<&str>), visit: &Visit) -> Document {
    let heading = say("messages-write");
    let line = |one: &Addressee| {
        let hint = match &one.referral {
            Some(referral) => fill("messages-to-referral", &[("referral", referral.as_str().into())]),
            None => say("messages-to-surgery").to_owned(),
        };
        let choice = Choice::new(&one.key, &one.name).hint(Some(&hint));
        ChoiceLine::Choice(choice.checked(one.key == answers.text(TO)))
    };
    let legend =
        Legend { text: say("messages-to").into(), size: Some(Size::M), page_heading: false, id: None };
    let choices = Choices {
        name: TO.to_owned(),
        fieldset: Some(Fieldset { legend }),
        error: wrong.map(Into::into),
        lines: desk.addressees.iter().map(line).collect(),
        ..Choices::default()
    };
    let body = html! {
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, TO)])) }
        h1 { (heading) }
        (not_urgent())
        @if desk.addressees.is_empty() {
            div class="bevan-answer" { p { (say("messages-nobody")) } }
        } @else {
            form method="post" action=(visit.link("/messages/new")) novalidate {
                (form::fields(visit))
                (choices)
                (Button::new(say("messages-continue")))
            }
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(heading, body).after(&visit.link("/messages")) }
}

/// Asks what.
pub async fn words(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let desk = desk(state, visit).await?;
    match chosen(&desk, &draft.answers) {
        Some(to) => Answer::page(words_page(to, (&draft.answers, None), visit)),
        None => Answer::see(visit.link("/messages/new")),
    }
}

fn message(answers: &Fields, sure: bool) -> messages::Draft {
    messages::Draft {
        to: answers.text(TO).to_owned(),
        subject: Some(answers.text(SUBJECT).to_owned()),
        text: answers.text(TEXT).to_owned(),
        sure,
    }
}

/// Keeps what and leads on.
pub async fn words_sent(state: &State, visit: &Visit) -> Outcome {
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.answers.put(SUBJECT, [visit.form.text(SUBJECT)]);
    draft.answers.put(TEXT, [said(visit).as_str()]);
    draft.keep(state).await?;
    let desk = desk(state, visit).await?;
    let Some(to) = chosen(&desk, &draft.answers) else { return Answer::see(visit.link("/messages/new")) };
    match messages::written(&message(&draft.answers, false)) {
        Err(refusal) => Answer::refused(words_page(to, (&draft.answers, Some(refusal)), visit)),
        Ok(()) => Answer::see(visit.link("/messages/new/check")),
    }
}

fn words_page(to: &Addressee, (answers, refusal): (&Fields, Option<Refusal>), visit: &Visit) -> Document {
    let heading = say("messages-words");
    let of_subject = matches!(refusal, Some(Refusal::NoSubject | Refusal::LongSubject));
    let words = refusal.map(wrong);
    let words = words.as_deref();
    let subject = Input {
        label: Label { size: Some(Size::M), ..Label::new(say("messages-subject")) },
        hint: Some(say("messages-subject-hint").into()),
        error: words.filter(|_| of_subject).map(Into::into),
        name: SUBJECT.to_owned(),
        value: Some(answers.text(SUBJECT).to_owned()),
        ..Input::default()
    };
    let text = area(say("messages-text"), answers.text(TEXT), words.filter(|_| !of_subject));
    let body = html! {
        @if let Some(words) = words {
            (ErrorSummary::new(vec![ErrorLine::new(words, if of_subject { SUBJECT } else { TEXT })]))
        }
        h1 { (heading) }
        p { (fill("messages-words-to", &[("name", to.name.as_str().into())])) }
        @if to.referral.is_some() { (inset_text(&say("messages-words-referral").into())) }
        form method="post" action=(visit.link("/messages/new/write")) novalidate {
            (form::fields(visit))
            (subject)
            (text)
            (Button::new(say("messages-continue")))
        }
        @if let Some(phone) = &to.phone {
            p { (weave("messages-words-phone", &[("phone", phone_link(phone))])) }
        }
    };
    let back = visit.link("/messages/new");
    Document { refused: words.is_some(), ..Document::new(heading, body).after(&back) }
}

/// Everything once more before it is sent.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let desk = desk(state, visit).await?;
    let asked = message(&draft.answers, false);
    match (chosen(&desk, &draft.answers), messages::written(&asked)) {
        (None, _) => Answer::see(visit.link("/messages/new")),
        (Some(_), Err(_)) => Answer::see(visit.link("/messages/new/write")),
        (Some(to), Ok(())) => Answer::page(checked(to, &asked, visit)),
    }
}

fn checked(to: &Addressee, asked: &messages::Draft, visit: &Visit) -> Document {
    let subject = asked.subject.as_deref().unwrap_or_default();
    let row = |id: &'static str, value: Markup, place: &str| SummaryRow {
        actions: vec![Action {
            text: say("messages-change").to_owned(),
            href: visit.link(place),
            hidden: Some(say(id).to_lowercase()),
        }],
        ..SummaryRow::new(say(id), value)
    };
    let words = html! { span class="bevan-said" { (asked.text) } };
    let rows = vec![
        row("messages-row-to", html! { (to.name) }, "/messages/new"),
        row("messages-row-subject", html! { (subject) }, "/messages/new/write"),
        row("messages-row-text", words, "/messages/new/write"),
    ];
    let urgent = messages::sounds_urgent(&format!("{subject} {}", asked.text));
    let places = (visit.link("/messages/new/check"), visit.link("/messages/new/write"));
    check_page((rows, urgent), &form::fields(visit), (&places.0, &places.1))
}

/// Sends it.
pub async fn send(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let draft = visit.draft(state, DRAFT).await?;
    let asked = message(&draft.answers, visit.form.text(SURE) == "yes");
    match state.care.send_message(&actor, (&patient, visit.once()?), asked).await {
        Ok(id) => {
            draft.forget(state).await?;
            Answer::see(visit.link(&format!("/messages/{}/sent", address(&id))))
        }
        Err(Unsent::Refused(Refusal::Urgent)) => Answer::see(visit.link("/messages/new/check")),
        Err(Unsent::Refused(refusal)) => {
            let desk = desk(state, visit).await?;
            match chosen(&desk, &draft.answers) {
                Some(to) => Answer::refused(words_page(to, (&draft.answers, Some(refusal)), visit)),
                None => Answer::see(visit.link("/messages/new")),
            }
        }
        Err(Unsent::Unseen(unseen)) => Err(unseen.into()),
    }
}
