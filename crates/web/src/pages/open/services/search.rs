//! The form that finds a service.

use super::words::{many, one as kind_words};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, Content, ErrorLine, ErrorSummary, Input, Label, Pick, Select,
    SelectOption, Size,
};
use crate::layout::Document;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say, weave};
use care::services::Kind;
use maud::{Markup, html};

/// The page.
pub fn search(visit: &Visit) -> Outcome {
    let kind = visit.query.get("type").and_then(Kind::of);
    Answer::page(search_page(&Asked { near: visit.query.text("near"), kind, open: false }, None))
}

/// What is looked for.
pub struct Asked<'a> {
    /// Where, as somebody wrote it.
    pub near: &'a str,
    /// Which kind; `None` is every kind.
    pub kind: Option<Kind>,
    /// Whether only what may be open now.
    pub open: bool,
}

/// Prints the page, with what is wrong where something is.
pub fn search_page(asked: &Asked<'_>, error: Option<&'static str>) -> Document {
    // Whoever was sent here for one kind of service lands under the words that sent them.
    let heading = match asked.kind {
        Some(kind) => fill("check-find", &[("kind", kind_words(kind).into())]),
        None => say("services-heading").to_owned(),
    };
    let body = html! {
        @if let Some(text) = error { (ErrorSummary::new(vec![ErrorLine::new(text, "near")])) }
        h1 { (heading) }
        p class="bevan-lede" { (say("services-lede")) }
        (form(asked, error))
        @if error.is_some() { p { (say("services-other-ways")) } }
        p { (weave("services-check", &[("check", html! { a href="/check" { (say("check-heading")) } })])) }
    };
    Document::new(&heading, body)
}

/// The form.
pub fn form(asked: &Asked<'_>, error: Option<&'static str>) -> Markup {
    let Asked { near, kind, open } = *asked;
    let place = Input {
        label: Label { size: Some(Size::M), ..Label::new(say("services-near")) },
        hint: Some(say("services-near-hint").into()),
        error: error.map(Content::from),
        name: "near".to_owned(),
        value: Some(near.to_owned()).filter(|near| !near.is_empty()),
        width: Some(20),
        autocomplete: Some("postal-code".to_owned()),
        spellcheck: Some(false),
        ..Input::default()
    };
    let option = |code: &str, text: &str, selected| SelectOption {
        value: code.to_owned(),
        text: text.to_owned(),
        selected,
    };
    let kinds = Kind::ALL
        .into_iter()
        .filter(|one| *one != Kind::Other)
        .map(|one| option(one.code(), many(Some(one)), kind == Some(one)));
    let select = Select {
        label: Label { size: Some(Size::M), ..Label::new(say("services-type")) },
        name: "type".to_owned(),
        options: std::iter::once(option("", many(None), kind.is_none())).chain(kinds).collect(),
        ..Select::default()
    };
    let only_open = Choices {
        pick: Pick::Any,
        name: "open".to_owned(),
        lines: vec![ChoiceLine::Choice(Choice::new("now", say("services-only-open")).checked(open))],
        ..Choices::default()
    };
    html! {
        form class="bevan-search" method="get" action="/services/results" novalidate role="search"
            aria-label=(say("services-heading")) {
            (place)
            (select)
            (only_open)
            (Button::new(say("services-find")))
        }
    }
}
