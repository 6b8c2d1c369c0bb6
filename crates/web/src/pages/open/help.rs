//! Ways to get help that do not need this site: phone, text relay, sign language, a person. Help is a page, not an overlay.

use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome};
use maud::{Markup, html};

/// The page.
pub fn help(state: &State) -> Outcome {
    Ok(Answer::Page(Box::new(help_page(state.settings.help_phone.as_deref()))))
}

/// Prints the page.
pub fn help_page(phone: Option<&str>) -> Document {
    let body = html! {
        h1 { "Help" }
        section {
            h2 class="nhsuk-heading-m" { "If you are unwell now" }
            p {
                "For life-threatening emergencies call " a href="tel:999" { "999" }
                ". For urgent medical advice call " a href="tel:111" { "111" } "."
            }
        }
        section {
            h2 class="nhsuk-heading-m" { "Talk to a person by phone" }
            (by_phone(phone))
        }
        section {
            h2 class="nhsuk-heading-m" { "Text relay" }
            p {
                "If you cannot hear or speak on the phone, dial " strong class="bevan-nowrap" { "18001" }
                " before any of these numbers with the Relay UK app or a textphone."
            }
        }
        section {
            h2 class="nhsuk-heading-m" { "British Sign Language" }
            p {
                "You can ask for a British Sign Language (BSL) interpreter at any appointment. "
                "For 999, a BSL video service works through the 999 BSL app."
            }
        }
        section {
            h2 class="nhsuk-heading-m" { "Talk to a person face to face" }
            p {
                "The reception of your GP surgery or hospital can do with you, or for you, everything that this site does. "
                "You do not need to use it."
            }
        }
    };
    Document::new("Help", body)
}

fn by_phone(phone: Option<&str>) -> Markup {
    html! {
        @match phone {
            Some(phone) => {
                p {
                    "Call the help line: "
                    a class="bevan-nowrap" href={ "tel:" (phone.replace(' ', "")) } { (phone) }
                    ". If a page gave you a reference, have it ready."
                }
            },
            None => { p { "This site has no help line of its own yet. Call your GP surgery or your hospital’s switchboard." } },
        }
    }
}
