//! Choosing one of several (radios) or any of them (checkboxes). Nothing opens when something is chosen: a follow-up
//! question stands on its own page, because the script's conditional radios break a rule of axe.

use super::content::{Content, classes};
use super::error::error_message;
use super::field::{Label, hint};
use super::fieldset::Fieldset;
use maud::{Markup, Render, html};

/// Whether one or any may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pick {
    /// One: radios.
    #[default]
    One,
    /// Any: checkboxes.
    Any,
}

/// One thing to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its value in the form.
    pub value: String,
    /// What it says.
    pub text: Content,
    /// More words.
    pub hint: Option<Content>,
    /// Whether it is chosen.
    pub checked: bool,
    /// Whether it cannot be chosen.
    pub disabled: bool,
    /// Whether choosing it clears the others, as "none of these" does. Checkboxes only, and only with scripts: what
    /// reads the form must cope with both.
    pub exclusive: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: &str, text: &str) -> Self {
        Self {
            value: value.to_owned(),
            text: text.into(),
            hint: None,
            checked: false,
            disabled: false,
            exclusive: false,
        }
    }

    /// The same with more words.
    pub fn hint(self, hint: Option<&str>) -> Self {
        Self { hint: hint.map(Content::from), ..self }
    }

    /// The same, chosen or not.
    pub fn checked(self, checked: bool) -> Self {
        Self { checked, ..self }
    }
}

/// A line of the list.
#[derive(Debug, Clone)]
pub enum ChoiceLine {
    /// Something to choose.
    Choice(Choice),
    /// A word between, such as "or".
    Divider(String),
}

/// A list to choose from.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// One or any.
    pub pick: Pick,
    /// Name in the form.
    pub name: String,
    /// What ids begin with; the name when `None`. The first choice has exactly this id, for the error summary to lead to.
    pub id: Option<String>,
    /// The question.
    pub fieldset: Option<Fieldset>,
    /// Help with the question.
    pub hint: Option<Content>,
    /// What is wrong.
    pub error: Option<Content>,
    /// Whether it has the border of a wrong field without words of its own.
    pub error_border: bool,
    /// Whether the boxes are small.
    pub small: bool,
    /// Whether the choices stand beside each other.
    pub inline: bool,
    /// The lines.
    pub lines: Vec<ChoiceLine>,
}

impl Render for Choices {
    fn render(&self) -> Markup {
        let (class, module) = match self.pick {
            Pick::One => ("nhsuk-radios", "nhsuk-radios"),
            Pick::Any => ("nhsuk-checkboxes", "nhsuk-checkboxes"),
        };
        let prefix = self.id.as_deref().unwrap_or(&self.name);
        let hint_id = self.hint.as_ref().map(|_| format!("{prefix}-hint"));
        let error_id = self.error.as_ref().map(|_| format!("{prefix}-error"));
        let small = format!("{class}--small");
        let inline = format!("{class}--inline");
        let list =
            classes(class, [self.small.then_some(small.as_str()), self.inline.then_some(inline.as_str())]);
        let inside = html! {
            @if let (Some(text), Some(id)) = (&self.hint, &hint_id) { (hint(text, Some(id))) }
            @if let (Some(text), Some(id)) = (&self.error, &error_id) { (error_message(text, Some(id))) }
            div class=(list) data-module=(module) {
                @for (at, line) in self.lines.iter().enumerate() {
                    @match line {
                        ChoiceLine::Divider(word) => div class={ (class) "__divider" } { (word) },
                        ChoiceLine::Choice(choice) => {
                            @let id = if at == 0 { prefix.to_owned() } else { format!("{prefix}-{}", at + 1) };
                            (self.choice(class, choice, &id))
                        },
                    }
                }
            }
        };
        let wrong = self.error.is_some() || self.error_border;
        let described: Vec<&str> = [&hint_id, &error_id].into_iter().filter_map(|id| id.as_deref()).collect();
        html! {
            div class=(classes("nhsuk-form-group", [wrong.then_some("nhsuk-form-group--error")])) {
                @match &self.fieldset {
                    Some(fieldset) => (fieldset.around(&inside, None, &described.join(" "))),
                    None => (inside),
                }
            }
        }
    }
}

impl Choices {
    fn choice(&self, class: &str, choice: &Choice, id: &str) -> Markup {
        let kind = if self.pick == Pick::One { "radio" } else { "checkbox" };
        let hint_id = choice.hint.as_ref().map(|_| format!("{id}-item-hint"));
        let label =
            Label { text: choice.text.clone(), classes: Some(format!("{class}__label")), ..Label::default() };
        html! {
            div class={ (class) "__item" } {
                input class={ (class) "__input" } id=(id) name=(self.name) type=(kind) value=(choice.value)
                    checked[choice.checked] disabled[choice.disabled]
                    data-behaviour=[choice.exclusive.then_some("exclusive")] aria-describedby=[hint_id.as_deref()];
                (label.render_for(id))
                @if let (Some(text), Some(hint_id)) = (&choice.hint, &hint_id) {
                    div class={ "nhsuk-hint " (class) "__hint" } id=(hint_id) { (text) }
                }
            }
        }
    }
}
