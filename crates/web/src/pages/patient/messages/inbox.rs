//! The inbox: every sender in one list, newest first.

use super::worded::{Reader, from, news as new_mark, title};
use crate::component::Button;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::attention::{Item, Rank};
use crate::pages::section::{self, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::messages::{Inbox, Line};
use care::view::Unseen;
use maud::{Markup, html};

/// For the home page: how many messages are new, and what the inbox hands in to what needs the person: that something is new,
/// and from whom.
///
/// # Errors
/// [`Problem::Forbidden`] for somebody who acts for the person and may not read their messages.
pub async fn news(state: &State, visit: &Visit) -> Result<(u64, Vec<Item>), Problem> {
    let patient = visit.patient_id()?;
    let news = match state.care.message_news(&visit.actor_for(patient)?, patient).await {
        Ok(news) if news.count > 0 => news,
        Ok(_) => return Ok((0, Vec::new())),
        Err(Unseen::NoAccess | Unseen::NotFound) => return Err(Problem::Forbidden),
        Err(error) => return Err(error.into()),
    };
    let what = fill("messages-attention", &[("count", news.count.into())]);
    let from = news.from.as_deref().unwrap_or_else(|| say("messages-service"));
    let words = fill("messages-attention-from", &[("who", from.into())]);
    let item = Item::new(Rank::News, what, words).at(news.newest);
    Ok((news.count, vec![item.to(say("messages-heading"), visit.link("/messages"))]))
}

/// The page.
pub async fn inbox(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let inbox = state.care.inbox(&visit.actor_for(&patient)?, &patient, visit.page()).await?;
    Answer::page(inbox_page(&inbox, visit))
}

fn inbox_page(inbox: &Inbox, visit: &Visit) -> Document {
    let heading = say("messages-heading");
    let new: usize = inbox.threads.items().iter().map(|line| line.unread).sum();
    let link = |path: &str| visit.link(path);
    let reader = Reader::Patient(visit.acting.as_ref().map(|acting| acting.name.as_str()), &link);
    let body = html! {
        h1 { (heading) }
        p class="bevan-lede" { (fill("messages-lede", &[("count", new.into())])) }
        (Button { href: Some(visit.link("/messages/new")), ..Button::new(say("messages-write")) })
        (section(section::Reader::Patient, &inbox.threads, say("messages-empty"), |all| html! {
            ul class="bevan-inbox" { @for one in all { (line(one, reader, &link)) } }
        }))
    };
    Document::new(heading, body).under(&[(say("messages-home"), &visit.link("/home"))])
}

fn line(one: &Line, reader: Reader<'_>, link: &dyn Fn(&str) -> String) -> Markup {
    let last = [
        ("who", from(one.last_from.as_ref(), reader).into()),
        ("moment", wording::moment(one.last_at).into()),
    ];
    html! {
        li class=[(one.unread > 0).then_some("bevan-inbox__new")] {
            h2 {
                a href=(link(&format!("/messages/{}", address(&one.thread)))) {
                    (title(one.kind, one.subject.as_deref()))
                }
                @if one.unread > 0 { " " (new_mark(one.unread)) }
            }
            @if !one.with.is_empty() { p { (one.with.join(", ")) } }
            p class="bevan-inbox__last" { (fill("messages-last", &last)) }
        }
    }
}
