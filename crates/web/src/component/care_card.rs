//! Advice on what to do about a state of health, in one of three urgencies. Colour, heading and hidden words say the urgency.

use super::card::{CardHeading, element};
use super::content::classes;
use crate::words::say;
use maud::{Markup, Render, html};

/// How urgent the advice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Blue.
    NonUrgent,
    /// Red.
    Urgent,
    /// Red and dark grey.
    Emergency,
}

impl Urgency {
    fn name(self) -> &'static str {
        match self {
            Urgency::NonUrgent => "non-urgent",
            Urgency::Urgent => "urgent",
            Urgency::Emergency => "emergency",
        }
    }

    /// What screen readers read before the heading.
    fn hidden(self) -> &'static str {
        match self {
            Urgency::NonUrgent => say("shell-advice"),
            Urgency::Urgent => say("shell-advice-urgent"),
            Urgency::Emergency => say("shell-advice-now"),
        }
    }
}

/// A care card.
#[derive(Debug, Clone)]
pub struct CareCard {
    /// How urgent.
    pub urgency: Urgency,
    /// Its heading. Its own hidden words are not used: the urgency says them.
    pub heading: CardHeading,
    /// The advice.
    pub inside: Markup,
}

impl Render for CareCard {
    fn render(&self) -> Markup {
        let size = self.heading.size.map(|size| format!("nhsuk-heading-{}", size.letter()));
        let heading = html! {
            span role="text" {
                span class="nhsuk-u-visually-hidden" { (self.urgency.hidden()) ": " } (self.heading.text)
            }
        };
        html! {
            div class={ "nhsuk-card nhsuk-card--care nhsuk-card--care--" (self.urgency.name()) } {
                div class="nhsuk-card__heading-container" {
                    (element(
                        self.heading.level,
                        &heading,
                        &classes("nhsuk-card__heading", [size.as_deref()]),
                        self.heading.id.as_deref(),
                    ))
                    span class="nhsuk-card--care__arrow" aria-hidden="true" {}
                }
                div class="nhsuk-card__content" { (self.inside) }
            }
        }
    }
}
