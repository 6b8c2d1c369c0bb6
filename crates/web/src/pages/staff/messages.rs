//! What patients have written to the reader's organisation: the list, a conversation, an answer, closing it, and a new
//! message to a patient. Surgeries and hospitals have the same pages; whose conversations they see is decided by `care`.

use crate::component::{
    Button, Caption, Cell, Choice, ChoiceLine, Choices, Column, Content, ErrorLine, ErrorSummary, Fieldset,
    Input, Label, Legend, Size, Table, Textarea, inset_text,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::patient::messages::worded::{Reader, TEXT, from, news, talk, title};
use crate::pages::patient::messages::wrong;
use crate::pages::section::{self, section};
use crate::route::{Route, Who};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::Role;
use care::messages::{self, Addressee, Desk, Inbox, Line, Refusal, Standing, Thread, Unsent};
use care::profile::{Format, Preferences};
use maud::{Markup, html};

/// Messages, as staff work with them.
pub const ROUTES: &[Route] = &[
    Route::get(PLACE, Who::WardOrSurgery, |state, visit| Box::pin(list(state, visit))),
    Route::get("/staff/messages/{id}", Who::WardOrSurgery, |state, visit| Box::pin(thread(state, visit))),
    Route::post("/staff/messages/{id}", Who::WardOrSurgery, |state, visit| Box::pin(answer(state, visit))),
    Route::post("/staff/messages/{id}/close", Who::WardOrSurgery, |state, visit| {
        Box::pin(close(state, visit))
    }),
    Route::get("/staff/patients/{id}/message", Who::WardOrSurgery, |state, visit| {
        Box::pin(compose(state, visit))
    }),
    Route::post("/staff/patients/{id}/message", Who::WardOrSurgery, |state, visit| {
        Box::pin(send(state, visit))
    }),
];

const PLACE: &str = "/staff/messages";
const TO: &str = "to";
const SUBJECT: &str = "subject";

async fn list(state: &State, visit: &Visit) -> Outcome {
    Answer::page(list_page(&state.care.work_messages(&visit.actor()?).await?))
}

fn list_page(inbox: &Inbox) -> Document {
    let heading = say("messages-work");
    let columns = [
        "messages-work-patient",
        "messages-work-about",
        "messages-work-with",
        "messages-work-waits",
        "messages-work-last",
    ];
    let columns = columns.map(|id| Column::new(say(id))).into();
    let body = html! {
        h1 { (heading) }
        p class="bevan-lede" { (say("messages-work-lede")) }
        (section(section::Reader::Staff, &inbox.threads, say("messages-work-empty"), |all| {
            let rows = all.iter().map(|one| row(one, inbox)).collect();
            html! { (Table::stacking(Caption::hidden(heading), columns, rows)) }
        }))
    };
    Document::wide(heading, body).under(&[(say("messages-work-home"), "/staff/home")])
}

fn row(one: &Line, inbox: &Inbox) -> Vec<Cell> {
    let patient = one.patient.clone().unwrap_or_default();
    let about = html! {
        a href={ (PLACE) "/" (address(&one.thread)) } { (title(one.kind, one.subject.as_deref())) }
        @if one.urgent { br; strong class="bevan-flag bevan-flag--alarm" { (say("messages-work-urgent")) } }
    };
    let today = wording::local(inbox.read_at).date();
    let waits = match (one.waits_since, one.answer_by) {
        (Some(since), Some(by)) => {
            let values = [
                ("ago", wording::capital(&wording::ago(since, inbox.read_at)).into()),
                ("day", wording::weekday(by).into()),
            ];
            if by < today {
                html! { strong class="bevan-flag--alarm" { (fill("messages-work-overdue", &values)) } }
            } else {
                html! { (fill("messages-work-by", &values)) }
            }
        }
        _ if one.unread > 0 => html! { (news(one.unread)) },
        _ => html! { (say("messages-work-none")) },
    };
    let reader = Reader::Staff(&patient);
    let last = from(one.last_from.as_ref(), reader);
    vec![
        Cell::from(patient.as_str()),
        Cell::from(about),
        Cell::from(one.with.join(", ")),
        Cell::from(waits),
        Cell::from(format!("{last}, {}", wording::ago(one.last_at, inbox.read_at))),
    ]
}

async fn thread(state: &State, visit: &Visit) -> Outcome {
    let thread = state.care.thread(&visit.actor()?, visit.id()).await?;
    Answer::page(thread_page(&thread, visit, (visit.restored.text(TEXT), None)))
}

fn thread_page(thread: &Thread, visit: &Visit, (text, wrong): (&str, Option<&str>)) -> Document {
    let heading = title(thread.kind, thread.subject.as_deref());
    let place = format!("{PLACE}/{}", address(&thread.id));
    let ward = visit.session.as_ref().is_some_and(|one| matches!(one.person.role, Role::WardStaff { .. }));
    let needs = needs(&thread.preferences);
    let body = html! {
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, TEXT)])) }
        h1 { (heading) }
        p class="bevan-lede" {
            strong { (thread.name) }
            @if !thread.with.is_empty() { " · " (thread.with.join(", ")) }
        }
        @if let Some(referral) = &thread.referral {
            p { (fill("messages-referral-staff", &[("referral", referral.as_str().into())])) }
        }
        @if !needs.is_empty() {
            (inset_text(&fill("messages-case-needs", &[("name", thread.name.as_str().into()), ("needs", needs.join(", ").into())]).into()))
        }
        @if ward {
            p { a href={ "/staff/patients/" (address(&thread.patient)) } { (say("messages-case-record")) } }
        }
        (talk(&thread.messages, Reader::Staff(&thread.name)))
        (answering(thread, visit, (&place, text, wrong)))
    };
    let above = [(say("messages-work-home"), "/staff/home"), (say("messages-work"), PLACE)];
    Document { refused: wrong.is_some(), ..Document::new(heading, body).under(&above) }
}

