//! The questions of an application, one page each. A page prints what was answered and what is wrong with it.

use super::say::{category, claim, kin};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, Content, DateBox, DateInput, ErrorLine, ErrorSummary, Fieldset,
    Input, Label, Legend, Pick, Size, back_link,
};
use crate::form::{self, Fields};
use crate::layout::Document;
use crate::visit::Visit;
use crate::words::say;
use care::family::{Basis, Category, Kin};
use maud::{Markup, html};

/// A field and what is wrong with it.
pub type Wrong = (&'static str, &'static str);

fn wrong(all: &[Wrong], field: &str) -> Option<Content> {
    all.iter().find(|(name, _)| *name == field).map(|(_, words)| Content::from(*words))
}

fn value(answers: &Fields, name: &str) -> Option<String> {
    Some(answers.text(name).to_owned()).filter(|value| !value.is_empty())
}

/// A question page.
fn question(
    (heading, place, back): (&'static str, &str, &str),
    inside: &Markup,
    errors: &[Wrong],
    visit: &Visit,
) -> Document {
    let lines = errors.iter().map(|(field, words)| ErrorLine::new(words, field)).collect();
    let body = html! {
        (back_link(say("family-back"), &visit.link(back)))
        @if !errors.is_empty() { (ErrorSummary::new(lines)) }
        h1 { (heading) }
        form method="post" action=(visit.link(place)) novalidate {
            (form::fields(visit))
            (inside)
            (Button::new(say("family-continue")))
        }
    };
    Document { refused: !errors.is_empty(), ..Document::new(heading, body) }
}

/// Who.
pub fn who(answers: &Fields, errors: &[Wrong], visit: &Visit) -> Document {
    let name = Input {
        label: Label { size: Some(Size::S), ..Label::new(say("family-name")) },
        error: wrong(errors, "name"),
        name: "name".to_owned(),
        value: value(answers, "name"),
        autocomplete: Some("off".to_owned()),
        spellcheck: Some(false),
        ..Input::default()
    };
    let number = Input {
        label: Label { size: Some(Size::S), ..Label::new(say("family-number")) },
        hint: Some(say("family-number-hint").into()),
        error: wrong(errors, "number"),
        name: "number".to_owned(),
        value: value(answers, "number"),
        width: Some(10),
        inputmode: Some("numeric".to_owned()),
        autocomplete: Some("off".to_owned()),
        spellcheck: Some(false),
        ..Input::default()
    };
    let boxes = DateInput::three().into_iter().map(|one| DateBox { value: value(answers, &one.name), ..one });
    let born = DateInput {
        id: "born".to_owned(),
        fieldset: Some(Fieldset { legend: legend(say("family-born")) }),
        hint: Some(say("family-born-hint").into()),
        error: wrong(errors, "born-day"),
        boxes: boxes.collect(),
    };
    let inside = html! { p { (say("family-apply-lede")) } (name) (number) (born) };
    let place = (say("family-apply"), "/family/apply", "/family");
    question(place, &inside, errors, visit)
}

fn legend(text: &str) -> Legend {
    Legend { text: text.into(), size: Some(Size::S), page_heading: false, id: None }
}

fn choices(pick: Pick, name: &str, of: &str, error: Option<Content>) -> Choices {
    Choices {
        pick,
        name: name.to_owned(),
        id: None,
        fieldset: Some(Fieldset { legend: legend(of) }),
        hint: None,
        error,
        error_border: false,
        small: false,
        inline: false,
        lines: Vec::new(),
    }
}

/// By what right.
pub fn right(answers: &Fields, errors: &[Wrong], visit: &Visit) -> Document {
    let picked = |name: &str, code: &str| answers.text(name) == code;
    let line = |code: &str, words: &str, name: &str| {
        ChoiceLine::Choice(Choice::new(code, words).checked(picked(name, code)))
    };
    let kins = Choices {
        lines: Kin::ALL.iter().map(|one| line(one.code(), kin(*one), "kin")).collect(),
        ..choices(Pick::One, "kin", say("family-right-kin"), wrong(errors, "kin"))
    };
    let bases = Choices {
        lines: Basis::ALL.iter().map(|one| line(one.code(), claim(*one), "basis")).collect(),
        ..choices(Pick::One, "basis", say("family-right-basis"), wrong(errors, "basis"))
    };
    let inside = html! { (kins) (bases) };
    let place = (say("family-right"), "/family/apply/right", "/family/apply");
    question(place, &inside, errors, visit)
}

/// What for.
pub fn access(answers: &Fields, errors: &[Wrong], visit: &Visit) -> Document {
    let chosen: Vec<&str> = answers.all("access").collect();
    let boxes = Choices {
        hint: Some(say("family-access-hint").into()),
        lines: categories(&|one| chosen.contains(&one.code())),
        ..choices(Pick::Any, "access", say("family-can"), wrong(errors, "access"))
    };
    let place = (say("family-access"), "/family/apply/access", "/family/apply/right");
    question(place, &html! { (boxes) }, errors, visit)
}

/// A box for each category.
pub fn categories(checked: &dyn Fn(Category) -> bool) -> Vec<ChoiceLine> {
    let line =
        |one: &Category| ChoiceLine::Choice(Choice::new(one.code(), category(*one)).checked(checked(*one)));
    Category::ALL.iter().map(line).collect()
}
