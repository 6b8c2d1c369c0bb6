//! What the problem is: chosen from a list, or said in somebody's own words, which can only raise a red flag or suggest topics.

use super::questions::{finish, form, legend, summary};
use super::{label, trail, worried};
use crate::component::{Button, Choice, ChoiceLine, Choices, Content, Label, Size, Textarea, inset_text};
use crate::form::fields;
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use care::triage::{Answers, Heard, Place, Topic, Urgent};
use maud::{Markup, html};

/// The field in which suggested topics stand, and that in which the topic before stands.
const ABOUT: &str = "about";
const WAS: &str = "was";

/// The page.
pub fn topic(state: &State, visit: &Visit) -> Outcome {
    let mut answers = trail::read(&visit.query);
    let asked = trail::is_asked(&visit.query);
    // Questions of different topics may have the same name: answers to another topic's are dropped.
    if asked && visit.query.get(WAS) != answers.topic.as_deref() {
        answers.steps.clear();
    }
    let walk = state.pathways.walk(&answers);
    if matches!(walk.place, Place::Urgent | Place::Who) || answers.urgent != Some(Urgent::None) {
        return Answer::see(trail::onward(&walk, &answers));
    }
    if asked && walk.topic.is_some() {
        return Answer::see(trail::onward(&walk, &answers));
    }
    let error = asked.then(|| say("check-topic-error"));
    let heard: Option<Vec<&Topic>> = visit
        .query
        .get(ABOUT)
        .map(|ids| ids.split(' ').filter_map(|id| state.pathways.topic(id)).take(4).collect());
    let body = html! {
        (summary(error, "topic"))
        (label(state))
        h1 { (say("check-topic-heading")) }
        @match heard.as_deref() {
            Some([]) => (inset_text(&say("check-heard-nothing").into())),
            Some(_) => (inset_text(&say("check-heard-topics").into())),
            None => {},
        }
        (form("/check/topic", &answers, &["topic"], &html! {
            input type="hidden" name=(WAS) value=(answers.topic.as_deref().unwrap_or_default());
            (list(state, &answers, heard.as_deref(), error))
        }))
        (own_words_form(visit, &answers))
        p { (worried()) }
    };
    finish(
        Document::new(say("check-topic-heading"), body).after(&trail::at("/check/who", &answers)),
        error.is_some(),
    )
}

/// The topics, those that were heard first.
fn list(state: &State, answers: &Answers, heard: Option<&[&Topic]>, error: Option<&'static str>) -> Choices {
    let heard = heard.unwrap_or_default();
    let line = |topic: &Topic| {
        let chosen = answers.topic.as_deref() == Some(&topic.id);
        ChoiceLine::Choice(Choice::new(&topic.id, &topic.title).hint(topic.hint.as_deref()).checked(chosen))
    };
    let first = heard.iter().map(|topic| line(topic));
    let between = (!heard.is_empty()).then(|| ChoiceLine::Divider(say("check-or").to_owned()));
    let others = state.pathways.topics().iter().filter(|topic| !heard.iter().any(|one| one.id == topic.id));
    Choices {
        name: "topic".to_owned(),
        fieldset: Some(legend(say("check-topic-question"), Size::M, false)),
        error: error.map(Content::from),
        lines: first.chain(between).chain(others.map(line)).collect(),
        ..Choices::default()
    }
}

fn own_words_form(visit: &Visit, answers: &Answers) -> Markup {
    let words = Textarea {
        label: Label { size: Some(Size::M), ..Label::new(say("check-words-label")) },
        hint: Some(say("check-words-hint").into()),
        name: "words".to_owned(),
        rows: Some(3),
        autocomplete: Some("off".to_owned()),
        ..Textarea::default()
    };
    html! {
        form class="bevan-search" method="post" action="/check/topic" novalidate {
            (fields(visit))
            (trail::hidden(answers, &["topic"]))
            (words)
            (Button::secondary(say("check-words-button")))
        }
    }
}

/// Hears somebody's own words, once: on to the emergency page, or back to the list with what may fit.
pub fn own_words(state: &State, visit: &Visit) -> Outcome {
    let answers = Answers { topic: None, steps: Vec::new(), ..trail::read(&visit.form) };
    let words = visit.form.text("words");
    let place = match state.pathways.hear(words) {
        Heard::Sign(code) => {
            let raised = Answers { urgent: Some(Urgent::Sign(code)), ..answers };
            format!("{}&said=1", trail::at("/check/emergency", &raised))
        }
        Heard::Topics(ids) => {
            let about = crate::pages::address(&ids.join(" "));
            let list = trail::at("/check/topic", &answers);
            let joint = if list.contains('?') { '&' } else { '?' };
            format!("{list}{joint}{ABOUT}={about}")
        }
    };
    Answer::see(place)
}
