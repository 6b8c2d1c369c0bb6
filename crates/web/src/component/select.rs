//! Choosing one of many from a list that opens. Radios are better where there are few.

use super::content::{Content, classes};
use super::error::error_message;
use super::field::{Label, hint};
use maud::{Markup, Render, html};

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectOption {
    /// Its value in the form.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A list that opens.
#[derive(Debug, Clone, Default)]
pub struct Select {
    /// Its label.
    pub label: Label,
    /// Help with it.
    pub hint: Option<Content>,
    /// What is wrong.
    pub error: Option<Content>,
    /// Its id; the name when `None`.
    pub id: Option<String>,
    /// Its name in the form.
    pub name: String,
    /// What there is to choose.
    pub options: Vec<SelectOption>,
}

impl Render for Select {
    fn render(&self) -> Markup {
        let id = self.id.as_deref().unwrap_or(&self.name);
        let hint_id = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let error_id = self.error.as_ref().map(|_| format!("{id}-error"));
        let described: Vec<&str> = [&hint_id, &error_id].into_iter().filter_map(|id| id.as_deref()).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let wrong = self.error.is_some();
        html! {
            div class=(classes("nhsuk-form-group", [wrong.then_some("nhsuk-form-group--error")])) {
                (self.label.render_for(id))
                @if let (Some(text), Some(id)) = (&self.hint, &hint_id) { (hint(text, Some(id))) }
                @if let (Some(text), Some(id)) = (&self.error, &error_id) { (error_message(text, Some(id))) }
                select class=(classes("nhsuk-select", [wrong.then_some("nhsuk-select--error")])) id=(id) name=(self.name)
                    aria-describedby=[described] {
                    @for one in &self.options {
                        option value=(one.value) selected[one.selected] { (one.text) }
                    }
                }
            }
        }
    }
}
