//! The questions: the red-flag screen first, who needs help, then those of the topic. One thing a page, "I am not sure" on each.

use super::{about, label, trail, worried};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, Content, ErrorLine, ErrorSummary, Fieldset, Legend, Pick, Size,
};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use care::triage::{Age, Answers, Kind, Place, Step, Urgent, Whom};
use maud::{Markup, html};

/// The first screen.
pub fn urgent(state: &State, visit: &Visit) -> Outcome {
    let answers = trail::read(&visit.query);
    let missing = trail::is_asked(&visit.query) && answers.urgent.is_none();
    if trail::is_asked(&visit.query) && !missing {
        let walk = state.pathways.walk(&answers);
        if walk.place != Place::Urgent {
            return Answer::see(trail::onward(&walk, &answers));
        }
    }
    let error = missing.then(|| say("check-urgent-error"));
    let line = |choice: Choice| ChoiceLine::Choice(choice);
    let is = |urgent: &Urgent| answers.urgent.as_ref() == Some(urgent);
    let flags = state.pathways.flags().iter().map(|flag| {
        let code = flag.sign.code();
        let chosen = is(&Urgent::Sign(code.to_owned()));
        line(Choice::new(code, &flag.text).hint(flag.hint.as_deref()).checked(chosen))
    });
    let rest = [
        ChoiceLine::Divider(say("check-or").to_owned()),
        line(Choice::new("none", say("check-urgent-none")).checked(is(&Urgent::None))),
        line(Choice::new("unsure", say("check-unsure")).checked(is(&Urgent::Unsure))),
    ];
    let choices = Choices {
        name: "urgent".to_owned(),
        fieldset: Some(legend(say("check-urgent-question"), Size::M, false)),
        hint: Some(say("check-urgent-hint").into()),
        error: error.map(Content::from),
        lines: flags.chain(rest).collect(),
        ..Choices::default()
    };
    let body = html! {
        (summary(error, "urgent"))
        (label(state))
        h1 { (say("check-heading")) }
        p class="bevan-lede" { (say("check-lede")) }
        (form("/check", &answers, &["urgent"], &html! { (choices) }))
        p { (say("check-private")) }
        (about(state.pathways.set()))
    };
    finish(Document::new(say("check-heading"), body), error.is_some())
}

/// Who needs help.
pub fn who(state: &State, visit: &Visit) -> Outcome {
    let answers = trail::read(&visit.query);
    let walk = state.pathways.walk(&answers);
    if matches!(walk.place, Place::Urgent) || !matches!(answers.urgent, Some(Urgent::None)) {
        return Answer::see(trail::onward(&walk, &answers));
    }
    let asked = trail::is_asked(&visit.query);
    let (no_whom, no_age) = (asked && answers.whom.is_none(), asked && answers.age.is_none());
    if asked && !no_whom && !no_age {
        return Answer::see(trail::onward(&walk, &answers));
    }
    let whom = [(Whom::Me, say("check-who-me")), (Whom::SomeoneElse, say("check-who-other"))];
    let whom = whom.map(|(one, text)| {
        ChoiceLine::Choice(Choice::new(one.code(), text).checked(answers.whom == Some(one)))
    });
    let age = |age: Age| Choice::new(age.code(), age_words(age)).checked(answers.age == Some(age));
    let unsure = age(Age::Unsure).hint(Some(say("check-age-unsure-hint")));
    let ages = Age::ALL.map(age).into_iter().chain([unsure]).map(ChoiceLine::Choice).collect();
    let group = |name: &str, question: &str, error: Option<&'static str>, lines: Vec<ChoiceLine>| Choices {
        name: name.to_owned(),
        fieldset: Some(legend(question, Size::M, false)),
        error: error.map(Content::from),
        lines,
        ..Choices::default()
    };
    let whom_error = no_whom.then(|| say("check-who-error"));
    let age_error = no_age.then(|| say("check-age-error"));
    let lines = [(whom_error, "who"), (age_error, "age")];
    let lines: Vec<ErrorLine> =
        lines.into_iter().filter_map(|(text, field)| Some(ErrorLine::new(text?, field))).collect();
    let refused = !lines.is_empty();
    let body = html! {
        @if refused { (ErrorSummary::new(lines)) }
        (label(state))
        h1 { (say("check-who-heading")) }
        (form("/check/who", &answers, &["who", "age"], &html! {
            (group("who", say("check-who-question"), whom_error, whom.into()))
            (group("age", say("check-age-question"), age_error, ages))
        }))
    };
    finish(Document::new(say("check-who-heading"), body).after(&trail::at("/check", &answers)), refused)
}

