//! An answer in a thread: written, checked, sent. What is written is kept on the server until it is sent.

use super::thread::thread_page;
use super::worded::{TEXT, emergency, not_urgent, title};
use crate::component::{Action, Button, SummaryList, SummaryRow, panel};
use crate::draft::Draft;
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::{fill, say};
use care::messages::{self, Refusal, Thread, Unsent};
use care::profile::Channel;
use maud::{Markup, html};

const DRAFT: &str = "message-reply";
const THREAD: &str = "thread";
/// Says that somebody has read where to go with what cannot wait.
pub const SURE: &str = "sure";

/// What somebody has written in a thread so far; what was begun in another thread is left alone.
pub async fn draft(state: &State, visit: &Visit, thread: &str) -> Result<Draft, Problem> {
    let mut draft = visit.draft(state, DRAFT).await?;
    if draft.answers.text(THREAD) != thread {
        draft.answers.put(TEXT, visit.restored.get(TEXT));
    }
    Ok(draft)
}

/// What was written, with one kind of line break.
pub fn said(visit: &Visit) -> String {
    visit.form.text(TEXT).replace("\r\n", "\n")
}

/// What is wrong with what was written.
pub fn wrong(refusal: Refusal) -> String {
    match refusal {
        Refusal::Nobody => say("messages-wrong-nobody").to_owned(),
        Refusal::NoSubject => say("messages-wrong-subject").to_owned(),
        Refusal::LongSubject => {
            fill("messages-wrong-subject-long", &[("count", limit(messages::SUBJECT_MAX).into())])
        }
        Refusal::NoText => say("messages-wrong-text").to_owned(),
        Refusal::LongText => fill("messages-wrong-text-long", &[("count", limit(messages::TEXT_MAX).into())]),
        Refusal::Urgent => say("messages-wrong-urgent").to_owned(),
        Refusal::TooMany => fill("messages-wrong-many", &[("count", limit(messages::DAY_MAX).into())]),
        Refusal::Closed => say("messages-wrong-closed").to_owned(),
    }
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Keeps what was written and leads on.
pub async fn written(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let thread = state.care.thread(&visit.actor_for(&patient)?, visit.id()).await?;
    let text = said(visit);
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.answers.put(THREAD, [thread.id.as_str()]);
    draft.answers.put(TEXT, [text.as_str()]);
    draft.keep(state).await?;
    let asked = messages::Draft { text: text.clone(), ..messages::Draft::default() };
    if let Err(refusal) = messages::written(&asked) {
        return Answer::refused(thread_page(&thread, visit, (&text, Some(&wrong(refusal)))));
    }
    Answer::see(visit.link(&format!("/messages/{}/check", address(&thread.id))))
}

/// Everything once more before it is sent.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let thread = state.care.thread(&visit.actor_for(&patient)?, visit.id()).await?;
    let draft = draft(state, visit, &thread.id).await?;
    let text = draft.answers.text(TEXT);
    let place = visit.link(&format!("/messages/{}", address(&thread.id)));
    if text.is_empty() {
        return Answer::see(place);
    }
    let change = |row: &str| Action {
        text: say("messages-change").to_owned(),
        href: place.clone(),
        hidden: Some(row.to_lowercase()),
    };
    let mut rows = vec![
        SummaryRow::new(say("messages-row-about"), title(thread.kind, thread.subject.as_deref())),
        SummaryRow::new(say("messages-row-readers"), thread.readers.join(", ").as_str()),
    ];
    let row = SummaryRow::new(say("messages-row-text"), html! { span class="bevan-said" { (text) } });
    rows.push(SummaryRow { actions: vec![change(say("messages-row-text"))], ..row });
    let asked = messages::sounds_urgent(text);
    Answer::page(check_page((rows, asked), &form::fields(visit), (&format!("{place}/check"), &place)))
}

/// Prints the page on which a message is checked; when it sounds urgent, with where to go first.
pub fn check_page(
    (rows, urgent): (Vec<SummaryRow>, bool),
    fields: &Markup,
    (action, back): (&str, &str),
) -> Document {
    let heading = if urgent { say("messages-check-urgent") } else { say("messages-check") };
    let send = if urgent { say("messages-send-anyway") } else { say("messages-send") };
    let body = html! {
        h1 { (heading) }
        @if urgent { (emergency()) }
        (SummaryList::new(rows))
        @if !urgent { (not_urgent()) }
        form method="post" action=(action) novalidate {
            (fields)
            @if urgent { input type="hidden" name=(SURE) value="yes"; }
            (Button::new(send))
        }
    };
    Document::new(heading, body).after(back)
}

/// Sends it.
pub async fn send(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let draft = draft(state, visit, visit.id()).await?;
    let asked = messages::Draft {
        text: draft.answers.text(TEXT).to_owned(),
        sure: visit.form.text(SURE) == "yes",
        ..messages::Draft::default()
    };
    let place = visit.link(&format!("/messages/{}", address(visit.id())));
    match state.care.answer_message(&actor, (visit.id(), visit.once()?), asked.clone()).await {
        Ok(()) => {
            draft.forget(state).await?;
            Answer::see(format!("{place}/sent"))
        }
        Err(Unsent::Refused(Refusal::Urgent)) => Answer::see(format!("{place}/check")),
        Err(Unsent::Refused(refusal)) => {
            let thread = state.care.thread(&actor, visit.id()).await?;
            Answer::refused(thread_page(&thread, visit, (&asked.text, Some(&wrong(refusal)))))
        }
        Err(Unsent::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// It is sent, and what happens next.
pub async fn sent(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let thread = state.care.thread(&visit.actor_for(&patient)?, visit.id()).await?;
    Answer::page(sent_page(&thread, visit))
}

fn sent_page(thread: &Thread, visit: &Visit) -> Document {
    let heading = say("messages-sent");
    let names = thread.readers.join(", ");
    let told = match thread.preferences.channel {
        None | Some(Channel::App) => say("messages-sent-app"),
        Some(Channel::Email) => say("messages-sent-email"),
        Some(Channel::Text) => say("messages-sent-text"),
        Some(Channel::Letter) => say("messages-sent-letter"),
    };
    let body = html! {
        (panel(heading, &fill("messages-sent-to", &[("names", names.into())]).into()))
        h2 class="nhsuk-heading-m" { (say("messages-next")) }
        p { (say("messages-next-when")) }
        p { (told) }
        (not_urgent())
        ul class="bevan-links" {
            li { a href=(visit.link(&format!("/messages/{}", address(&thread.id)))) { (title(thread.kind, thread.subject.as_deref())) } }
            li { a href=(visit.link("/messages")) { (say("messages-heading")) } }
        }
    };
    Document::new(heading, body)
}
