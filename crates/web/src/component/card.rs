//! A white box with a heading: a service that can be pressed, a group of facts, or a warning.

use super::content::{Content, classes};
use super::field::Size;
use crate::words::say;
use maud::{Markup, Render, html};

/// What kind of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// A plain box.
    #[default]
    Plain,
    /// A group of facts under a heading that overlaps the edge.
    Feature,
    /// Pressable, less prominent.
    Secondary,
    /// Something to be careful of.
    Warning,
}

impl Variant {
    fn class(self) -> Option<&'static str> {
        match self {
            Variant::Plain => None,
            Variant::Feature => Some("nhsuk-card--feature"),
            Variant::Secondary => Some("nhsuk-card--secondary"),
            Variant::Warning => Some("nhsuk-card--warning"),
        }
    }
}

/// A card's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardHeading {
    /// What it says.
    pub text: String,
    /// Words read before it by screen readers.
    pub hidden: Option<String>,
    /// Its size.
    pub size: Option<Size>,
    /// Its level, 2 to 6.
    pub level: u8,
    /// Its id.
    pub id: Option<String>,
}

impl CardHeading {
    /// A heading of level 2.
    pub fn new(text: &str, size: Option<Size>) -> Self {
        Self { text: text.to_owned(), hidden: None, size, level: 2, id: None }
    }
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// What kind.
    pub variant: Variant,
    /// Its heading.
    pub heading: Option<CardHeading>,
    /// What stands in it.
    pub description: Option<Content>,
    /// Where its heading leads.
    pub href: Option<String>,
    /// Whether the whole box can be pressed.
    pub clickable: bool,
}

impl Card {
    /// A box that can be pressed.
    pub fn link(text: &str, href: &str, description: Content) -> Self {
        Self {
            variant: Variant::Plain,
            heading: Some(CardHeading::new(text, Some(Size::M))),
            description: Some(description),
            href: Some(href.to_owned()),
            clickable: true,
        }
    }

    /// A box with a heading and something in it.
    pub fn boxed(text: &str, inside: Markup) -> Self {
        Self {
            variant: Variant::Plain,
            heading: Some(CardHeading::new(text, Some(Size::M))),
            description: Some(Content::Html(inside)),
            href: None,
            clickable: false,
        }
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        let clickable = self.clickable.then_some("nhsuk-card--clickable");
        html! {
            div class=(classes("nhsuk-card", [clickable, self.variant.class()])) {
                div class="nhsuk-card__content" {
                    @if let Some(heading) = &self.heading { (self.heading(heading)) }
                    @if let Some(inside) = &self.description { (inside.paragraph(Some("nhsuk-card__description"))) }
                }
            }
        }
    }
}

impl Card {
    fn heading(&self, heading: &CardHeading) -> Markup {
        let size = heading.size.map(|size| format!("nhsuk-heading-{}", size.letter()));
        let class = classes("nhsuk-card__heading", [size.as_deref()]);
        let href = self.href.as_deref().filter(|_| self.variant != Variant::Feature);
        element(
            heading.level,
            &html! {
                @if let Some(href) = href {
                    a class="nhsuk-card__link" href=(href) { (heading.text) }
                } @else if let Some(hidden) = &heading.hidden {
                    span role="text" { span class="nhsuk-u-visually-hidden" { (hidden) ": " } (heading.text) }
                } @else {
                    (heading.text)
                }
            },
            &class,
            heading.id.as_deref(),
        )
    }
}

/// A heading element of a level that is a value.
pub(super) fn element(level: u8, inside: &Markup, class: &str, id: Option<&str>) -> Markup {
    match level {
        1 | 2 => html! { h2 class=(class) id=[id] { (inside) } },
        3 => html! { h3 class=(class) id=[id] { (inside) } },
        4 => html! { h4 class=(class) id=[id] { (inside) } },
        5 => html! { h5 class=(class) id=[id] { (inside) } },
        _ => html! { h6 class=(class) id=[id] { (inside) } },
    }
}

/// Something to be careful of.
pub fn warning_callout(heading: &str, inside: Content) -> Markup {
    let word = say("shell-important");
    let important = heading.to_lowercase().contains(&word.to_lowercase());
    let heading = CardHeading {
        text: heading.to_owned(),
        hidden: (!important).then(|| word.to_owned()),
        size: None,
        level: 3,
        id: None,
    };
    let card = Card {
        variant: Variant::Warning,
        heading: Some(heading),
        description: Some(inside),
        href: None,
        clickable: false,
    };
    card.render()
}
