//! What stands around every field: its label and its hint.

use super::content::{Content, classes};
use maud::{Markup, html};

/// A step of the type scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Small.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large.
    Xl,
}

impl Size {
    /// The letters in class names.
    pub fn letter(self) -> &'static str {
        match self {
            Size::S => "s",
            Size::M => "m",
            Size::L => "l",
            Size::Xl => "xl",
        }
    }
}

/// A field's label.
#[derive(Debug, Clone)]
pub struct Label {
    /// What it says.
    pub text: Content,
    /// Its size.
    pub size: Option<Size>,
    /// Whether it is the page's heading.
    pub page_heading: bool,
    /// Its own id.
    pub id: Option<String>,
    /// More classes.
    pub classes: Option<String>,
}

impl Default for Label {
    fn default() -> Self {
        Self::new("")
    }
}

impl Label {
    /// A label.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), size: None, page_heading: false, id: None, classes: None }
    }

    /// The label for the field of that id.
    pub(super) fn render_for(&self, field: &str) -> Markup {
        let size = self.size.map(|size| format!("nhsuk-label--{}", size.letter()));
        let class = classes("nhsuk-label", [size.as_deref(), self.classes.as_deref()]);
        let label = html! { label class=(class) id=[self.id.as_deref()] for=(field) { (self.text) } };
        if self.page_heading {
            html! { h1 class="nhsuk-label-wrapper" { (label) } }
        } else {
            label
        }
    }
}

/// Help with a field.
pub fn hint(text: &Content, id: Option<&str>) -> Markup {
    html! { div class="nhsuk-hint" id=[id] { (text) } }
}
