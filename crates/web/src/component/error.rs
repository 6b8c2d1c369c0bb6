//! What is wrong with a form: beside the field, and summed up above the heading.

use super::content::Content;
use crate::words::say;
use maud::{Markup, Render, html};

/// What is wrong with one field.
pub fn error_message(text: &Content, id: Option<&str>) -> Markup {
    html! {
        span class="nhsuk-error-message" id=[id] {
            span class="nhsuk-u-visually-hidden" { (say("shell-error")) " " } (text)
        }
    }
}

/// One line of the summary.
#[derive(Debug, Clone)]
pub struct ErrorLine {
    /// The same words as beside the field.
    pub text: Content,
    /// The field, as `#id`.
    pub href: Option<String>,
}

impl ErrorLine {
    /// A line about a field.
    pub fn new(text: &str, field: &str) -> Self {
        Self { text: text.into(), href: Some(format!("#{field}")) }
    }
}

/// The summary of a refused form. Stands above the page's heading.
#[derive(Debug, Clone)]
pub struct ErrorSummary {
    /// Usually `There is a problem`.
    pub heading: Content,
    /// More words above the list.
    pub description: Option<Content>,
    /// One line a field.
    pub lines: Vec<ErrorLine>,
    /// Whether the script leaves the focus alone; `None` leaves it to the default (it moves there).
    pub disable_auto_focus: Option<bool>,
}

impl ErrorSummary {
    /// `There is a problem`, and the lines.
    pub fn new(lines: Vec<ErrorLine>) -> Self {
        Self { heading: say("shell-problem").into(), description: None, lines, disable_auto_focus: None }
    }
}

impl Render for ErrorSummary {
    fn render(&self) -> Markup {
        let focus = self.disable_auto_focus.map(|off| off.to_string());
        html! {
            div class="nhsuk-error-summary" data-module="nhsuk-error-summary" data-disable-auto-focus=[focus] {
                div role="alert" {
                    h2 class="nhsuk-error-summary__heading" { (self.heading) }
                    div class="nhsuk-error-summary__body" {
                        @if let Some(words) = &self.description { p { (words) } }
                        @if !self.lines.is_empty() {
                            ul class="nhsuk-list nhsuk-error-summary__list" {
                                @for line in &self.lines {
                                    li {
                                        @if let Some(href) = &line.href {
                                            a href=(href) { (line.text) }
                                        } @else {
                                            (line.text)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