/// What the patient needs to understand an answer.
fn needs(stated: &Preferences) -> Vec<String> {
    let mut all = Vec::new();
    all.extend(stated.interpreter.then(|| say("messages-case-interpreter").to_owned()));
    let language = stated.language.as_deref();
    all.extend(language.map(|one| fill("messages-case-language", &[("language", one.into())])));
    let format = match stated.format {
        Format::Standard => None,
        Format::LargePrint => Some(say("messages-case-large")),
        Format::Braille => Some(say("messages-case-braille")),
        Format::Audio => Some(say("messages-case-audio")),
        Format::EasyRead => Some(say("messages-case-easy")),
    };
    all.extend(format.map(str::to_owned));
    all
}

fn answering(thread: &Thread, visit: &Visit, (place, text, wrong): (&str, &str, Option<&str>)) -> Markup {
    if thread.standing == Standing::NoReply {
        return html! { p { (say("messages-case-over")) } };
    }
    let closed = match &thread.standing {
        Standing::Closed { by, at } => {
            let who = by.as_deref().unwrap_or_else(|| say("messages-service"));
            let values = [("who", who.into()), ("day", wording::moment(*at).into())];
            Some(fill("messages-case-closed", &values))
        }
        _ => None,
    };
    let readers = match thread.readers.join(", ") {
        none if none.is_empty() => say("messages-case-one").to_owned(),
        names => fill("messages-case-all", &[("names", names.into())]),
    };
    html! {
        @if let Some(words) = &closed { (inset_text(&words.as_str().into())) }
        form method="post" action=(place) novalidate {
            (form::fields(visit))
            p { (readers) }
            (area(say("messages-case-label"), (text, wrong)))
            (Button::new(say("messages-case-send")))
        }
        @if closed.is_none() {
            h2 class="nhsuk-heading-m" { (say("messages-case-close-heading")) }
            p { (say("messages-case-close-words")) }
            form method="post" action={ (place) "/close" } novalidate {
                (form::fields(visit))
                (Button::secondary(say("messages-case-close")))
            }
        }
    }
}

fn area(label: &str, (text, wrong): (&str, Option<&str>)) -> Textarea {
    let limit = i64::try_from(messages::TEXT_MAX).unwrap_or(i64::MAX);
    Textarea {
        label: Label { size: Some(Size::M), ..Label::new(label) },
        hint: Some(fill("messages-case-hint", &[("count", limit.into())]).into()),
        error: wrong.map(Content::from),
        name: TEXT.to_owned(),
        value: text.to_owned(),
        rows: Some(6),
        ..Textarea::default()
    }
}

async fn answer(state: &State, visit: &Visit) -> Outcome {
    let actor = visit.actor()?;
    let text = visit.form.text(TEXT).replace("\r\n", "\n");
    let draft = messages::Draft { text: text.clone(), ..messages::Draft::default() };
    match state.care.answer_message(&actor, (visit.id(), visit.once()?), draft).await {
        Ok(()) => Answer::see(format!("{PLACE}/{}", address(visit.id()))),
        Err(Unsent::Refused(refusal)) => {
            let thread = state.care.thread(&actor, visit.id()).await?;
            Answer::refused(thread_page(&thread, visit, (&text, Some(&wrong(refusal)))))
        }
        Err(Unsent::Unseen(unseen)) => Err(unseen.into()),
    }
}

