//! A word that says a state. The colour repeats the word and never replaces it.

use super::content::{Content, classes};
use maud::{Markup, Render, html};

/// A tag's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// The brand's.
    #[default]
    Brand,
    /// None.
    Bare,
    /// White.
    White,
    /// Grey.
    Grey,
    /// Green.
    Green,
    /// Between green and blue.
    AquaGreen,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
}

impl Colour {
    fn class(self) -> Option<&'static str> {
        Some(match self {
            Colour::Brand => return None,
            Colour::Bare => "nhsuk-tag--no-colour",
            Colour::White => "nhsuk-tag--white",
            Colour::Grey => "nhsuk-tag--grey",
            Colour::Green => "nhsuk-tag--green",
            Colour::AquaGreen => "nhsuk-tag--aqua-green",
            Colour::Blue => "nhsuk-tag--blue",
            Colour::Purple => "nhsuk-tag--purple",
            Colour::Pink => "nhsuk-tag--pink",
            Colour::Red => "nhsuk-tag--red",
            Colour::Orange => "nhsuk-tag--orange",
            Colour::Yellow => "nhsuk-tag--yellow",
        })
    }
}

/// A tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The word.
    pub text: Content,
    /// Its colour.
    pub colour: Colour,
    /// Whether it has a border.
    pub border: bool,
    /// More classes.
    pub classes: Option<String>,
}

impl Tag {
    /// A word in a colour.
    pub fn new(text: &str, colour: Colour) -> Self {
        Self { text: text.into(), colour, border: true, classes: None }
    }
}

impl Render for Tag {
    fn render(&self) -> Markup {
        let border = (!self.border).then_some("nhsuk-tag--no-border");
        let class = classes("nhsuk-tag", [self.colour.class(), border, self.classes.as_deref()]);
        html! { strong class=(class) { (self.text) } }
    }
}
