//! A box for one line of text.

use super::content::{Content, classes};
use super::error::error_message;
use super::field::{Label, hint};
use maud::{Markup, Render, html};

/// A one-line field.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its label.
    pub label: Label,
    /// An example or a rule.
    pub hint: Option<Content>,
    /// What is wrong.
    pub error: Option<Content>,
    /// Whether it has the border of a wrong field without words of its own.
    pub error_border: bool,
    /// Its id; the name when `None`.
    pub id: Option<String>,
    /// Its name in the form.
    pub name: String,
    /// Its type; `text` when `None`.
    pub kind: Option<String>,
    /// What was typed.
    pub value: Option<String>,
    /// Its width in characters: 2, 3, 4, 5, 10, 20 or 30.
    pub width: Option<u8>,
    /// Whether it holds a code: figures of one width, spaced.
    pub code: bool,
    /// Which keyboard to show.
    pub inputmode: Option<String>,
    /// What the browser may fill in.
    pub autocomplete: Option<String>,
    /// Whether the browser checks spelling.
    pub spellcheck: Option<bool>,
    /// Whether it can be filled in.
    pub disabled: bool,
    /// More classes.
    pub classes: Option<String>,
    /// Words in front of the box.
    pub prefix: Option<Content>,
    /// Words behind the box.
    pub suffix: Option<Content>,
}

impl Render for Input {
    fn render(&self) -> Markup {
        let id = self.id.as_deref().unwrap_or(&self.name);
        let wrong = self.error.is_some() || self.error_border;
        let hint_id = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let error_id = self.error.as_ref().map(|_| format!("{id}-error"));
        let described: Vec<&str> = [&hint_id, &error_id].into_iter().filter_map(|id| id.as_deref()).collect();
        let described = described.join(" ");
        html! {
            div class=(classes("nhsuk-form-group", [wrong.then_some("nhsuk-form-group--error")])) {
                (self.label.render_for(id))
                @if let (Some(text), Some(id)) = (&self.hint, &hint_id) { (hint(text, Some(id))) }
                @if let (Some(text), Some(id)) = (&self.error, &error_id) { (error_message(text, Some(id))) }
                @if self.prefix.is_some() || self.suffix.is_some() {
                    div class="nhsuk-input-wrapper" {
                        @if let Some(words) = &self.prefix {
                            div class="nhsuk-input-wrapper__prefix" aria-hidden="true" { (words) }
                        }
                        (self.element(id, wrong, &described))
                        @if let Some(words) = &self.suffix {
                            div class="nhsuk-input-wrapper__suffix" aria-hidden="true" { (words) }
                        }
                    }
                } @else {
                    (self.element(id, wrong, &described))
                }
            }
        }
    }
}

impl Input {
    fn element(&self, id: &str, wrong: bool, described: &str) -> Markup {
        let width = self.width.map(|width| format!("nhsuk-input--width-{width}"));
        let class = classes(
            "nhsuk-input",
            [
                self.code.then_some("nhsuk-input--code"),
                wrong.then_some("nhsuk-input--error"),
                width.as_deref(),
                self.classes.as_deref(),
            ],
        );
        html! {
            input class=(class) id=(id) name=(self.name) type=(self.kind.as_deref().unwrap_or("text"))
                spellcheck=[self.spellcheck.map(|on| on.to_string())] value=[self.value.as_deref()]
                disabled[self.disabled] aria-describedby=[(!described.is_empty()).then_some(described)]
                autocomplete=[self.autocomplete.as_deref()] inputmode=[self.inputmode.as_deref()];
        }
    }
}