async fn close(state: &State, visit: &Visit) -> Outcome {
    match state.care.close_messages(&visit.actor()?, (visit.id(), visit.once()?)).await {
        Ok(()) => Answer::see(PLACE),
        // Somebody else closed it, or it is over: the page says so.
        Err(Unsent::Refused(_)) => Answer::see(format!("{PLACE}/{}", address(visit.id()))),
        Err(Unsent::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// What was typed into the form for a new message.
#[derive(Default)]
struct Typed {
    to: String,
    subject: String,
    text: String,
}

async fn compose(state: &State, visit: &Visit) -> Outcome {
    let desk = state.care.message_desk(&visit.actor_for(visit.id())?, visit.id()).await?;
    let of = |name: &str| visit.restored.text(name).to_owned();
    let typed = Typed { to: of(TO), subject: of(SUBJECT), text: of(TEXT) };
    Answer::page(compose_page(&desk, visit, (&typed, None)))
}

fn compose_page(desk: &Desk, visit: &Visit, (typed, refusal): (&Typed, Option<Refusal>)) -> Document {
    let heading = say("messages-case-write");
    let words = refusal.map(wrong);
    let field = match refusal {
        Some(Refusal::Nobody) => TO,
        Some(Refusal::NoSubject | Refusal::LongSubject) => SUBJECT,
        _ => TEXT,
    };
    let of = |name: &str| words.as_deref().filter(|_| field == name);
    let line = |one: &Addressee| {
        let text = match &one.referral {
            Some(referral) => fill("messages-case-to-referral", &[("referral", referral.as_str().into())]),
            None => say("messages-case-to-patient").to_owned(),
        };
        ChoiceLine::Choice(Choice::new(&one.key, &text).checked(one.key == typed.to))
    };
    let legend =
        Legend { text: say("messages-case-to").into(), size: Some(Size::M), page_heading: false, id: None };
    let choices = Choices {
        name: TO.to_owned(),
        fieldset: Some(Fieldset { legend }),
        error: of(TO).map(Content::from),
        lines: desk.addressees.iter().map(line).collect(),
        ..Choices::default()
    };
    let subject = Input {
        label: Label { size: Some(Size::M), ..Label::new(say("messages-row-subject")) },
        error: of(SUBJECT).map(Content::from),
        name: SUBJECT.to_owned(),
        value: Some(typed.subject.clone()),
        ..Input::default()
    };
    let needs = needs(&desk.preferences);
    let body = html! {
        @if let Some(words) = &words { (ErrorSummary::new(vec![ErrorLine::new(words, field)])) }
        h1 { (heading) }
        p class="bevan-lede" { strong { (desk.name) } }
        @if !needs.is_empty() {
            (inset_text(&fill("messages-case-needs", &[("name", desk.name.as_str().into()), ("needs", needs.join(", ").into())]).into()))
        }
        @if desk.addressees.is_empty() {
            div class="bevan-answer" { p { (say("messages-case-nobody")) } }
        } @else {
            form method="post" action={ "/staff/patients/" (address(visit.id())) "/message" } novalidate {
                (form::fields(visit))
                (choices)
                (subject)
                (area(say("messages-row-text"), (&typed.text, of(TEXT))))
                (Button::new(say("messages-case-send")))
            }
        }
    };
    let above = [(say("messages-work-home"), "/staff/home"), (say("messages-work"), PLACE)];
    Document { refused: refusal.is_some(), ..Document::new(heading, body).under(&above) }
}

async fn send(state: &State, visit: &Visit) -> Outcome {
    let actor = visit.actor_for(visit.id())?;
    let typed = Typed {
        to: visit.form.text(TO).to_owned(),
        subject: visit.form.text(SUBJECT).to_owned(),
        text: visit.form.text(TEXT).replace("\r\n", "\n"),
    };
    let draft = messages::Draft {
        to: typed.to.clone(),
        subject: Some(typed.subject.clone()),
        text: typed.text.clone(),
        sure: true,
    };
    match state.care.send_message(&actor, (visit.id(), visit.once()?), draft).await {
        Ok(id) => Answer::see(format!("{PLACE}/{}", address(&id))),
        Err(Unsent::Refused(refusal)) => {
            let desk = state.care.message_desk(&actor, visit.id()).await?;
            Answer::refused(compose_page(&desk, visit, (&typed, Some(refusal))))
        }
        Err(Unsent::Unseen(unseen)) => Err(unseen.into()),
    }
}
