//! The first thing on every page for keyboards: past the header to the content.

use maud::{Markup, html};

/// Prints the link.
pub fn skip_link(text: &str, href: &str) -> Markup {
    html! { a class="nhsuk-skip-link" data-module="nhsuk-skip-link" href=(href) { (text) } }
}
