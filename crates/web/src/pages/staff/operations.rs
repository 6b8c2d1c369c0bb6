//! The operator's page: feeds, the inbox, the messages that could not be applied and the matters that messages left open,
//! each with its reason and one button. Shows no patient.

use crate::component::{Button, Caption, Cell, Column, Table};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::session::Session;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::wording;
use care::operations::{DeadLetter, Feed, InboxCounts, Matter, Operations};
use jiff::Timestamp;
use maud::{Markup, Render, html};

const PLACE: &str = "/staff/operations";

/// Prints the hidden fields of one more form of the page.
type Fields<'a> = &'a dyn Fn() -> Markup;

/// The page.
pub async fn operations(state: &State, visit: &Visit) -> Outcome {
    let view = state.care.operations(&visit.actor()?, visit.page()).await?;
    Ok(Answer::Page(Box::new(operations_page(&view, &|| form::fields(visit)))))
}

/// Closes a matter.
pub async fn close(state: &State, visit: &Visit) -> Outcome {
    match state.care.close_matter(&visit.actor()?, visit.id(), visit.once()?).await {
        Err(care::view::Unseen::NotFound) => return Err(Problem::NotFound),
        other => other?,
    }
    let notice =
        Some("The matter is closed. A message that says something new of it opens it again.".to_owned());
    let session = Session { notice, ..visit.session()?.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), PLACE.to_owned()))
}

/// Puts a message back in the queue.
pub async fn replay(state: &State, visit: &Visit) -> Outcome {
    let letter: i64 = visit.id().parse().map_err(|_| Problem::NotFound)?;
    match state.care.replay(&visit.actor()?, letter).await {
        Err(care::view::Unseen::NotFound) => return Err(Problem::NotFound),
        other => other?,
    }
    let notice = Some(format!("Message {letter} is back in the queue. It is tried again at once."));
    let session = Session { notice, ..visit.session()?.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), PLACE.to_owned()))
}

/// Prints the page.
pub fn operations_page(view: &Operations, fields: Fields<'_>) -> Document {
    let now = view.read_at;
    let body = html! {
        h1 { "Feeds and messages" }
        div class="bevan-live" {
            span { "At " (wording::clock24(now)) "." }
            span class="bevan-live__links" { a href=(PLACE) { "Refresh" } }
        }
        (counts(view.inbox, view.unreviewed))
        h2 class="nhsuk-heading-m" { "Feeds" }
        (section(Reader::Staff, &view.feeds, "No message has ever arrived.", |all| feeds(all, now)))
        h2 class="nhsuk-heading-m" { "Messages that could not be applied" }
        (section(Reader::Staff, &view.dead_letters, "None. Every message that arrived was applied.", |all| {
            letters(all, fields, now)
        }))
        h2 class="nhsuk-heading-m" { "Matters to look at" }
        (section(Reader::Staff, &view.matters, "None. The messages that were applied agree with each other.", |all| {
            matters(all, fields, now)
        }))
    };
    Document::wide("Feeds and messages", body)
}

fn number(count: u64) -> String {
    wording::grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

fn counts(inbox: InboxCounts, unreviewed: Option<u64>) -> Markup {
    let one = |count: u64, words: &str, alarm: bool| {
        html! { div class=[alarm.then_some("bevan-figures__alarm")] { dt { (words) } dd { (number(count)) } } }
    };
    html! {
        dl class="bevan-figures" {
            (one(inbox.dead, "not applied", inbox.dead > 0))
            (one(inbox.waiting, "waiting", false))
            (one(inbox.applied, "applied", false))
            (one(inbox.duplicates, "repeats, no effect", false))
            (one(inbox.control_id_reused, "control id used twice", false))
            @match unreviewed {
                Some(count) => { (one(count, "emergency accesses not reviewed", false)) },
                None => { div { dt { "emergency accesses not reviewed" } dd { "Not counted" } } },
            }
        }
    }
}

fn feeds(all: &[Feed], now: Timestamp) -> Markup {
    let rows = all.iter().map(|feed| {
        let newest = match feed.last_message_at {
            None => html! { "None yet" },
            Some(at) if feed.stale => {
                html! { span class="bevan-chip bevan-chip--warn" { "Silent: " (wording::ago(at, now)) } }
            }
            Some(at) => html! { (wording::ago(at, now)) },
        };
        vec![
            Cell::from(feed.name.as_str()),
            Cell::from(newest),
            Cell::from(number(feed.received)),
            Cell::from(number(feed.dead)),
        ]
    });
    let columns = vec![
        Column::new("Source"),
        Column::new("Newest message"),
        Column::numeric("Received"),
        Column::numeric("Not applied"),
    ];
    Table::stacking(Caption::hidden("Feeds"), columns, rows.collect()).render()
}

fn matters(all: &[Matter], fields: Fields<'_>, now: Timestamp) -> Markup {
    let rows = all.iter().map(|matter| {
        let messages = matter.messages.iter().map(|message| html! { (message) br; });
        let button = html! {
            form method="post" action={ (PLACE) "/matters/" (address(&matter.id)) "/close" } {
                (fields())
                (Button {
                    small: true,
                    hidden: Some(matter.kind.to_owned()),
                    ..Button::secondary("Close this matter")
                })
            }
        };
        vec![
            Cell::from(html! {
                (matter.kind)
                br;
                span class="bevan-small" { (matter.meaning) }
            }),
            Cell::from(matter.place.as_deref().unwrap_or("Not told")),
            Cell::from(html! { @for message in messages { (message) } }),
            Cell::from(matter.since.map_or_else(|| "Not told".to_owned(), |at| wording::ago(at, now))),
            Cell::from(button),
        ]
    });
    let columns = ["What", "Where", "Messages", "Since", "Action"].map(Column::new);
    Table::stacking(Caption::hidden("Matters to look at"), columns.to_vec(), rows.collect()).render()
}

fn letters(all: &[DeadLetter], fields: Fields<'_>, now: Timestamp) -> Markup {
    let rows = all.iter().map(|letter| {
        let button = html! {
            form method="post" action={ (PLACE) "/" (letter.id) "/replay" } {
                (fields())
                (Button {
                    small: true,
                    hidden: Some(format!("message {}", letter.id)),
                    ..Button::secondary("Try again")
                })
            }
        };
        vec![
            Cell::from(html! {
                (letter.id)
                @if !letter.kind.is_empty() { ", " (letter.kind) }
                br;
                span class="bevan-small" { (letter.control_id) }
            }),
            Cell::from(letter.reason.as_str()),
            Cell::from(html! {
                (wording::short_moment(letter.received_at, now))
                br;
                span class="bevan-small" { (letter.source) ", " "tried " (wording::plural(i64::from(letter.tries), "time")) }
            }),
            Cell::from(button),
        ]
    });
    let columns = ["Message", "Why it was not applied", "Arrived", "Action"].map(Column::new);
    Table::stacking(Caption::hidden("Messages that could not be applied"), columns.to_vec(), rows.collect())
        .render()
}
