//! One thread: what was said, and the box for an answer, or why there is none.

use super::worded::{Reader, TEXT, area, not_urgent, talk, title};
use crate::component::{Button, ErrorLine, ErrorSummary, inset_text};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::messages::{Kind, Standing, Thread};
use maud::{Markup, html};

/// The page.
pub async fn thread(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let thread = state.care.thread(&visit.actor_for(&patient)?, visit.id()).await?;
    let draft = super::reply::draft(state, visit, &thread.id).await?;
    Answer::page(thread_page(&thread, visit, (draft.answers.text(TEXT), None)))
}

/// Prints a thread, with an answer so far and what is wrong with it.
pub fn thread_page(thread: &Thread, visit: &Visit, (text, wrong): (&str, Option<&str>)) -> Document {
    let heading = title(thread.kind, thread.subject.as_deref());
    let link = |path: &str| visit.link(path);
    let reader = Reader::Patient(visit.acting.as_ref().map(|acting| acting.name.as_str()), &link);
    let body = html! {
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, TEXT)])) }
        h1 { (heading) }
        @if !thread.with.is_empty() {
            p class="bevan-lede" { (fill("messages-with", &[("names", thread.with.join(", ").into())])) }
        }
        @if let Some(referral) = &thread.referral {
            p { (fill("messages-referral", &[("referral", referral.as_str().into())])) }
        }
        (talk(&thread.messages, reader))
        (answer(thread, visit, (text, wrong)))
    };
    let crumbs = [(say("messages-home"), visit.link("/home")), (say("messages-heading"), link("/messages"))];
    let crumbs: Vec<(&str, &str)> = crumbs.iter().map(|(text, href)| (*text, href.as_str())).collect();
    Document { refused: wrong.is_some(), ..Document::new(heading, body).under(&crumbs) }
}

fn answer(thread: &Thread, visit: &Visit, (text, wrong): (&str, Option<&str>)) -> Markup {
    match &thread.standing {
        Standing::Open => html! {
            h2 class="nhsuk-heading-m" { (say("messages-reply")) }
            @if !thread.readers.is_empty() {
                p { (fill("messages-reply-to", &[("names", thread.readers.join(", ").into())])) }
            }
            (not_urgent())
            form method="post" action=(visit.link(&format!("/messages/{}", address(&thread.id)))) novalidate {
                (form::fields(visit))
                (area(say("messages-reply-label"), text, wrong))
                (Button::new(say("messages-continue")))
            }
        },
        Standing::Closed { by, at } => {
            let who = by.as_deref().unwrap_or_else(|| say("messages-service"));
            let values = [("who", who.into()), ("day", wording::moment(*at).into())];
            html! {
                (inset_text(&fill("messages-closed", &values).into()))
                p { a href=(visit.link("/messages/new")) { (say("messages-write")) } }
            }
        }
        Standing::NoReply if matches!(thread.kind, Kind::Message | Kind::Question) => html! {
            (inset_text(&say("messages-over").into()))
            p { a href=(visit.link("/messages/new")) { (say("messages-write")) } }
        },
        Standing::NoReply => html! { p { (say("messages-no-reply")) } },
    }
}