fn age_words(age: Age) -> &'static str {
    match age {
        Age::Under3Months => say("check-age-under-3-months"),
        Age::From3To11Months => say("check-age-3-to-11-months"),
        Age::From1To4 => say("check-age-1-to-4"),
        Age::From5To15 => say("check-age-5-to-15"),
        Age::From16To64 => say("check-age-16-to-64"),
        Age::From65 => say("check-age-65-or-over"),
        Age::Unsure => say("check-unsure"),
    }
}

/// A question of a topic.
pub fn step(state: &State, visit: &Visit) -> Outcome {
    let (topic, id) = match visit.open.as_slice() {
        [topic, id] => (topic.as_str(), id.as_str()),
        _ => return Err(crate::visit::Problem::NotFound),
    };
    let known = state.pathways.topic(topic).map(|topic| topic.id.clone());
    let answers = Answers { topic: known, ..trail::read(&visit.query) };
    let walk = state.pathways.walk(&answers);
    let here = walk.topic.and_then(|topic| topic.step(id)).filter(|step| {
        matches!(walk.place, Place::Step(_, at) if at.id == step.id)
            || walk.given.iter().any(|given| given.step.id == step.id)
    });
    let Some(step) = here else { return Answer::see(trail::onward(&walk, &answers)) };
    let given = answers.of_step(&step.id);
    let is_answered = walk.given.iter().any(|given| given.step.id == step.id);
    if trail::is_asked(&visit.query) && is_answered {
        return Answer::see(trail::onward(&walk, &answers));
    }
    let error = trail::is_asked(&visit.query).then(|| match step.kind {
        Kind::One => say("check-step-error-one"),
        Kind::Any => say("check-step-error-any"),
    });
    let before = walk.given.iter().take_while(|given| given.step.id != step.id).last();
    let back = match before {
        Some(before) => trail::step(topic, &before.step.id, &answers),
        None => trail::at("/check/topic", &answers),
    };
    let field = trail::field(&step.id);
    let action = format!("/check/{}/{}", crate::pages::address(topic), crate::pages::address(&step.id));
    let body = html! {
        (summary(error, &field))
        (label(state))
        (form(&action, &answers, &[&field, "topic"], &html! { (choices(step, given, error)) }))
        p { (worried()) }
    };
    finish(Document::new(&step.question, body).after(&back), error.is_some())
}

fn choices(step: &Step, given: &[String], error: Option<&'static str>) -> Choices {
    let chosen = |id: &str| given.iter().any(|one| one == id);
    let any = step.kind == Kind::Any;
    let answers = step.answers.iter().map(|answer| {
        ChoiceLine::Choice(
            Choice::new(&answer.id, &answer.text).hint(answer.hint.as_deref()).checked(chosen(&answer.id)),
        )
    });
    let alone = |id: &str, text: &str| {
        ChoiceLine::Choice(Choice { exclusive: any, ..Choice::new(id, text).checked(chosen(id)) })
    };
    let none = step.none.as_ref().map(|_| alone("none", say("check-none")));
    let hint = match (&step.hint, any) {
        (Some(hint), _) => Some(hint.as_str()),
        (None, true) => Some(say("check-any-hint")),
        (None, false) => None,
    };
    Choices {
        pick: if any { Pick::Any } else { Pick::One },
        name: trail::field(&step.id),
        fieldset: Some(legend(&step.question, Size::L, true)),
        hint: hint.map(Content::from),
        error: error.map(Content::from),
        lines: answers
            .chain([ChoiceLine::Divider(say("check-or").to_owned())])
            .chain(none)
            .chain([alone("unsure", say("check-unsure"))])
            .collect(),
        ..Choices::default()
    }
}

pub(super) fn legend(question: &str, size: Size, page_heading: bool) -> Fieldset {
    Fieldset { legend: Legend { text: question.into(), size: Some(size), page_heading, id: None } }
}

/// A form that only asks: a GET, so that its answer can be kept and gone back to.
pub(super) fn form(action: &str, answers: &Answers, asks: &[&str], inside: &Markup) -> Markup {
    html! {
        form method="get" action=(action) novalidate {
            (trail::hidden(answers, asks))
            (inside)
            (Button::new(say("check-continue")))
        }
    }
}

pub(super) fn summary(error: Option<&'static str>, field: &str) -> Markup {
    html! { @if let Some(text) = error { (ErrorSummary::new(vec![ErrorLine::new(text, field)])) } }
}

pub(super) fn finish(document: Document, refused: bool) -> Outcome {
    if refused { Answer::refused(document) } else { Answer::page(document) }
}
