//! Fields that answer one question, under the question.

use super::content::{Content, classes};
use super::field::Size;
use maud::{Markup, html};

/// The question.
#[derive(Debug, Clone)]
pub struct Legend {
    /// What it asks.
    pub text: Content,
    /// Its size.
    pub size: Option<Size>,
    /// Whether it is the page's heading.
    pub page_heading: bool,
    /// Its id.
    pub id: Option<String>,
}

/// A group of fields.
#[derive(Debug, Clone)]
pub struct Fieldset {
    /// The question.
    pub legend: Legend,
}

impl Fieldset {
    /// Prints the group around its fields.
    pub fn around(&self, fields: &Markup, role: Option<&str>, described_by: &str) -> Markup {
        let size = self.legend.size.map(|size| format!("nhsuk-fieldset__legend--{}", size.letter()));
        let class = classes("nhsuk-fieldset__legend", [size.as_deref()]);
        let described_by = (!described_by.is_empty()).then_some(described_by);
        html! {
            fieldset class="nhsuk-fieldset" role=[role] aria-describedby=[described_by] {
                legend class=(class) id=[self.legend.id.as_deref()] {
                    @if self.legend.page_heading {
                        h1 class="nhsuk-fieldset__heading" { (self.legend.text) }
                    } @else {
                        (self.legend.text)
                    }
                }
                (fields)
            }
        }
    }
}
