//! Words that are folded away until asked for. Never hides what a reader must see.

use super::content::{Content, classes};
use maud::{Markup, Render, html};

/// A fold.
#[derive(Debug, Clone)]
pub struct Details {
    /// What the fold says.
    pub summary: Content,
    /// What it hides.
    pub inside: Content,
    /// Whether it starts open.
    pub open: bool,
    /// More classes, for example `nhsuk-expander`.
    pub classes: Option<String>,
}

impl Details {
    /// A closed fold.
    pub fn new(summary: &str, inside: Markup) -> Self {
        Self { summary: summary.into(), inside: inside.into(), open: false, classes: None }
    }
}

impl Render for Details {
    fn render(&self) -> Markup {
        html! {
            details class=(classes("nhsuk-details", [self.classes.as_deref()])) open[self.open] {
                summary class="nhsuk-details__summary" {
                    span class="nhsuk-details__summary-text" { (self.summary) }
                }
                div class="nhsuk-details__text" { (self.inside) }
            }
        }
    }
}
