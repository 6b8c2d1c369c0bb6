//! A button that sends its form, or a link that looks like one.

use super::content::{Content, classes};
use maud::{Markup, Render, html};

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The page's main action.
    #[default]
    Primary,
    /// Another action.
    Secondary,
    /// Another action on a solid ground.
    SecondarySolid,
    /// On a dark ground.
    Reverse,
    /// An action that is hard to undo.
    Warning,
    /// Signs in.
    Login,
}

impl Look {
    fn class(self) -> Option<&'static str> {
        match self {
            Look::Primary => None,
            Look::Secondary => Some("nhsuk-button--secondary"),
            Look::SecondarySolid => Some("nhsuk-button--secondary-solid"),
            Look::Reverse => Some("nhsuk-button--reverse"),
            Look::Warning => Some("nhsuk-button--warning"),
            Look::Login => Some("nhsuk-button--login"),
        }
    }
}

/// A button.
#[derive(Debug, Clone, Default)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// How much it stands out.
    pub look: Look,
    /// Whether it is small.
    pub small: bool,
    /// Where a link leads; `None` for a button that sends its form.
    pub href: Option<String>,
    /// Whether it can be pressed.
    pub disabled: bool,
    /// Whether the script ignores a second press soon after the first; `None` leaves it to the default.
    pub prevent_double_click: Option<bool>,
    /// Words for readers who cannot see what stands around it.
    pub hidden: Option<String>,
}

impl Button {
    /// The page's main button.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// A secondary button.
    pub fn secondary(text: &str) -> Self {
        Self { look: Look::Secondary, ..Self::new(text) }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let small = self.small.then_some("nhsuk-button--small");
        let class = classes("nhsuk-button", [self.look.class(), small]);
        let double = self.prevent_double_click.map(|on| on.to_string());
        let inside = Content::Html(html! {
            (self.text)
            @if let Some(hidden) = &self.hidden { span class="nhsuk-u-visually-hidden" { " " (hidden) } }
        });
        match &self.href {
            Some(href) => html! {
                a class=(class) data-module="nhsuk-button" data-prevent-double-click=[double] href=(href) role="button"
                    draggable="false" { (inside) }
            },
            None => html! {
                button class=(class) data-module="nhsuk-button" data-prevent-double-click=[double] type="submit"
                    disabled[self.disabled] aria-disabled=[self.disabled.then_some("true")] { (inside) }
            },
        }
    }
}
