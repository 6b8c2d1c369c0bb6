//! Ways to get help that do not need this site: phone, text relay, sign language, a person. Help is a page, not an overlay.

use crate::layout::{Document, phone_link};
use crate::state::State;
use crate::visit::{Answer, Outcome};
use crate::words::{say, weave};
use maud::{Markup, html};

/// The page.
pub fn help(state: &State) -> Outcome {
    Answer::page(help_page(state.settings.help_phone.as_deref()))
}

/// Prints the page.
pub fn help_page(phone: Option<&str>) -> Document {
    let numbers = [("emergency", phone_link("999")), ("urgent", phone_link("111"))];
    let phone = match phone {
        Some(phone) => weave("help-phone-line", &[("phone", phone_link(phone))]),
        None => html! { (say("help-phone-none")) },
    };
    let prefix = html! { strong class="bevan-nowrap" { "18001" } };
    let body = html! {
        h1 { (say("help-heading")) }
        (part(say("help-unwell"), html! {
            p { (weave("help-unwell-how", &numbers)) }
            p { a href="/urgent" { (say("help-unwell-more")) } }
        }))
        (part(say("help-phone"), html! { p { (phone) } }))
        (part(say("help-relay"), html! { p { (weave("help-relay-how", &[("prefix", prefix)])) } }))
        (part(say("help-bsl"), html! { p { (say("help-bsl-how")) } }))
        (part(say("help-person"), html! { p { (say("help-person-how")) } }))
    };
    Document::new(say("help-heading"), body)
}

fn part(heading: &str, inside: Markup) -> Markup {
    html! { section { h2 class="nhsuk-heading-m" { (heading) } (inside) } }
}
