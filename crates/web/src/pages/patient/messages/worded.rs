//! How messages are worded, for patients and for staff: what a thread is called, who wrote, what was tried to bring it.

use crate::component::{CardHeading, CareCard, Colour, Label, Size, Tag, Textarea, Urgency, inset_text};
use crate::pages::address;
use crate::wording;
use crate::words::{fill, say, weave};
use care::messages::{Kind, Message, Party, State, Step, TEXT_MAX};
use care::profile::Channel;
use maud::{Markup, html};

/// The field that holds what a message says.
pub const TEXT: &str = "text";

/// Who reads a page.
#[derive(Clone, Copy)]
pub enum Reader<'a> {
    /// The patient, or somebody who acts for them under this name; links lead through the function.
    Patient(Option<&'a str>, &'a dyn Fn(&str) -> String),
    /// Staff, who call the patient by this name.
    Staff(&'a str),
}

/// What a thread is called.
pub fn title(kind: Kind, subject: Option<&str>) -> &str {
    subject.filter(|words| !words.is_empty()).unwrap_or_else(|| match kind {
        Kind::Question => say("messages-kind-question"),
        Kind::Family => say("messages-kind-family"),
        Kind::Application => say("messages-kind-application"),
        Kind::Assisted => say("messages-kind-assisted"),
        Kind::Letter => say("messages-kind-letter"),
        Kind::Review => say("messages-kind-review"),
        Kind::Message | Kind::Notice | Kind::Closed => say("messages-kind-message"),
    })
}

/// Who wrote, in words.
pub fn from(party: Option<&Party>, reader: Reader<'_>) -> String {
    match (party, reader) {
        (Some(Party::Patient), Reader::Patient(None, _)) => say("messages-you").to_owned(),
        (Some(Party::Patient), Reader::Patient(Some(name), _) | Reader::Staff(name)) => name.to_owned(),
        (Some(Party::Organisation { name, .. } | Party::Other { name }), _) if !name.is_empty() => {
            name.clone()
        }
        _ => say("messages-service").to_owned(),
    }
}

/// The messages of a thread, oldest first.
pub fn talk(messages: &[Message], reader: Reader<'_>) -> Markup {
    html! {
        ol class="bevan-talk" { @for one in messages { (turn(one, reader)) } }
    }
}

fn turn(one: &Message, reader: Reader<'_>) -> Markup {
    let who = from(one.from.as_ref(), reader);
    if one.kind == Kind::Closed {
        let values = [("who", who.as_str().into()), ("moment", wording::moment(one.sent).into())];
        return html! { li class="bevan-talk__mark" { p { (fill("messages-closed-mark", &values)) } } };
    }
    let own = one.from == Some(Party::Patient);
    let mine = own == matches!(reader, Reader::Patient(..));
    html! {
        li id={ "message-" (one.id) } class=[mine.then_some("bevan-talk__own")] {
            h2 class="bevan-talk__who" {
                (who)
                @if let Some(hand) = &one.written_by { span { " · " (hand) } }
            }
            p class="bevan-talk__when" { (wording::moment(one.sent)) }
            p class="bevan-talk__words" { (one.text) }
            @if !one.attachments.is_empty() {
                ul class="bevan-talk__papers" {
                    @for paper in &one.attachments {
                        li {
                            @match (&paper.document, reader) {
                                (Some(id), Reader::Patient(_, link)) => {
                                    a href=(link(&format!("/record/documents/{}", address(id)))) { (paper.title) }
                                },
                                _ => (paper.title),
                            }
                        }
                    }
                }
            }
            @match reader {
                Reader::Patient(_, link) => {
                    @if !own && one.kind != Kind::Application {
                        p class="bevan-talk__do" {
                            a href=(link(&format!("/messages/{}/letter", address(&one.id)))) {
                                (say("messages-print"))
                                span class="nhsuk-u-visually-hidden" { " " (fill("messages-print-which", &[("moment", wording::moment(one.sent).into())])) }
                            }
                        }
                    }
                },
                Reader::Staff(..) => (brought(one)),
            }
        }
    }
}

/// What was tried to bring a message, for staff.
fn brought(one: &Message) -> Markup {
    let told = one.from != Some(Party::Patient) && one.to.contains(&Party::Patient);
    html! {
        @if told {
            ul class="bevan-talk__steps" {
                @match one.opened {
                    Some(at) => li { (fill("messages-opened", &[("moment", wording::moment(at).into())])) },
                    None => li { (say("messages-unopened")) },
                }
                @for step in &one.steps { li { (tried(step)) } }
                @if one.lost { li { strong class="bevan-flag bevan-flag--alarm" { (say("messages-lost")) } } }
            }
        }
    }
}

fn tried(step: &Step) -> String {
    let channel = match step.channel {
        Channel::App => say("messages-by-app"),
        Channel::Email => say("messages-by-email"),
        Channel::Text => say("messages-by-text"),
        Channel::Letter => say("messages-by-letter"),
    };
    let id = match step.state {
        State::Sent => "messages-step-sent",
        State::Failed => "messages-step-failed",
        State::Refused => "messages-step-refused",
    };
    fill(id, &[("channel", channel.into()), ("moment", wording::moment(step.at).into())])
}

/// How many messages are new, as a tag.
pub fn news(count: usize) -> Markup {
    let words = fill("messages-new", &[("count", count.into())]);
    html! { (Tag::new(&words, Colour::Blue)) }
}

/// The box for what a message says.
pub fn area(label: &str, value: &str, wrong: Option<&str>) -> Textarea {
    let limit = i64::try_from(TEXT_MAX).unwrap_or(i64::MAX);
    Textarea {
        label: Label { size: Some(Size::M), ..Label::new(label) },
        hint: Some(fill("messages-text-hint", &[("count", limit.into())]).into()),
        error: wrong.map(Into::into),
        name: TEXT.to_owned(),
        value: value.to_owned(),
        rows: Some(8),
        ..Textarea::default()
    }
}

/// That messages are not for what cannot wait.
pub fn not_urgent() -> Markup {
    let number = |number: &'static str| html! { a href={ "tel:" (number) } { (number) } };
    let words = weave("messages-not-urgent", &[("urgent", number("111")), ("emergency", number("999"))]);
    inset_text(&html! { p { (words) } }.into())
}

/// Where to go with what sounds as if it could not wait.
pub fn emergency() -> Markup {
    let number = |number: &'static str| html! { a href={ "tel:" (number) } { (number) } };
    let inside = html! {
        p { (weave("messages-emergency-call", &[("emergency", number("999"))])) }
        p { (weave("messages-emergency-else", &[("urgent", number("111"))])) }
        p { (say("messages-emergency-not-read")) }
    };
    let heading = CardHeading::new(say("messages-emergency-heading"), None);
    html! { (CareCard { urgency: Urgency::Emergency, heading, inside }) }
}
