//! A box for more than one line of text.

use super::content::{Content, classes};
use super::error::error_message;
use super::field::{Label, hint};
use maud::{Markup, Render, html};

/// A field of several lines.
#[derive(Debug, Clone, Default)]
pub struct Textarea {
    /// Its label.
    pub label: Label,
    /// An example or a rule.
    pub hint: Option<Content>,
    /// What is wrong.
    pub error: Option<Content>,
    /// Its id; the name when `None`.
    pub id: Option<String>,
    /// Its name in the form.
    pub name: String,
    /// What was typed.
    pub value: String,
    /// Its height in lines; 5 when `None`.
    pub rows: Option<u8>,
    /// What the browser may fill in.
    pub autocomplete: Option<String>,
    /// Whether it can be filled in.
    pub disabled: bool,
}

impl Render for Textarea {
    fn render(&self) -> Markup {
        let id = self.id.as_deref().unwrap_or(&self.name);
        let wrong = self.error.is_some();
        let hint_id = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let error_id = self.error.as_ref().map(|_| format!("{id}-error"));
        let described: Vec<&str> = [&hint_id, &error_id].into_iter().filter_map(|id| id.as_deref()).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div class=(classes("nhsuk-form-group", [wrong.then_some("nhsuk-form-group--error")])) {
                (self.label.render_for(id))
                @if let (Some(text), Some(id)) = (&self.hint, &hint_id) { (hint(text, Some(id))) }
                @if let (Some(text), Some(id)) = (&self.error, &error_id) { (error_message(text, Some(id))) }
                textarea class=(classes("nhsuk-textarea", [wrong.then_some("nhsuk-textarea--error")])) id=(id)
                    name=(self.name) rows=(self.rows.unwrap_or(5)) disabled[self.disabled]
                    aria-describedby=[described] autocomplete=[self.autocomplete.as_deref()] { (self.value) }
            }
        }
    }
}
