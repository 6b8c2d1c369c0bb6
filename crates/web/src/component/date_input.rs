//! A date as three boxes, never a picker.

use super::content::{Content, classes};
use super::error::error_message;
use super::field::{Label, hint};
use super::fieldset::Fieldset;
use super::input::Input;
use crate::words::say;
use maud::{Markup, Render, html};

/// One of the three boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateBox {
    /// Its name: `day`, `month` or `year`, perhaps with a prefix.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What was typed.
    pub value: Option<String>,
    /// Its width in characters: 2 or 4.
    pub width: u8,
    /// What the browser may fill in.
    pub autocomplete: Option<String>,
    /// Whether it is this box that is wrong.
    pub error: bool,
    /// Whether it can be filled in.
    pub disabled: bool,
}

impl DateBox {
    /// A box labelled by its capitalised name.
    pub fn new(name: &str, width: u8) -> Self {
        let mut letters = name.chars();
        let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        Self {
            name: name.to_owned(),
            label: first + letters.as_str(),
            value: None,
            width,
            autocomplete: None,
            error: false,
            disabled: false,
        }
    }
}

/// A date.
#[derive(Debug, Clone)]
pub struct DateInput {
    /// Id of the group; the boxes' ids begin with it.
    pub id: String,
    /// The question, as a fieldset without content.
    pub fieldset: Option<Fieldset>,
    /// An example.
    pub hint: Option<Content>,
    /// What is wrong.
    pub error: Option<Content>,
    /// The boxes.
    pub boxes: Vec<DateBox>,
}

impl DateInput {
    /// Day, month and year.
    pub fn three() -> Vec<DateBox> {
        let one = |name: &str, label: &str, width: u8| DateBox {
            label: label.to_owned(),
            ..DateBox::new(name, width)
        };
        vec![
            one("day", say("shell-date-day"), 2),
            one("month", say("shell-date-month"), 2),
            one("year", say("shell-date-year"), 4),
        ]
    }
}

impl Render for DateInput {
    fn render(&self) -> Markup {
        let box_error = self.boxes.iter().any(|one| one.error);
        let wrong = self.error.is_some() || box_error;
        let hint_id = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error_id = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let inside = html! {
            @if let (Some(text), Some(id)) = (&self.hint, &hint_id) { (hint(text, Some(id))) }
            @if let (Some(text), Some(id)) = (&self.error, &error_id) { (error_message(text, Some(id))) }
            div class="nhsuk-date-input" id=(self.id) {
                @for one in &self.boxes {
                    div class="nhsuk-date-input__item" {
                        (self.input(one, one.error || (self.error.is_some() && !box_error)))
                    }
                }
            }
        };
        let described: Vec<&str> = [&hint_id, &error_id].into_iter().filter_map(|id| id.as_deref()).collect();
        html! {
            div class=(classes("nhsuk-form-group", [wrong.then_some("nhsuk-form-group--error")])) {
                @if let Some(fieldset) = &self.fieldset {
                    (fieldset.around(&inside, Some("group"), &described.join(" ")))
                } @else {
                    (inside)
                }
            }
        }
    }
}

impl DateInput {
    fn input(&self, one: &DateBox, wrong: bool) -> Input {
        Input {
            label: Label { classes: Some("nhsuk-date-input__label".to_owned()), ..Label::new(&one.label) },
            id: Some(format!("{}-{}", self.id, one.name)),
            name: one.name.clone(),
            value: one.value.clone(),
            width: Some(one.width),
            inputmode: Some("numeric".to_owned()),
            autocomplete: one.autocomplete.clone(),
            disabled: one.disabled,
            error_border: wrong,
            classes: Some("nhsuk-date-input__input".to_owned()),
            ..Input::default()
        }
    }
}
