//! Answers as they stand in an address, and the address that answers lead to.
//!
//! `urgent`, `who`, `age` and `topic` hold one code each, `q-<step>` the answers to a step. `asked` says that a form was
//! sent, so that a form without an answer is told from a page that is opened.

use crate::form::Fields;
use crate::pages::address;
use care::triage::{Age, Answers, Place, Urgent, Walk, Whom};
use maud::{Markup, html};

/// The field that a sent form carries.
pub const ASKED: &str = "asked";
/// More answers than a set has questions are not read.
const STEPS_MAX: usize = 100;

/// Whether a form of this page was sent.
pub fn is_asked(query: &Fields) -> bool {
    query.get(ASKED).is_some()
}

/// The name of a step's field.
pub fn field(step: &str) -> String {
    format!("q-{step}")
}

/// The answers in an address.
pub fn read(query: &Fields) -> Answers {
    let urgent = query.get("urgent").map(|code| match code {
        "none" => Urgent::None,
        "unsure" => Urgent::Unsure,
        sign => Urgent::Sign(sign.to_owned()),
    });
    let mut answers = Answers {
        urgent,
        whom: query.get("who").and_then(Whom::of),
        age: query.get("age").and_then(Age::of),
        topic: query.get("topic").map(str::to_owned),
        steps: Vec::new(),
    };
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in query.pairs() {
        if name.starts_with("q-") && !names.contains(&name) && names.len() < STEPS_MAX {
            names.push(name);
        }
    }
    for name in names {
        let given: Vec<&str> = query.all(name).filter(|one| !one.is_empty()).collect();
        answers = answers.with(name.trim_start_matches("q-"), &given);
    }
    answers
}

/// Answers as the pairs of an address.
fn pairs(answers: &Answers) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
    match &answers.urgent {
        None => {}
        Some(Urgent::None) => add("urgent", "none"),
        Some(Urgent::Unsure) => add("urgent", "unsure"),
        Some(Urgent::Sign(code)) => add("urgent", code),
    }
    if let Some(whom) = answers.whom {
        add("who", whom.code());
    }
    if let Some(age) = answers.age {
        add("age", age.code());
    }
    if let Some(topic) = &answers.topic {
        add("topic", topic);
    }
    for (step, given) in &answers.steps {
        for one in given {
            add(&field(step), one);
        }
    }
    pairs
}

/// A path with answers behind it.
pub fn at(path: &str, answers: &Answers) -> String {
    let pairs = pairs(answers);
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", address(name), address(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The answers as hidden fields, without those that the form itself asks for.
pub fn hidden(answers: &Answers, asks: &[&str]) -> Markup {
    html! {
        @for (name, value) in pairs(answers) {
            @if !asks.contains(&name.as_str()) { input type="hidden" name=(name) value=(value); }
        }
        input type="hidden" name=(ASKED) value="1";
    }
}

/// The address of a step.
pub fn step(topic: &str, step: &str, answers: &Answers) -> String {
    at(&format!("/check/{}/{}", address(topic), address(step)), answers)
}

/// Where a walk leads.
pub fn onward(walk: &Walk<'_>, answers: &Answers) -> String {
    match walk.place {
        Place::Urgent => at("/check", answers),
        Place::Who => at("/check/who", answers),
        Place::Topic => at("/check/topic", answers),
        Place::Step(topic, one) => step(&topic.id, &one.id, answers),
        Place::Outcome(_) if matches!(answers.urgent, Some(Urgent::Sign(_))) => {
            at("/check/emergency", answers)
        }
        Place::Outcome(outcome) => at(&format!("/check/outcome/{}", address(&outcome.id)), answers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_they_are_written() {
        let text = "urgent=none&who=me&age=16-to-64&topic=fever&q-signs=rash&q-signs=fit&q-days=short";
        let answers = read(&Fields::parse(text));
        assert_eq!(answers.of_step("signs"), ["rash", "fit"]);
        assert_eq!(at("/check/topic", &answers), format!("/check/topic?{text}"));
        assert_eq!(at("/check", &Answers::default()), "/check");
        assert!(hidden(&answers, &["q-signs"]).into_string().contains("q-days"));
        assert!(!hidden(&answers, &["q-signs"]).into_string().contains("q-signs"));
    }

    #[test]
    fn nothing_that_is_no_code_comes_through() {
        let answers = read(&Fields::parse("who=Ann&age=44&name=Ann&urgent=%3Cb%3E&q-=x"));
        assert_eq!((answers.whom, answers.age), (None, None));
        assert_eq!(at("/check", &answers), "/check?urgent=%3Cb%3E&q-=x");
    }
}
